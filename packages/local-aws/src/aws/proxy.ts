import type { Dispatcher } from "undici";
import type { ApiAnswer, ApiRequest } from "./call.ts";

const hopHeaders = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "host", "expect"]);

/** Signed headers that a server without signatures of its own still wants to see. */
const anySignature =
  "AWS4-HMAC-SHA256 Credential=local/20260101/local/local/aws4_request, SignedHeaders=host, Signature=local";

/** Sends a request on to a server that runs on a loopback port of this process. */
export async function proxied(
  pool: Dispatcher,
  { method, path, query, headers, body }: ApiRequest,
): Promise<ApiAnswer> {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)));
  const response = await pool.request({
    method: method as Dispatcher.HttpMethod,
    path: query.size > 0 ? `${path}?${query}` : path,
    headers: { authorization: anySignature, "x-amz-date": "20260101T000000Z", ...kept },
    body: body.length > 0 ? body : null,
  });
  const answered = Object.entries(response.headers).filter(([name]) => !hopHeaders.has(name));
  return {
    status: response.statusCode,
    headers: Object.fromEntries(answered.map(([name, value]) => [name, String(value)])),
    body: Buffer.from(await response.body.arrayBuffer()),
  };
}
