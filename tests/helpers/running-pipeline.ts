import { LeadAudit } from "../../local/lead-audit.ts";
import { type Platform, type PlatformOptions, startPlatform } from "../../local/platform.ts";

/** Runs a pipeline for as long as `use` takes; nothing of it is left afterwards. */
export async function withPipeline(
  options: PlatformOptions,
  use: (platform: Platform, leadAudit: LeadAudit) => Promise<void>,
): Promise<void> {
  const platform = await startPlatform(options);
  try {
    await use(platform, new LeadAudit(platform));
  } finally {
    await platform.stop();
  }
}

/** Milliseconds without progress after which a test gives up. */
export const testPatience = 90_000;
