import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { sourceFormats } from "../../functions/sources/index.ts";
import { filledSettings, settingsText } from "../../functions/sources/settings.ts";
import { httpServer } from "../helpers/http-server.ts";

/** A call that a function made to AWS or to a webhook. */
interface Call {
  /** The operation, such as `PutItem`; for S3 `GetObject` or `PutObject`, for a webhook its path. */
  readonly operation: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Says how a call is answered; undefined is an empty success. */
export type Answers = (call: Call, count: number) => Answer | undefined;

const rest: readonly (readonly [RegExp, string])[] = [
  [/^POST \/v2\/email\/outbound-emails/, "SendEmail"],
  [/^GET \/v2\/email\/suppression\/addresses\//, "GetSuppressedDestination"],
  [/^GET \/leads\//, "GetObject"],
  [/^PUT \/leads\//, "PutObject"],
];

/** One server that is S3 with the bucket `leads`, SSM, SQS, DynamoDB, SES and every webhook. */
export async function scriptedAws(answers: Answers) {
  const calls: Call[] = [];
  const server = await httpServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { url: path = "", headers, method } = request;
    const target = String(headers["x-amz-target"] ?? "");
    const known = rest.find(([shape]) => shape.test(`${method} ${path}`))?.[1] ?? path;
    const operation = target ? target.slice(target.indexOf(".") + 1) : known;
    const [place = "", query] = path.split("?");
    const call = { operation, path: decodeURIComponent(place), query: new URLSearchParams(query), headers, body };
    calls.push(call);
    const count = calls.filter((one) => one.operation === operation).length;
    const answer = answers(call, count) ?? (operation === "SendMessage" ? sentAnswer(body) : undefined);
    const type = target ? { "content-type": "application/x-amz-json-1.0" } : {};
    response
      .writeHead(answer?.status ?? 200, { ...type, ...answer?.headers })
      .end(answer?.body ?? (target ? "{}" : ""));
  });
  return {
    url: server.url,
    calls,
    /** The calls of an operation. */
    of: (operation: string) => calls.filter((call) => call.operation === operation),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

/** An object of the bucket, as S3 answers GetObject. */
export const objectAnswer = (body: string, metadata: Readonly<Record<string, string>> = {}, etag = "e1"): Answer => ({
  headers: {
    etag: `"${etag}"`,
    "last-modified": "Sun, 01 Mar 2026 12:00:00 GMT",
    "content-length": String(Buffer.byteLength(body)),
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  },
  body,
});

/** An error of S3. */
export const s3ErrorAnswer = (Code: string, status: number): Answer => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<Error><Code>${Code}</Code><Message>It failed.</Message></Error>`,
});

/** The answer to GetObject when there is no such object. */
export const missingAnswer: Answer = s3ErrorAnswer("NoSuchKey", 404);

/** SSM parameters, as GetParameters answers: settings of a source, and for every other parameter a value, or one by its name. */
export function parametersAnswer(
  request: string,
  value: string | ((name: string) => string),
  settings: object = {},
): Answer {
  const { Names } = JSON.parse(request) as { readonly Names: readonly string[] };
  const text = settingsText(filledSettings(sourceFormats["standard-webhooks"], settings));
  const read = (name: string) => {
    if (name.endsWith("/settings")) return text;
    return typeof value === "string" ? value : value(name);
  };
  return { body: JSON.stringify({ Parameters: Names.map((Name) => ({ Name, Value: read(Name) })) }) };
}

/** An error of SSM, SQS or DynamoDB. */
export const errorAnswer = (type: string, status = 500): Answer => ({
  status,
  headers: { "x-amzn-errortype": type },
  body: JSON.stringify({ __type: type, message: "" }),
});

/** The answer to SendMessage, whose hash the SDK checks. */
const sentAnswer = (request: string): Answer => ({
  body: JSON.stringify({ MessageId: "m", MD5OfMessageBody: hash("md5", JSON.parse(request).MessageBody) }),
});
