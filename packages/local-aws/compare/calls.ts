import { type ApiAnswer, type EndpointName, operator } from "../src/aws/call.ts";
import { Gateway } from "../src/aws/gateway.ts";
import { provision } from "../src/aws/provision.ts";
import { sqsRequest } from "../src/aws/sqs.ts";
import type { ReceivedMessage } from "../src/lambda/sqs-event.ts";
import { readStack } from "../src/stack/stack-file.ts";
import type { Services } from "./services.ts";
import { parameter } from "./stack.ts";

const unheard = "http://127.0.0.1:9";

/** Calls to the services of a stack, as they are on the wire. */
export class Calls {
  readonly #gateway: Gateway;
  readonly #account: string;

  constructor(gateway: Gateway, account: string) {
    this.#gateway = gateway;
    this.#account = account;
  }

  queueUrl(name: string): string {
    return `${this.#gateway.url}/${this.#account}/${name}`;
  }

  /** @param path bucket and key, percent-encoded */
  s3(method: string, path: string, body = "", headers = {}, query = {}): Promise<ApiAnswer> {
    return this.#gateway.call(operator, "s3", {
      method,
      path: `/${path}`,
      query: new URLSearchParams(query),
      headers: { "content-type": "application/json", ...headers },
      body: Buffer.from(body),
    });
  }

  ses(input: object): Promise<ApiAnswer> {
    return this.#gateway.call(operator, "ses", {
      method: "POST",
      path: "/v2/email/outbound-emails",
      query: new URLSearchParams(),
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(input)),
    });
  }

  /** @param target as the header has it, such as `AmazonSSM.GetParameter` */
  json(service: EndpointName, target: string, input: object): Promise<ApiAnswer> {
    const version = service === "ssm" ? "1.1" : "1.0";
    const headers = { "content-type": `application/x-amz-json-${version}`, "x-amz-target": target };
    return this.#gateway.call(operator, service, { ...sqsRequest("", input), headers });
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
}

/** Makes a stack's resources on the given services, for as long as `use` takes. */
export async function withCalls<T>(
  stackDir: string,
  services: Services,
  use: (calls: Calls) => Promise<T>,
): Promise<T> {
  const gateway = new Gateway({ authorize: () => undefined });
  await gateway.start();
  const stack = readStack(stackDir, { gatewayUrl: gateway.url, apiUrl: unheard });
  try {
    await services.start(stack, gateway, { [parameter.name]: parameter.value });
    await provision(stack, gateway);
    return await use(new Calls(gateway, stack.place.account));
  } finally {
    await gateway.stop();
    await services.stop();
  }
}
