import type { BuildAppOptions } from "fauxqs";

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
