import type { SQSClient } from "@aws-sdk/client-sqs";
import { chunk, countBy, difference, groupBy } from "es-toolkit";
import { UsageError } from "../command-line/program.ts";
import { type HeldDeadLetter, hold, move, release } from "./dead-letters.ts";
import type { Pipeline } from "./outputs.ts";

/** Events that EventBridge could not deliver to any queue. */
const undelivered = "events";

/** Where dead letters come from: the work queues, and events that EventBridge could not deliver to any of them. */
export const deadLetterSources = ({ queues }: Pipeline): readonly string[] => [...Object.keys(queues), undelivered];

/** URL of the queue that holds a source's dead letters. @throws UsageError if the pipeline has no such source */
export function deadLettersUrl(pipeline: Pipeline, source: string): string {
  const url = source === undelivered ? pipeline.undeliveredEventsUrl : pipeline.queues[source]?.deadLettersUrl;
  if (url !== undefined) return url;
  throw new UsageError(`--queue ${source}: the stack has ${deadLetterSources(pipeline).join(", ")}.`);
}

export interface RedriveOptions {
  /** Only dead letters of this class. @default all */
  readonly errorClass?: string | undefined;
  /** Only the dead letter with this message id. @default all */
  readonly messageId?: string | undefined;
  /** Count, and move nothing. @default false */
  readonly dryRun?: boolean;
  /** Ends the work early. What was not moved by then is visible again. */
  readonly signal?: AbortSignal;
}

export interface Redriven {
  /** Dead letters that were moved, or would be, by class. */
  readonly moved: Readonly<Record<string, number>>;
  /** Dead letters that stayed: of another class, or without a queue to go back to. */
  readonly left: number;
  /** Dead letters that could not be moved this time, and stayed too. */
  readonly failed: number;
  /** Dead letters that another command holds, or an interrupted one. They were not looked at. */
  readonly elsewhere: number;
}

/** Messages that are moved at the same time. */
const movedAtOnce = 10;

/**
 * Sends dead letters back to the queue that they came from. SQS' own StartMessageMoveTask moves a whole queue and takes
 * no filter; this moves message by message, so that invalid leads may stay. Dead letters with the same body go back as one
 * message: each invalid lead of a file has a dead letter of its own, with the event of the whole file.
 */
export async function redrive(
  sqs: SQSClient,
  pipeline: Pipeline,
  source: string,
  { errorClass, messageId, dryRun = false, signal }: RedriveOptions = {},
): Promise<Redriven> {
  const from = deadLettersUrl(pipeline, source);
  const { letters: held, elsewhere } = await hold(sqs, from, signal);
  const wanted = (letter: HeldDeadLetter) =>
    (errorClass === undefined || letter.errorClass === errorClass) &&
    (messageId === undefined || letter.messageId === messageId);
  const routed = held.map((letter) => ({ letter, to: wanted(letter) ? origin(pipeline, source, letter) : undefined }));
  const going = routed.flatMap(({ letter, to }) => (to === undefined ? [] : [{ letter, to }]));
  const moved = new Set(dryRun ? going.map(({ letter }) => letter) : []);
  const messages = dryRun ? [] : Object.values(groupBy(going, ({ to, letter }) => `${to} ${letter.body}`));
  for (const some of chunk(messages, movedAtOnce)) {
    if (signal?.aborted) break;
    await Promise.all(
      some.map(async (same) => {
        const letters = same.map(({ letter }) => letter);
        try {
          await move(sqs, from, same[0]?.to ?? "", letters);
          for (const letter of letters) moved.add(letter);
        } catch {
          // It stays, and is counted.
        }
      }),
    );
  }
  await release(sqs, from, dryRun ? held : difference(held, [...moved]));
  return {
    moved: countBy([...moved], (letter) => letter.errorClass),
    left: held.length - going.length,
    failed: going.length - moved.size,
    elsewhere,
  };
}

/** The queue to which a dead letter goes back; undefined when the pipeline has none of that name. */
function origin({ queues }: Pipeline, source: string, { targetArn }: HeldDeadLetter): string | undefined {
  if (source !== undelivered) return queues[source]?.url;
  const name = targetArn?.split(":").at(-1);
  return Object.values(queues).find((queue) => queue?.url.split("/").at(-1) === name)?.url;
}
