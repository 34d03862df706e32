import { GetParametersCommand, type Parameter, type SSMClient } from "@aws-sdk/client-ssm";
import { chunk } from "es-toolkit";
import { channelSettings, type Environment, routingOf, sourcesOf } from "../../environments/environment.ts";
import { destinationsOf } from "../../functions/lead/routing.ts";
import { slackRefusals } from "../../functions/notify/channels/slack/classify.ts";
import { bodyStart } from "../../functions/runtime/body-start.ts";
import type { SourceDeclaration } from "../../functions/sources/declaration.ts";
import { sourceFormats } from "../../functions/sources/index.ts";
import { parameterName } from "../../stacks/stages/parameters.ts";

/** A secret of an environment. */
export interface Secret {
  /** Name of the SSM parameter. */
  readonly parameter: string;
  /** Form of its values, where it is known. The words follow "must be". */
  readonly shape?: { readonly pattern: RegExp; readonly words: string };
  /** It is the URL of one of Slack's webhooks. */
  readonly isSlack?: boolean;
}

const slackUrl = {
  pattern: /^https:\/\/hooks\.slack(-gov)?\.com\/services\/[\w/-]+$/,
  words: "a URL that begins with https://hooks.slack.com/services/",
};
const httpsUrl = { pattern: /^https:\/\/[^\s/@]+\/\S+$/, words: "a URL that begins with https://" };
const signingSecret = { pattern: /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, words: "whsec_ and 24 to 64 bytes in base64" };

/** Every secret that a stack reads, by the settings of its environment. */
export function secretsOf(name: string, environment: Environment): readonly Secret[] {
  const sources = Object.entries(sourcesOf(environment)).flatMap(([source, { format }]) => {
    const { secrets, fetch }: SourceDeclaration = sourceFormats[format];
    return [...secrets, ...(fetch?.secrets ?? [])].map((secret) => ({
      parameter: parameterName(name, "sources", source, secret),
      ...(format === "standard-webhooks" && { shape: signingSecret }),
    }));
  });
  const webhooks = Object.keys(channelSettings(environment)).flatMap((channel) =>
    destinationsOf(routingOf(environment)).map((destination) => ({
      parameter: parameterName(name, channel, destination, "webhook-url"),
      shape: channel === "slack" ? slackUrl : httpsUrl,
      isSlack: channel === "slack",
    })),
  );
  const pager = { parameter: parameterName(name, "pagerduty", "integration-url"), shape: httpsUrl };
  return [...sources, ...webhooks, ...(environment.pagerDuty ? [pager] : [])];
}

/** Values of secrets by their parameters; those without one are not in it. They must not be shown. */
export type SecretValues = ReadonlyMap<string, Parameter>;

/** Reads the secrets, ten with a call, which is the maximum of SSM. */
export async function readSecrets(ssm: SSMClient, secrets: readonly Secret[]): Promise<SecretValues> {
  const names = chunk(secrets, 10).map((some) => some.map(({ parameter }) => parameter));
  const answers = await Promise.all(
    names.map((Names) => ssm.send(new GetParametersCommand({ Names, WithDecryption: true }))),
  );
  return new Map(answers.flatMap(({ Parameters = [] }) => Parameters.map((one) => [one.Name ?? "", one])));
}

/** What is wrong with secrets, a sentence each, without their values. */
export const secretProblems = (secrets: readonly Secret[], values: SecretValues, region: string): readonly string[] =>
  secrets.flatMap(({ parameter, shape }) => {
    const put = `aws ssm put-parameter --overwrite --type SecureString --region ${region} --name ${parameter} --value file:///dev/stdin`;
    const { Value: value = "", Type: type } = values.get(parameter) ?? {};
    if (value.trim() === "") return [`The secret ${parameter} does not exist: run ${put}.`];
    if (type !== "SecureString") return [`${parameter} is a ${type}, which is not encrypted: run ${put}.`];
    const looksWrong =
      shape &&
      !value
        .trim()
        .split(/\s+/)
        .every((one) => shape.pattern.test(one));
    return looksWrong ? [`The secret ${parameter} looks wrong, it must be ${shape.words}: run ${put}.`] : [];
  });

/** What Slack answers to a message without content, which nobody sees, if the webhook works. */
const working = ["no_text", "invalid_payload"];

/**
 * Asks a Slack webhook whether it works.
 * @param url the webhook's, which is a secret: no message has it
 * @returns a sentence about the problem; undefined if the webhook works
 */
export async function slackProblem(parameter: string, url: string, post: typeof fetch): Promise<string | undefined> {
  const response = await post(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await bodyStart(response.body ?? [], 4096)).toString("utf8").trim();
  if (working.includes(body)) return undefined;
  if (response.status === 429) return `Slack limits the webhook of ${parameter} just now: run this again in a minute.`;
  const reason = Object.hasOwn(slackRefusals, body) ? body : `HTTP ${response.status}`;
  return `Slack does not take messages for the webhook of ${parameter} (${reason}): create a new webhook and put its URL there.`;
}
