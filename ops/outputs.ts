import { readFileSync } from "node:fs";
import { OpsError } from "./errors.ts";

/** A queue and the one that takes what it gave up; events that never reached a queue have only the latter. */
export interface QueuePair {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** What the commands have to know of a deployed pipeline. */
export interface Pipeline {
  readonly bucket: string;
  readonly leads: QueuePair;
  readonly notifications: QueuePair;
  readonly events: Pick<QueuePair, "deadLetterQueueUrl">;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/**
 * Reads a stack's outputs, as one of the tools writes them: `cdktf output --outputs-file FILE` (`{"leadwire-prod": {…}}`)
 * or `terraform output -json` (`{"endpoint": {"value": …}}`).
 * @throws OpsError Outputs naming what is missing
 */
export function readPipeline(file: string): Pipeline {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not JSON" : "it cannot be read";
    throw new OpsError(
      "Outputs",
      `--outputs ${file}: ${reason}. Write it with cdktf output ENV --outputs-file ${file}.`,
    );
  }
  return pipelineOf(outputsIn(parsed, file), file);
}

function outputsIn(parsed: unknown, file: string): Json {
  if (!isObject(parsed)) return {};
  const stacks = Object.keys(parsed).filter((name) => name.startsWith("leadwire-") && name !== "leadwire-state");
  if (stacks.length > 1) {
    throw new OpsError(
      "Outputs",
      `--outputs ${file}: it holds ${stacks.join(" and ")}; write one environment's outputs.`,
    );
  }
  const [stack] = stacks;
  const outputs = stack === undefined ? parsed : parsed[stack];
  if (!isObject(outputs)) return {};
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => [
      name,
      isObject(output) && "value" in output ? output.value : output,
    ]),
  );
}

/** @param origin where the outputs come from, for the error */
export function pipelineOf(outputs: Json, origin: string): Pipeline {
  const output = (name: string): string => {
    const value = outputs[name];
    if (typeof value === "string" && value !== "") return value;
    throw new OpsError("Outputs", `${origin} has no output ${name}. Write it anew after the stack's last deployment.`);
  };
  return {
    bucket: output("leads_bucket"),
    leads: { queueUrl: output("leads_queue_url"), deadLetterQueueUrl: output("leads_dlq_url") },
    notifications: { queueUrl: output("notifications_queue_url"), deadLetterQueueUrl: output("notifications_dlq_url") },
    events: { deadLetterQueueUrl: output("events_dlq_url") },
  };
}
