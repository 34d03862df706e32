import { join } from "node:path";
import { App } from "cdktf";
import { Stack } from "../../stacks/stack.ts";
import { withoutDeprecations } from "../../stacks/synthesize.ts";
import { SynthesizedStack } from "./synth.ts";
import { tempFolder } from "./temp-folder.ts";

/** Synthesizes a stack of the account 123456789012 in eu-central-1 that holds what a test creates in it. */
export function moduleStack(create: (stack: Stack) => void): SynthesizedStack {
  const outdir = tempFolder();
  const app = new App({ outdir, stackTraces: false });
  const account = { accountId: "123456789012", region: "eu-central-1" };
  create(new Stack(app, "test", { account, environmentName: "test" }));
  withoutDeprecations(() => app.synth());
  return new SynthesizedStack(join(outdir, "stacks/test"));
}

/** The statement that denies every action of a service on resources without TLS, as policies have it. */
export const deniedWithoutTls = (service: string, ...resources: string[]) => ({
  Sid: "DenyWithoutTls",
  Effect: "Deny",
  Principal: "*",
  Action: [`${service}:*`],
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
