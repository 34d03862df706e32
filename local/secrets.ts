import { createHash } from "node:crypto";
import { UnsupportedStackError } from "../packages/local-aws/src/errors.ts";
import type { Stack } from "../packages/local-aws/src/stack/stack-file.ts";

/** Made-up secrets of a run. */
export interface Secrets {
  /** Signing secret by source. */
  readonly signing: ReadonlyMap<string, string>;
  /** All values, by SSM parameter name. */
  readonly parameters: ReadonlyMap<string, string>;
}

const signingSecret = (seed: number, source: string) =>
  `whsec_${createHash("sha256").update(`${seed} ${source}`).digest("base64")}`;

/** Gives every parameter that the stack's outputs name a made-up value. */
export function makeSecrets(stack: Stack, seed: number, slackWebhookUrl: (channel: string) => string): Secrets {
  const sources = stack.output("source_secret_parameters");
  const slack = stack.output("slack_webhook_parameters");
  if (typeof sources !== "object" || sources === null || typeof slack !== "object" || slack === null) {
    throw new UnsupportedStackError("output", "source_secret_parameters and slack_webhook_parameters must be maps.");
  }
  const named = Object.entries(sources).map(([source, parameter]) => ({
    source,
    parameter: String(parameter),
    secret: signingSecret(seed, source),
  }));
  return {
    signing: new Map(named.map(({ source, secret }) => [source, secret])),
    parameters: new Map([
      ...Object.entries(slack).map(([channel, parameter]) => [String(parameter), slackWebhookUrl(channel)] as const),
      ...named.map(({ parameter, secret }) => [parameter, secret] as const),
    ]),
  };
}
