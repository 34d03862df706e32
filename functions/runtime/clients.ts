import { Readable } from "node:stream";
import { Semaphore } from "es-toolkit/promise";
import { LeadwireError } from "../../errors.ts";
import { bodyStart } from "./body-start.ts";

/** Milliseconds for a connection, and no more than for the whole call. */
const connectMilliseconds = 1000;
/** Calls that a client has under way at the same time: the SDK opens no more sockets than this. */
const callsAtOnce = 50;
/** Bytes of an answer. SQS answers up to 1 MiB of messages, as JSON. */
const maxAnswerBytes = 2 * 1024 * 1024;

/** A service answered with more bytes than any answer that Leadwire asks for. The rest was not read. */
export class AnswerTooLargeError extends LeadwireError {
  constructor() {
    super("AnswerTooLarge", `An answer of AWS has more than ${maxAnswerBytes} bytes.`);
  }
}

export interface ClientSettings {
  /** Milliseconds for one attempt, from its start to the last byte of the answer, from 1. */
  readonly milliseconds: number;
  /**
   * Attempts of a call, the first included, from 1.
   * @default the SDK's: 3, and 4 for DynamoDB
   */
  readonly maxAttempts?: number;
  /** @default the Region of the function, or of the AWS configuration */
  readonly region?: string;
}

/** The part of a client that sends requests, and that two clients of one service can share. */
interface SdkClient {
  readonly config: { readonly requestHandler: { handle: Send } };
}
type Send = (request: never, options: never) => Promise<{ readonly response: { body?: unknown } }>;

/**
 * Creates a client of an AWS service. Every client of the functions and of the operator's commands is made here, so
 * that none waits without a limit: an attempt ends when its time is over, even if the service sent headers and then nothing
 * more. A call that waits for a free socket does not use up its time. An answer is read whole, so a failure in the middle of
 * it is tried again like any other.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-maxsockets.html
 * @param connections a client of the same service, whose connections and time limit are used
 */
export function createClient<Client extends SdkClient>(
  Sdk: new (config: Omit<ClientSettings, "milliseconds"> & { readonly requestHandler: object }) => Client,
  { milliseconds, ...settings }: ClientSettings,
  connections?: Client,
): Client {
  if (connections) return new Sdk({ ...settings, requestHandler: connections.config.requestHandler });
  const client = new Sdk({
    ...settings,
    requestHandler: {
      connectionTimeout: Math.min(connectMilliseconds, milliseconds),
      requestTimeout: milliseconds,
      // Without it the SDK would only log a warning and go on waiting.
      throwOnRequestTimeout: true,
    },
  });
  const { requestHandler } = client.config;
  requestHandler.handle = limited(requestHandler.handle.bind(requestHandler), milliseconds);
  return client;
}

/** Sends requests, each for a limited time and not more at once than there are sockets. */
function limited(send: Send, milliseconds: number): Send {
  const sockets = new Semaphore(callsAtOnce);
  return async (request, options) => {
    await sockets.acquire();
    try {
      const latest = Date.now() + milliseconds;
      const answer = await send(request, options);
      const { response } = answer;
      const left = Math.max(0, latest - Date.now());
      if (response.body instanceof Readable) response.body = await wholeBody(response.body, left);
      return answer;
    } finally {
      sockets.release();
    }
  };
}

/**
 * The body of an answer, when all of it is here.
 * @throws TimeoutError when it does not end in time, which the SDK tries again; AnswerTooLargeError
 */
async function wholeBody(body: Readable, milliseconds: number): Promise<Readable> {
  const late = setTimeout(() => {
    const error = new Error("The service began to answer and did not end in time.");
    body.destroy(Object.assign(error, { name: "TimeoutError" }));
  }, milliseconds);
  try {
    const whole = await bodyStart(body, maxAnswerBytes);
    if (whole.byteLength > maxAnswerBytes) throw new AnswerTooLargeError();
    return Readable.from([whole], { objectMode: false });
  } finally {
    clearTimeout(late);
  }
}
