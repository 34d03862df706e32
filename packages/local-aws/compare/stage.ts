import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeSecrets } from "../../../local/secrets.ts";
import { Crm } from "../../../local/senders/standard-webhooks.ts";
import { Slack } from "../../../local/slack/slack.ts";
import { Gateway } from "../src/aws/gateway.ts";
import { provision } from "../src/aws/provision.ts";
import { UnsupportedStackError } from "../src/errors.ts";
import { functionCaller } from "../src/lambda/function-caller.ts";
import { functionSettings } from "../src/lambda/function-settings.ts";
import { LambdaFunction } from "../src/lambda/lambda-function.ts";
import { readStack } from "../src/stack/stack-file.ts";
import type { Stage } from "./hands.ts";
import type { Services } from "./services.ts";

const unheard = "http://127.0.0.1:9";

/** Builds a stack's storage and functions on the given services, for as long as `use` takes. */
export async function withStage<T>(
  stackDir: string,
  services: Services,
  use: (stage: Stage) => Promise<T>,
): Promise<T> {
  const gateway = new Gateway({ authorize: () => undefined });
  const slack = new Slack("up");
  await Promise.all([gateway.start(), slack.start()]);
  const stack = readStack(stackDir, { gatewayUrl: gateway.url, apiUrl: unheard, parameterValue: unheard });
  const secrets = makeSecrets(stack, 1, (channel) => slack.webhookUrl(channel));
  const crm = new Crm({ endpoint: unheard, secrets: secrets.signing, seed: 1 });
  const workFolder = mkdtempSync(join(tmpdir(), "leadwire-compare-"));
  const resources = stack.of("aws_lambda_function");
  const functions = resources.map((resource) => {
    const settings = functionSettings(resource, stack, workFolder);
    gateway.admit(settings.accessKeyId, functionCaller(resource));
    return new LambdaFunction(settings, { openStream: () => () => {} });
  });
  const named = (ending: string) => {
    const found = functions.find(({ settings }) => settings.name.endsWith(`-${ending}`));
    if (!found) throw new UnsupportedStackError("aws_lambda_function", `there is no ${ending}.`);
    return found;
  };
  try {
    await services.start(stack, gateway, secrets.parameters);
    await provision(stack, gateway);
    const all = { ingest: named("ingest"), enrich: named("enrich"), notify: named("notify") };
    return await use({ stack, gateway, functions: all, crm, slack });
  } finally {
    for (const part of functions) await part.stop();
    await crm.stop();
    await gateway.stop();
    await slack.stop();
    await services.stop();
    rmSync(workFolder, { recursive: true, force: true });
  }
}
