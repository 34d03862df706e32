import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SESv2Client } from "@aws-sdk/client-sesv2";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { SSMClient } from "@aws-sdk/client-ssm";
import {
  flag,
  type Kind,
  type OptionSpecs,
  oneOf,
  operand,
  optional,
  required,
  text,
  type Values,
} from "../../command-line/options.ts";
import { type Command, UsageError } from "../../command-line/program.ts";
import type { Environment } from "../../environments/environment.ts";
import { deployedNames, type EnvironmentName, environments } from "../../environments/index.ts";
import { queueNames } from "../../flow.ts";
import type { Synthesized } from "../../local/synthesis.ts";
import { OpsError } from "../errors.ts";
import { type Pipeline, pipelineOf, readPipeline } from "../outputs.ts";

/** Clients of AWS, of the given Region, or of the AWS configuration's without one. */
export interface Clients {
  sqs(region: string | undefined): SQSClient;
  s3(region: string | undefined): S3Client;
  ses(region: string): SESv2Client;
  ssm(region: string | undefined): SSMClient;
  dynamo(region: string | undefined): DynamoDBClient;
}

/** What a command has to work with. */
export interface OpsPorts extends Clients {
  /** The run that is under way on this machine: its stack's outputs, and clients that talk to it. */
  currentRun(): { readonly outputs: Readonly<Record<string, unknown>>; readonly clients: Clients };
  /** Sends an HTTP request. */
  fetch(url: string, request: RequestInit): Promise<Response>;
  wait(milliseconds: number): Promise<unknown>;
  print(line: string): void;
  /** Prints beside the result, so that a result in JSON stays JSON. */
  warn(line: string): void;
  /** What is piped into the command. */
  standardInput(): Promise<Uint8Array>;
  now(): Date;
  /** Synthesizes the stack of an environment of `environments/`. */
  synthesize(env: string): Promise<Synthesized>;
  /** A signal that Ctrl-C aborts from now on, in place of ending the process. A second Ctrl-C ends it. */
  interruption(): AbortSignal;
}

/** An operator's command. `run` throws OpsError and the errors of the AWS SDK. */
export const opsCommand = <Options extends OptionSpecs>(command: Command<Options, OpsPorts>) => command;

/** An environment of `environments/`, with its name. */
export interface NamedEnvironment {
  readonly name: EnvironmentName;
  readonly settings: Environment;
}

/** A kind whose values are made from those of another one. */
const converted = <Given, Value>(kind: Kind<Given>, convert: (given: Given) => Value): Kind<Value> => ({
  ...kind,
  read(text) {
    const given = kind.read(text);
    return given === undefined ? undefined : convert(given);
  },
});

/** The file is read when the whole command line is known to be right. */
const outputsFile = converted(text("file", "the path of a file"), (path) => () => readPipeline(path));
/** The name of an environment that is deployed. */
export const environment = converted(
  oneOf(deployedNames),
  (name): NamedEnvironment => ({
    name,
    settings: environments[name],
  }),
);

/** A day or a time with its zone. */
export const time: Kind<Date> = {
  placeholder: "time",
  allowed: "a date or a time with its zone, as ISO 8601 writes it",
  read(text) {
    const date = new Date(/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? text : Number.NaN);
    return Number.isNaN(date.getTime()) ? undefined : date;
  },
};

/** Reads the pipeline of an environment. @throws OpsError Outputs if the outputs are those of another one */
export function pipelineIn(outputs: () => Pipeline, { name }: NamedEnvironment): Pipeline {
  const pipeline = outputs();
  if (pipeline.bucket.startsWith(`leadwire-${name}-`)) return pipeline;
  throw new OpsError("Outputs", `The pipeline has the bucket ${pipeline.bucket}, which is not one of ${name}.`);
}

/** The error of a command that needs the consumer `lead-index` where there is none. */
export const noLeadIndex = ({ name }: NamedEnvironment) =>
  new OpsError(
    "NoLeadIndex",
    `${name} has no consumer lead-index. Add it to consumers in environments/${name}.ts and deploy.`,
  );

/** Says which pipeline is meant. */
const place = {
  outputs: optional(
    "File with the stack's outputs, written by cdktf output leadwire-ENV --outputs-file FILE.",
    outputsFile,
    "outputs.json",
  ),
  local: flag("Works on the run that npm start began on this machine, in place of --outputs."),
};

interface PipelineCommand<Options extends OptionSpecs> extends Omit<Command<Options, OpsPorts>, "run"> {
  run(values: Values<Options> & { readonly outputs: () => Pipeline }, ports: OpsPorts): Promise<number>;
}

/** A command that works on a pipeline: a deployed one, or with `--local` the one that runs on this machine. */
export function pipelineCommand<Options extends OptionSpecs>({ run, options, ...command }: PipelineCommand<Options>) {
  const on = (outputs: () => Pipeline, values: unknown, ports: OpsPorts) =>
    run({ ...(values as Values<Options>), outputs }, ports);
  return opsCommand<Options & typeof place>({
    ...command,
    options: { ...options, ...place },
    async run(values, ports) {
      const { outputs, local } = values as Values<typeof place>;
      if (local && outputs) throw new UsageError("error: --local excludes --outputs: leave one out.");
      if (outputs) return on(outputs, values, ports);
      if (!local) throw new UsageError("error: required option '--outputs <file>' not specified, or --local.");
      const { outputs: found, clients } = ports.currentRun();
      const pipeline = pipelineOf((name) => found[name], "The run", Object.keys(found));
      return on(() => pipeline, values, { ...ports, ...clients });
    },
  });
}

/** The environment of a pipeline. */
export const pipelineEnv = operand("The environment.", environment, "prod");
/** Options that several commands have. */
export const queue = required(
  "Queue whose dead letters are meant; events are those that EventBridge could not deliver to any queue.",
  text("name", `${queueNames.join(", ")}, the queue of a consumer, or events`, /^[a-z][a-z0-9-]*$/),
  "leads",
);
export const env = required("The environment whose email is meant, deployed or not.", environment, "prod");
export const json = flag("Prints JSON instead of text.");
