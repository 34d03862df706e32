import { readFileSync } from "node:fs";
import { isPlainObject, mapValues } from "es-toolkit";
import { Output, type QueueName, queueNames, queueOfOutput, queueOutputs } from "../flow.ts";
import { OpsError } from "./errors.ts";

interface QueueUrls {
  readonly url: string;
  readonly deadLettersUrl: string;
}

/** What the commands need to know of a deployed pipeline. */
export interface Pipeline {
  /** Where sources post to, without a slash at the end. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly ledgerTable: string;
  /** Undefined where there is no consumer `lead-index`. */
  readonly leadIndexTable: string | undefined;
  /** Names of the SSM parameters with the secrets of each source. */
  readonly sourceSecrets: Readonly<Record<string, readonly string[] | undefined>>;
  /** URLs of each work queue and of its dead letter queue, those of consumers included. */
  readonly queues: Readonly<Record<QueueName, QueueUrls> & Record<string, QueueUrls | undefined>>;
  /** URL of the queue for events that EventBridge could not deliver. */
  readonly undeliveredEventsUrl: string;
  /** From the queues' URLs; undefined when they name no Region, which is then the AWS configuration's. */
  readonly region: string | undefined;
}

type Json = Readonly<Record<PropertyKey, unknown>>;

/**
 * Reads a stack's outputs as either tool writes them: `cdktf output --outputs-file FILE` (`{"leadwire-prod": {…}}`) or
 * `terraform output -json` (`{"endpoint": {"value": …}}`).
 * @throws OpsError Outputs when the file cannot be read, holds two environments or lacks an output
 */
export function readPipeline(file: string): Pipeline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not JSON" : "it cannot be read";
    const remedy = `Write it with cdktf output leadwire-ENV --outputs-file ${file}.`;
    throw new OpsError("Outputs", `--outputs ${file}: ${reason}. ${remedy}`);
  }
  const outputs = outputsIn(parsed, file);
  return pipelineOf((name) => outputs[name], file, Object.keys(outputs));
}

function outputsIn(parsed: unknown, file: string): Json {
  if (!isPlainObject(parsed)) return {};
  const stacks = Object.keys(parsed).filter((name) => name.startsWith("leadwire-") && name !== "leadwire-state");
  if (stacks.length > 1) {
    const problem = `it holds ${stacks.join(" and ")}; write the outputs of one environment.`;
    throw new OpsError("Outputs", `--outputs ${file}: ${problem}`);
  }
  const [stack] = stacks;
  const outputs = stack === undefined ? parsed : parsed[stack];
  if (!isPlainObject(outputs)) return {};
  return mapValues(outputs, (output) => (isPlainObject(output) && "value" in output ? output.value : output));
}

/**
 * Finds the pipeline in a stack's outputs.
 * @param read gives the value of an output
 * @param origin where the outputs come from, for the error
 * @param names of the outputs that there are; those of the stages' queues must be
 * @throws OpsError Outputs naming the first output that is missing
 */
export function pipelineOf(read: (output: string) => unknown, origin: string, names: readonly string[] = []): Pipeline {
  const output = (name: string): string => {
    const value = read(name);
    if (typeof value === "string" && value !== "") return value;
    throw new OpsError("Outputs", `${origin} has no output ${name}. Deploy the stack and write the file again.`);
  };
  const foundQueues = names.flatMap((name) => queueOfOutput(name) ?? []);
  const queues = [...queueNames, ...foundQueues].map((queue) => [queue, mapValues(queueOutputs(queue), output)]);
  const undeliveredEventsUrl = output(Output.undeliveredEventsUrl);
  const sourceSecrets = read(Output.sourceSecretParameters);
  return {
    endpoint: output(Output.endpoint).replace(/\/$/, ""),
    ledgerTable: output(Output.ledgerTable),
    leadIndexTable: names.includes(Output.leadIndexTable) ? output(Output.leadIndexTable) : undefined,
    sourceSecrets: isPlainObject(sourceSecrets) ? sourceSecrets : {},
    bucket: output(Output.leadsBucket),
    queues: Object.fromEntries(queues),
    undeliveredEventsUrl,
    region: /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(undeliveredEventsUrl)?.[1],
  };
}
