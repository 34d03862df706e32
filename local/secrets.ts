import { mapKeys } from "es-toolkit/object";
import { type Stack, UnsupportedStackError } from "local-aws";
import { Output, webhookOutput } from "../flow.ts";
import { channelNames, isWebhookChannel, type WebhookChannelName } from "../functions/notify/channels/index.ts";
import { Variable } from "../functions/runtime/names.ts";
import { type ConfiguredSource, type FetchedSource, sourceFormats } from "../functions/sources/index.ts";
import type { SendingSource } from "./crm.ts";
import { makeSecrets, senders } from "./senders/index.ts";

export interface Secrets {
  /** By the source's name. */
  readonly sources: ReadonlyMap<string, SendingSource>;
  /** All values, by SSM parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** URLs that are secrets, because whoever knows one may post there. */
export interface SecretUrls {
  readonly webhookUrl: (channel: WebhookChannelName, destination: string) => string;
  readonly pagerUrl: string;
}

/** Gives every parameter that the stack's outputs name, and every one that the stack reads, a made-up value. */
export function madeUpSecrets(stack: Stack, seed: number, { webhookUrl, pagerUrl }: SecretUrls): Secrets {
  const sources = sourcesIn(stack, seed);
  const webhooks = channelNames.filter(isWebhookChannel).flatMap((channel) => {
    const parameters = mapOutput(stack, webhookOutput(channel), {});
    return Object.entries(parameters).map(([destination, parameter]) => [parameter, webhookUrl(channel, destination)]);
  });
  return {
    sources: new Map(sources.map(({ name, source }) => [name, source])),
    parameters: Object.fromEntries([
      ...stack.parametersRead.map((parameter) => [parameter, pagerUrl]),
      ...webhooks,
      ...sources.flatMap(({ parameters }) => Object.entries(parameters)),
    ]),
  };
}

/** The sources that functions serve, and a value for each parameter of theirs. */
function sourcesIn(stack: Stack, seed: number) {
  const configured = sourcesOf<ConfiguredSource>(stack, Variable.sources);
  const fetched = sourcesOf<FetchedSource>(stack, Variable.fetchedSources);
  return Object.entries(mapOutput(stack, Output.sourceSecretParameters)).map(([name, proof]) => {
    const known = configured[name];
    if (!known) {
      const output = `output.${Output.sourceSecretParameters}`;
      throw new UnsupportedStackError(output, `no function serves the source ${name}.`);
    }
    const { format, secretParameter: _, otherSecretParameters, ...settings } = known;
    const [first] = sourceFormats[format].secrets;
    const names = { [first]: proof, ...otherSecretParameters, ...fetched[name]?.secretParameters };
    const secrets = makeSecrets(format, Object.keys(names), `${seed} ${name}`);
    const parameters = mapKeys(secrets, (_value, secret) => names[secret] ?? secret);
    return { name, source: { sender: senders[format], secrets, settings }, parameters };
  });
}

/** The map that an output holds. @param absent what stands for an output that the stack does not have */
function mapOutput(stack: Stack, name: string, absent?: object): Readonly<Record<string, string>> {
  const value = stack.output(name) ?? absent;
  if (typeof value === "object" && value !== null) return value as Record<string, string>;
  throw new UnsupportedStackError(`output.${name}`, "it must be a map.");
}

/** The sources in a variable of a function, by name. */
function sourcesOf<Source>(stack: Stack, variable: string): Readonly<Record<string, Source>> {
  const sources = stack.of("aws_lambda_function").flatMap(({ values }) => {
    const { variables } = values.environment as { readonly variables: Readonly<Record<string, unknown>> };
    const text = variables[variable];
    return typeof text === "string" ? [JSON.parse(text) as Readonly<Record<string, Source>>] : [];
  });
  return Object.assign({}, ...sources);
}
