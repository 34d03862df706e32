import { hash } from "node:crypto";
import { type Stack, UnsupportedStackError } from "local-aws";
import { Output } from "../flow.ts";
import { Variable } from "../functions/runtime/names.ts";
import type { ConfiguredSource, FetchedSource } from "../functions/sources/index.ts";
import type { SimulatedSource } from "./crm.ts";
import { senders } from "./senders/index.ts";

/** Made-up secrets of a run. */
export interface Secrets {
  /** By the source's name. */
  readonly sources: ReadonlyMap<string, SimulatedSource>;
  /** All values, by SSM parameter name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** URLs that are secrets, because whoever knows one may post there. */
export interface SecretUrls {
  readonly slackWebhookUrl: (channel: string) => string;
  readonly pagerUrl: string;
}

/** Gives every parameter that the stack's outputs name, and every one that the stack reads, a made-up value. */
export function madeUpSecrets(stack: Stack, seed: number, { slackWebhookUrl, pagerUrl }: SecretUrls): Secrets {
  const settings = sourcesIn<ConfiguredSource>(stack, Variable.sources);
  const fetched = sourcesIn<FetchedSource>(stack, Variable.fetchedSources);
  const others = [
    ...Object.values(settings).map(({ otherSecretParameters = {} }) => otherSecretParameters),
    ...Object.values(fetched).map(({ secretParameters }) => secretParameters),
  ].flatMap((parameters) => Object.values(parameters));
  const named = Object.entries(mapOutput(stack, Output.sourceSecretParameters)).map(([source, parameter]) => {
    const format = settings[source]?.format;
    if (format === undefined)
      throw new UnsupportedStackError(
        `output.${Output.sourceSecretParameters}`,
        `no function serves the source ${source}.`,
      );
    const sender = senders[format];
    return { source, parameter, sender, secret: sender.makeSecret(`${seed} ${source}`) };
  });
  const channels = Object.entries(mapOutput(stack, Output.slackWebhookParameters));
  return {
    sources: new Map(named.map(({ source, sender, secret }) => [source, { sender, secret }])),
    parameters: Object.fromEntries([
      ...stack.parametersRead.map((parameter) => [parameter, pagerUrl]),
      ...channels.map(([channel, parameter]) => [parameter, slackWebhookUrl(channel)]),
      ...named.map(({ parameter, secret }) => [parameter, secret]),
      ...others.map((parameter) => [parameter, hash("sha256", `${seed} ${parameter}`)]),
    ]),
  };
}

function mapOutput(stack: Stack, name: string): Readonly<Record<string, string>> {
  const value = stack.output(name);
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
