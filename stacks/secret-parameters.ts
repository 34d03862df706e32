import type { Environment } from "../environments/environment.ts";
import type { SourceSettings } from "../functions/shared/names.ts";

/** Names of the SSM parameters that hold an environment's secrets, whose values the functions read themselves. */
export interface SecretParameters {
  /** What ingest has to know of each source, the name of its signing secret included. */
  readonly sources: Readonly<Record<string, SourceSettings>>;
  readonly slackWebhook: string;
  /** The one secret that Terraform reads too: a subscription is made of it. */
  readonly pagerDutyUrl: string;
}

export function secretParameters(environmentName: string, { sources }: Environment): SecretParameters {
  const at = `/leadwire/${environmentName}`;
  return {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, { format }]) => [
        name,
        { format, secretParameter: `${at}/sources/${name}/signing-secret` },
      ]),
    ),
    slackWebhook: `${at}/slack/webhook-url`,
    pagerDutyUrl: `${at}/pagerduty/integration-url`,
  };
}

export const parameterArn = ({ region, accountId }: Environment, name: string) =>
  `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
