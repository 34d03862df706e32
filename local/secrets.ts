import { mapKeys } from "es-toolkit/object";
import { type Stack, UnsupportedStackError } from "local-aws";
import { Output, webhookOutput } from "../flow.ts";
import { smokeSource } from "../functions/lead/lead-id.ts";
import { channelNames, isWebhookChannel, type WebhookChannelName } from "../functions/notify/channels/index.ts";
import { Variable } from "../functions/runtime/names.ts";
import type { SourceFormat } from "../functions/sources/index.ts";
import { type FilledSettings, settingsParameter } from "../functions/sources/settings.ts";
import type { SendingSource } from "./crm.ts";
import { makeSecrets, senders } from "./senders/index.ts";

/** A source as the stack has it. */
export interface StackSource extends SendingSource {
  readonly format: SourceFormat;
  readonly settings: FilledSettings;
  /** Name of the SSM parameter with its settings. */
  readonly settingsParameter: string;
}

export interface Secrets {
  /** Those that send leads, by name: all but that of smoke tests. */
  readonly sources: ReadonlyMap<string, StackSource>;
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
    sources: new Map(sources.filter(({ name }) => name !== smokeSource).map(({ name, source }) => [name, source])),
    parameters: Object.fromEntries([
      ...stack.parametersRead.map((parameter) => [parameter, pagerUrl]),
      ...webhooks,
      ...sources.flatMap(({ parameters }) => Object.entries(parameters)),
    ]),
  };
}

/** The sources that functions serve, and a value for each parameter of theirs. */
function sourcesIn(stack: Stack, seed: number) {
  const { formats, prefix } = servedSources(stack);
  return Object.entries(mapOutput<readonly string[]>(stack, Output.sourceSecretParameters)).map(
    ([name, secretNames]) => {
      const format = formats[name];
      const start = `${prefix}/${name}/`;
      const settingsName = `${start}${settingsParameter}`;
      const stored = stack.of("aws_ssm_parameter").find(({ values }) => values.name === settingsName);
      if (!format || !stored) {
        const output = `output.${Output.sourceSecretParameters}`;
        throw new UnsupportedStackError(output, `no function serves the source ${name}.`);
      }
      const settings = JSON.parse(String(stored.values.insecure_value)) as FilledSettings;
      const names = secretNames.map((parameter) => parameter.slice(start.length));
      const secrets = makeSecrets(format, names, `${seed} ${name}`);
      const parameters = mapKeys(secrets, (_value, secret) => `${start}${secret}`);
      const source = { format, sender: senders[format], secrets, settings, settingsParameter: settingsName };
      return { name, source, parameters };
    },
  );
}

/** The map that an output holds. @param absent what stands for an output that the stack does not have */
function mapOutput<Value = string>(stack: Stack, name: string, absent?: object): Readonly<Record<string, Value>> {
  const value = stack.output(name) ?? absent;
  if (typeof value === "object" && value !== null) return value as Record<string, Value>;
  throw new UnsupportedStackError(`output.${name}`, "it must be a map.");
}

/** What the functions know of the sources: the format of each, and the start of their parameters' names. */
function servedSources(stack: Stack) {
  const known = stack
    .of("aws_lambda_function")
    .map(({ values }) => (values.environment as { readonly variables: Readonly<Record<string, string>> }).variables)
    .find((variables) => Variable.sources in variables);
  return {
    formats: JSON.parse(known?.[Variable.sources] ?? "{}") as Readonly<Record<string, SourceFormat>>,
    prefix: known?.[Variable.sourceParameters],
  };
}
