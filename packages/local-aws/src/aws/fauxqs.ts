import { buildApp } from "fauxqs";
import type { ApiAnswer, ApiRequest } from "./call.ts";
import { type MessageActions, makeStores, messageActions, type Stores } from "./fauxqs-stores.ts";
import { ObjectVersions } from "./object-versions.ts";

/** The account that fauxqs puts into every ARN and URL; its backends put the stack's account in its place. */
export const fauxqsAccount = "000000000000";

/** A message that rests in a queue. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, { readonly StringValue?: string }>>;
  readonly approximateReceiveCount: number;
  /** Milliseconds since 1970 when it was first sent; a dead letter keeps the time. */
  readonly sentTimestamp: number;
}

/** What a queue holds, without taking anything. */
export interface QueueContents {
  readonly ready: readonly QueuedMessage[];
  readonly delayed: readonly QueuedMessage[];
  readonly inflight: readonly {
    readonly message: QueuedMessage;
    readonly receiptHandle: string;
    readonly visibilityDeadline: number;
  }[];
}

/** S3, SQS and SNS in this process, called without a socket: fauxqs' own server would listen on every interface. */
export interface Fauxqs {
  readonly stores: Stores;
  readonly versions: ObjectVersions;
  readonly messages: MessageActions;
  call(request: ApiRequest): Promise<ApiAnswer>;
  inspect(queue: string): QueueContents;
  stop(): Promise<void>;
}

const hopHeaders = new Set(["connection", "date", "keep-alive", "transfer-encoding"]);
const empty: QueueContents = { ready: [], delayed: [], inflight: [] };

export async function startFauxqs(region: string): Promise<Fauxqs> {
  const stores = await makeStores();
  const app = buildApp({ logger: false, defaultRegion: region, stores });
  await app.ready();
  return {
    stores,
    versions: new ObjectVersions(),
    messages: await messageActions(stores),
    call: async ({ method, path, query, headers, body }) => {
      const search = query.size > 0 ? `?${query}` : "";
      const response = await app.inject({
        method: method as "GET",
        url: `${path}${search}`,
        headers: { ...headers, host: "localhost" },
        payload: body,
      });
      const kept = Object.entries(response.headers).filter(([name]) => !hopHeaders.has(name));
      return {
        status: response.statusCode,
        headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
        body: response.rawPayload,
      };
    },
    inspect: (queue) => stores.sqsStore.getQueueByName(queue)?.inspectMessages() ?? empty,
    stop: async () => {
      await app.close();
    },
  };
}
