import type { IncomingMessage } from "node:http";

/** A request's body. */
export interface RequestBody {
  /** Empty when the body is larger than the limit. */
  readonly content: Buffer;
  readonly tooLarge: boolean;
}

/**
 * Reads a request to its end.
 * @param limit bytes; what comes after them is read and thrown away
 * @returns undefined when the client broke off
 */
export async function readBody(
  request: IncomingMessage,
  limit = Number.POSITIVE_INFINITY,
): Promise<RequestBody | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch {
    return undefined;
  }
  return { content: Buffer.concat(chunks), tooLarge: size > limit };
}
