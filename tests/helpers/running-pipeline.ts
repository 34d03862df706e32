import { LeadAudit } from "../../local/lead-audit.ts";
import { type Platform, type PlatformOptions, startPlatform } from "../../local/platform.ts";

/** A running pipeline and what became of its leads. */
export interface AuditedPipeline extends Platform {
  readonly leadAudit: LeadAudit;
}

/** Starts a pipeline that lasts until its `stop` is called. */
export async function startAudited(options: PlatformOptions): Promise<AuditedPipeline> {
  const platform = await startPlatform(options);
  return Object.assign(platform, { leadAudit: new LeadAudit(platform) });
}

/** Runs a pipeline for as long as `use` takes; nothing of it is left afterwards. */
export async function withPipeline(
  options: PlatformOptions,
  use: (platform: Platform, leadAudit: LeadAudit) => Promise<void>,
): Promise<void> {
  const pipeline = await startAudited(options);
  try {
    await use(pipeline, pipeline.leadAudit);
  } finally {
    await pipeline.stop();
  }
}

/** Milliseconds without progress after which a test gives up. */
export const testPatience = 90_000;
