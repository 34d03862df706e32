import { UnsupportedStackError } from "../errors.ts";
import { field, numberField, textField } from "../stack/fields.ts";
import type { Resource, Stack } from "../stack/stack-file.ts";

/** An event source mapping from a queue to a function. */
export interface MappingSettings {
  readonly address: string;
  readonly queue: Resource;
  readonly queueArn: string;
  readonly queueUrl: string;
  readonly worker: Resource;
  readonly functionName: string;
  /** Messages, 1 to 10,000. */
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumConcurrency: number;
  readonly reportsFailures: boolean;
}

/** Lambda goes up to this by itself. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const scalingLimit = 1250;

/** Minimum and maximum of each number. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const ranges = {
  batch_size: [1, 10_000],
  maximum_batching_window_in_seconds: [0, 300],
  "scaling_config.maximum_concurrency": [2, 1000],
} as const;

/** @throws UnsupportedStackError when Lambda would refuse the number */
function numberInRange(mapping: Resource, name: keyof typeof ranges, unset: number): number {
  if (field(mapping, name) === undefined) return unset;
  const value = numberField(mapping, name, unset);
  const [low, high] = ranges[name];
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UnsupportedStackError(mapping.address, `${name} is ${value}; Lambda takes ${low} to ${high}.`);
}

const refused = ["filter_criteria", "provisioned_poller_config", "starting_position"];

/** The function that a mapping names by its name or its ARN. */
function workerOf(mapping: Resource, functions: readonly Resource[]): Resource {
  const reference = textField(mapping, "function_name");
  const worker = functions.find(({ values }) => values.function_name === reference || values.arn === reference);
  if (worker) return worker;
  throw new UnsupportedStackError(mapping.address, `the stack holds no function ${reference}.`);
}

/**
 * Reads the mappings of the stack.
 * @throws UnsupportedStackError for a mapping that Lambda would refuse or local-aws does not simulate
 */
export function mappingSettings(stack: Stack): MappingSettings[] {
  const queues = stack.of("aws_sqs_queue");
  const functions = stack.of("aws_lambda_function");
  const enabled = (mapping: Resource) => mapping.values.enabled !== false;
  return stack
    .of("aws_lambda_event_source_mapping")
    .filter(enabled)
    .map((mapping) => {
      const set = refused.find((name) => mapping.values[name] !== undefined);
      if (set) throw new UnsupportedStackError(mapping.address, `local-aws does not simulate ${set}.`);
      const queueArn = textField(mapping, "event_source_arn");
      const queue = queues.find((candidate) => candidate.values.arn === queueArn);
      if (!queue) throw new UnsupportedStackError(mapping.address, `the stack holds no queue ${queueArn}.`);
      const batchSize = numberInRange(mapping, "batch_size", 10);
      const windowSeconds = numberInRange(mapping, "maximum_batching_window_in_seconds", 0);
      if (batchSize > 10 && windowSeconds < 1) {
        throw new UnsupportedStackError(
          mapping.address,
          "a batch_size above 10 needs a batching window of at least 1 s.",
        );
      }
      const worker = workerOf(mapping, functions);
      return {
        address: mapping.address,
        queue,
        queueArn,
        queueUrl: textField(queue, "url"),
        worker,
        functionName: textField(worker, "function_name"),
        batchSize,
        windowSeconds,
        maximumConcurrency: numberInRange(mapping, "scaling_config.maximum_concurrency", scalingLimit),
        reportsFailures: [field(mapping, "function_response_types")].flat().includes("ReportBatchItemFailures"),
      };
    });
}
