import type { ApiAnswer } from "../src/aws/call.ts";
import type { ReceivedMessage } from "../src/lambda/sqs-event.ts";

/** Metadata of an object, but for the time of its receipt. */
export const metadataOf = ({ headers }: ApiAnswer) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-") && !name.includes("received")),
  );

/** Messages without what is new each time. */
export const attributesOf = (received: readonly ReceivedMessage[]) =>
  received.map(({ Body, MessageAttributes, MD5OfBody, MD5OfMessageAttributes }) => ({
    body: typeof Body,
    attributes: MessageAttributes,
    sums: [typeof MD5OfBody, typeof MD5OfMessageAttributes],
  }));

/** How an SDK tells errors apart: status, and the code in header or body. */
export function errorOf({ status, headers, body }: ApiAnswer) {
  const text = body.toString();
  const code = /<Code>([^<]+)/.exec(text)?.[1] ?? /"__type":\s*"([^"]+)"/.exec(text)?.[1] ?? "";
  const inHeader = headers["x-amzn-query-error"] ?? headers["x-amzn-errortype"];
  return { status, code: code.split("#").at(-1), inHeader };
}
