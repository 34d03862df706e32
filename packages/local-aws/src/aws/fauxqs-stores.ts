import { lowerFirst } from "es-toolkit";
import type { BuildAppOptions } from "fauxqs";
import { ServiceError } from "./service-error.ts";

/** Where fauxqs keeps what it was given: queues with their messages, topics, buckets with their objects. */
export type Stores = NonNullable<BuildAppOptions["stores"]>;

/** A file of fauxqs that its package does not export; the version is pinned, and the tests of SQS notice a change. */
const inside = (path: string): Promise<unknown> => import(new URL(path, import.meta.resolve("fauxqs")).href);

/** XML's characters, as SQS has them; fauxqs forgets those beyond U+FFFF. */
const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** The constructors of fauxqs' stores, which its package does not export. */
export async function makeStores(): Promise<Stores> {
  const [sqs, sns, s3, types] = await Promise.all([
    inside("./sqs/sqsStore.js") as Promise<{ SqsStore: new () => Stores["sqsStore"] }>,
    inside("./sns/snsStore.js") as Promise<{ SnsStore: new () => Stores["snsStore"] }>,
    inside("./s3/s3Store.js") as Promise<{ S3Store: new () => Stores["s3Store"] }>,
    inside("./sqs/sqsTypes.js") as Promise<{ INVALID_MESSAGE_BODY_CHAR: RegExp }>,
  ]);
  types.INVALID_MESSAGE_BODY_CHAR.test = (text) => notXml.test(text);
  return { sqsStore: new sqs.SqsStore(), snsStore: new sns.SnsStore(), s3Store: new s3.S3Store() };
}

const operations = [
  "SendMessage",
  "SendMessageBatch",
  "ReceiveMessage",
  "DeleteMessage",
  "DeleteMessageBatch",
] as const;

type Parameters = Readonly<Record<string, unknown>>;
type Action = (parameters: Parameters, store: Stores["sqsStore"]) => object | Promise<object>;

/**
 * SQS' operations on messages, without fauxqs' HTTP server, which takes most of a call's time. What is sent is in its queue
 * when the function returns, and nobody has received it yet.
 * @throws SqsError, which `asServiceError` reads
 */
export type MessageActions = Readonly<Record<(typeof operations)[number], (parameters: Parameters) => object>>;

export async function messageActions({ sqsStore }: Stores): Promise<MessageActions> {
  const loaded = operations.map(async (operation) => {
    const name = lowerFirst(operation);
    const { [name]: run } = (await inside(`./sqs/actions/${name}.js`)) as Record<string, Action>;
    if (!run) throw new TypeError(`fauxqs has no ${operation}.`);
    return [operation, (parameters: Parameters) => run(parameters, sqsStore)];
  });
  return Object.fromEntries(await Promise.all(loaded)) as MessageActions;
}

/** An error of fauxqs' SQS as the gateway knows it; any other is given back as it is. */
export function asServiceError(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "SqsError") return error;
  const { statusCode, code, message } = error as Error & { readonly statusCode: number; readonly code: string };
  return new ServiceError(statusCode, code, message);
}
