import { hash } from "node:crypto";
import { type Stack, UnsupportedStackError } from "local-aws";
import { Output, webhookOutput } from "../flow.ts";
import { channelNames, isWebhookChannel, type WebhookChannelName } from "../functions/notify/channels/index.ts";
import { Variable } from "../functions/runtime/names.ts";
import type { ConfiguredSource, FetchedSource } from "../functions/sources/index.ts";
import type { SimulatedSource } from "./crm.ts";
import { senders } from "./senders/index.ts";

export interface Secrets {
  /** By the source's name. */
  readonly sources: ReadonlyMap<string, SimulatedSource>;
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
  const settings = sourcesIn<ConfiguredSource>(stack, Variable.sources);
  const fetched = sourcesIn<FetchedSource>(stack, Variable.fetchedSources);
  const others = [
    ...Object.values(settings).map(({ otherSecretParameters = {} }) => otherSecretParameters),
    ...Object.values(fetched).map(({ secretParameters }) => secretParameters),
  ].flatMap((parameters) => Object.values(parameters));
  const named = Object.entries(mapOutput(stack, Output.sourceSecretParameters)).map(([source, parameter]) => {
    const configured = settings[source];
    if (configured === undefined)
      throw new UnsupportedStackError(
        `output.${Output.sourceSecretParameters}`,
        `no function serves the source ${source}.`,
      );
    const sender = senders[configured.format];
    const secret = sender.makeSecret(`${seed} ${source}`);
    return { source, parameter, secret, simulated: { sender, secret, settings: configured } };
  });
  const webhooks = channelNames.filter(isWebhookChannel).flatMap((channel) => {
    const parameters = mapOutput(stack, webhookOutput(channel), {});
    return Object.entries(parameters).map(([destination, parameter]) => [parameter, webhookUrl(channel, destination)]);
  });
  return {
    sources: new Map(named.map(({ source, simulated }) => [source, simulated])),
    parameters: Object.fromEntries([
      ...stack.parametersRead.map((parameter) => [parameter, pagerUrl]),
      ...webhooks,
      ...named.map(({ parameter, secret }) => [parameter, secret]),
      ...others.map((parameter) => [parameter, hash("sha256", `${seed} ${parameter}`)]),
    ]),
  };
}

/** The map that an output holds. @param absent what stands for an output that the stack does not have */
function mapOutput(stack: Stack, name: string, absent?: object): Readonly<Record<string, string>> {
  const value = stack.output(name) ?? absent;
  if (typeof value === "object" && value !== null) return value as Record<string, string>;
  throw new UnsupportedStackError(`output.${name}`, "it must be a map.");
}

/** The sources in a variable of a function, by name. */
function sourcesIn<Source>(stack: Stack, variable: string): Readonly<Record<string, Source>> {
  const sources = stack.of("aws_lambda_function").flatMap(({ values }) => {
    const { variables } = values.environment as { readonly variables: Readonly<Record<string, unknown>> };
    const text = variables[variable];
    return typeof text === "string" ? [JSON.parse(text) as Readonly<Record<string, Source>>] : [];
  });
  return Object.assign({}, ...sources);
}
