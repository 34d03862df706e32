import type { Crm, Signed } from "../../../local/senders/standard-webhooks.ts";
import type { Slack } from "../../../local/slack/slack.ts";
import { type ApiAnswer, type EndpointName, operator } from "../src/aws/call.ts";
import type { Gateway } from "../src/aws/gateway.ts";
import { sqsRequest } from "../src/aws/sqs.ts";
import type { LambdaFunction } from "../src/lambda/lambda-function.ts";
import { type ReceivedMessage, sqsEvent } from "../src/lambda/sqs-event.ts";
import type { Stack } from "../src/stack/stack-file.ts";

/** What there is to take steps with. */
export interface Stage {
  readonly stack: Stack;
  readonly gateway: Gateway;
  readonly functions: Readonly<Record<"ingest" | "enrich" | "notify", LambdaFunction>>;
  readonly crm: Crm;
  readonly slack: Slack;
}

/** Something that can be seen from outside, and should be the same whoever imitates AWS. */
export interface Observation {
  readonly what: string;
  readonly seen: unknown;
}

export type Note = (what: string, seen: unknown) => void;

/** Does by hand what API Gateway, EventBridge and the pollers do in a run. */
export class Hands {
  readonly stage: Stage;
  readonly #bucket: string;

  constructor(stage: Stage) {
    this.stage = stage;
    this.#bucket = String(stage.stack.output("leads_bucket"));
  }

  s3(method: string, key: string, body = "", headers = {}, query = {}): Promise<ApiAnswer> {
    return this.stage.gateway.call(operator, "s3", {
      method,
      path: `/${this.#bucket}/${key}`,
      query: new URLSearchParams(query),
      headers: { "content-type": "application/json", ...headers },
      body: Buffer.from(body),
    });
  }

  /** @param target as the header has it, such as `AmazonSSM.GetParameter` */
  json(service: EndpointName, target: string, input: object): Promise<ApiAnswer> {
    const version = service === "ssm" ? "1.1" : "1.0";
    const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target };
    return this.stage.gateway.call(operator, service, { ...sqsRequest("", input), headers });
  }

  /** The body of a JSON protocol's answer. */
  async result(service: EndpointName, target: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    const { body } = await this.json(service, target, input);
    return JSON.parse(body.toString() || "{}") as Record<string, unknown>;
  }

  /** @param visibilityTimeout seconds for which they are hidden */
  async messages(queueUrl: string, visibilityTimeout = 30): Promise<ReceivedMessage[]> {
    const { Messages } = await this.result("sqs", "AmazonSQS.ReceiveMessage", {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: visibilityTimeout,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["ApproximateReceiveCount"],
    });
    return (Messages as ReceivedMessage[] | undefined) ?? [];
  }

  async enrichedKeys(): Promise<string[]> {
    const { body } = await this.s3("GET", "", "", {}, { "list-type": "2", prefix: "enriched/" });
    return [...body.toString().matchAll(/<Key>([^<]+)/g)].map(([, key = ""]) => key);
  }

  ingest(source: string, { headers, body }: Signed): Promise<unknown> {
    return invoke(this.stage.functions.ingest, {
      version: "2.0",
      routeKey: "POST /{source}",
      rawPath: `/${source}`,
      rawQueryString: "",
      headers,
      pathParameters: { source },
      requestContext: { requestId: "compared", http: { method: "POST", path: `/${source}` } },
      body,
      isBase64Encoded: false,
    });
  }

  /** Hands a worker the event of an object that was created. */
  async work(name: "enrich" | "notify", key: string): Promise<unknown> {
    const { headers } = await this.s3("HEAD", key);
    const object = { key, etag: (headers.etag ?? "").replaceAll('"', ""), size: Number(headers["content-length"]) };
    const detail = { bucket: { name: this.#bucket }, object };
    const now = String(Date.now());
    const message = {
      MessageId: `id-${key}`,
      ReceiptHandle: "made-up",
      Body: JSON.stringify({ source: "aws.s3", detail }),
      MD5OfBody: "",
      Attributes: { ApproximateReceiveCount: "1", SentTimestamp: now, ApproximateFirstReceiveTimestamp: now },
    };
    return invoke(this.stage.functions[name], sqsEvent([message], "arn:aws:sqs:local:local:compared"));
  }
}

async function invoke(target: LambdaFunction, event: unknown): Promise<unknown> {
  const outcome = await target.invoke(event);
  return outcome.ok ? (JSON.parse(outcome.payload) as unknown) : outcome.error.errorType;
}
