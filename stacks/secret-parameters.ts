import type { Environment } from "../environments/environment.ts";
import { destinationsOf } from "../functions/lead/routing.ts";
import { type ConfiguredSource, sourceFormats } from "../functions/sources/index.ts";

/** Names of the SSM parameters that hold an environment's secrets, whose values the functions read themselves. */
export interface SecretParameters {
  /** What ingest has to know of each source, the name of its signing secret included. */
  readonly sources: Readonly<Record<string, ConfiguredSource>>;
  /** Channel to the name of its webhook's URL. */
  readonly slackWebhooks: Readonly<Record<string, string>>;
  /** The one secret that Terraform reads too: a subscription is made of it. */
  readonly pagerDutyUrl: string;
}

export function secretParameters(environmentName: string, { sources, slack }: Environment): SecretParameters {
  const at = `/leadwire/${environmentName}`;
  return {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, settings]) => [
        name,
        { ...settings, secretParameter: `${at}/sources/${name}/${sourceFormats[settings.format].secrets[0]}` },
      ]),
    ),
    slackWebhooks: Object.fromEntries(
      destinationsOf(slack).map((channel) => [channel, `${at}/slack/${channel}/webhook-url`]),
    ),
    pagerDutyUrl: `${at}/pagerduty/integration-url`,
  };
}

export const parameterArn = ({ region, accountId }: Environment, name: string) =>
  `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
