import type { SQSClient } from "@aws-sdk/client-sqs";
import { type HeldDeadLetter, hold, move, release } from "./dead-letters.ts";
import type { Pipeline } from "./outputs.ts";

export const queueNames = ["leads", "notifications", "events"] as const;
export type QueueName = (typeof queueNames)[number];

export interface RedriveOptions {
  /** Only messages of this class. @default all */
  readonly errorClass?: string;
  /** Count, and move nothing. */
  readonly dryRun?: boolean;
}

export interface Redriven {
  /** Messages that were moved, or would be, by class. */
  readonly moved: Readonly<Record<string, number>>;
  /** Messages that stayed: of another class, or without a queue to go back to. */
  readonly left: number;
  /** Messages that could not be moved this time, and stayed too. */
  readonly failed: number;
}

/** Moves under way at the same time. */
const atOnce = 10;

/**
 * Sends dead letters back to the queue that they came from. SQS' own StartMessageMoveTask moves a whole queue and takes
 * no filter; this moves message by message, so that what can never pass may stay. Letters of one body go back as one
 * message: each bad lead of a file is a letter of its own, with the event of the whole file.
 */
export async function redrive(
  sqs: SQSClient,
  pipeline: Pipeline,
  queue: QueueName,
  { errorClass, dryRun = false }: RedriveOptions = {},
): Promise<Redriven> {
  const from = pipeline[queue].deadLetterQueueUrl;
  const held = await hold(sqs, from);
  const wanted = (letter: HeldDeadLetter) => errorClass === undefined || letter.errorClass === errorClass;
  const routed = held.map((letter) => ({ letter, to: wanted(letter) ? origin(pipeline, queue, letter) : undefined }));
  const moved: Record<string, number> = {};
  const staying = routed.flatMap(({ letter, to }) => (to === undefined || dryRun ? [letter] : []));
  const going = routed.flatMap(({ letter, to }) => (to === undefined ? [] : [{ letter, to }]));
  const failed: HeldDeadLetter[] = [];
  const bodies = [...Map.groupBy(going, ({ to, letter }) => `${to} ${letter.body}`).values()];
  for (let start = 0; start < bodies.length; start += atOnce) {
    await Promise.all(
      bodies.slice(start, start + atOnce).map(async (same) => {
        const letters = same.map(({ letter }) => letter);
        try {
          if (!dryRun) await move(sqs, from, same[0]?.to ?? "", letters);
          for (const { errorClass } of letters) moved[errorClass] = (moved[errorClass] ?? 0) + 1;
        } catch {
          failed.push(...letters);
        }
      }),
    );
  }
  await release(sqs, from, [...staying, ...failed]);
  return { moved, left: held.length - going.length, failed: failed.length };
}

/** The queue to which a dead letter goes back; undefined when the pipeline has none of that name. */
function origin(pipeline: Pipeline, queue: QueueName, { targetArn }: HeldDeadLetter): string | undefined {
  if (queue !== "events") return pipeline[queue].queueUrl;
  const name = targetArn?.split(":").at(-1);
  return [pipeline.leads.queueUrl, pipeline.notifications.queueUrl].find((url) => url.split("/").at(-1) === name);
}
