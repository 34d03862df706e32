import type { Delivery } from "../delivery.ts";
import type { Place } from "../stack/computed.ts";
import { type ApiAnswer, type ApiRequest, type Backend, jsonBody, jsonHeaders } from "./call.ts";
import { type Fauxqs, fauxqsAccount } from "./fauxqs.ts";
import { ServiceError } from "./service-error.ts";
import { dropExpired, duplicate, reorder } from "./sqs-delivery.ts";

/** A request of SQS' JSON protocol. */
export const sqsRequest = (operation: string, input: unknown): ApiRequest => ({
  method: "POST",
  path: "/",
  query: new URLSearchParams(),
  headers: { ...jsonHeaders, "x-amz-target": `AmazonSQS.${operation}` },
  body: Buffer.from(JSON.stringify(input)),
});

/** SQS on fauxqs, with queue URLs and ARNs of the stack's account, retention, and a standard queue's untidiness. */
export function sqsBackend(fauxqs: Fauxqs, place: Place, delivery: Delivery): Backend {
  const { account, gatewayUrl } = place;

  const requireOwnQueue = (queueUrl: unknown) => {
    if (typeof queueUrl !== "string" || queueUrl.split("/").at(-2) === account) return;
    throw new ServiceError(400, "QueueDoesNotExist", "The specified queue does not exist.");
  };

  const receive = async (request: ApiRequest, queueUrl: unknown): Promise<ApiAnswer> => {
    const queue = fauxqs.stores.sqsStore.getQueue(String(queueUrl));
    if (queue) {
      dropExpired(queue, Date.now());
      reorder(queue, delivery);
    }
    const answer = await fauxqs.call(request);
    if (queue && answer.status === 200) duplicate(queue, receiptHandles(answer), delivery);
    return answer;
  };

  return {
    service: "sqs",
    describe: (request) => ({
      operation: (request.headers["x-amz-target"] ?? "").replace("AmazonSQS.", ""),
      parameters: jsonBody(request),
    }),
    handle: async (request, { operation, parameters }) => {
      requireOwnQueue(parameters.QueueUrl);
      const inner = operation === "CreateQueue" || operation === "SetQueueAttributes" ? ownPolicy(request) : request;
      const answer =
        operation === "ReceiveMessage" ? await receive(inner, parameters.QueueUrl) : await fauxqs.call(inner);
      return withAccount(operation, answer);
    },
  };

  /** A redrive policy names its dead letter queue by ARN. */
  function ownPolicy(request: ApiRequest): ApiRequest {
    const text = request.body.toString("utf8").replaceAll(`:${account}:`, `:${fauxqsAccount}:`);
    return { ...request, body: Buffer.from(text) };
  }

  function withAccount(operation: string, answer: ApiAnswer): ApiAnswer {
    if (answer.status !== 200) return answer;
    const text = answer.body.toString("utf8");
    switch (operation) {
      case "CreateQueue":
      case "GetQueueUrl":
      case "ListQueues":
        return { ...answer, body: text.replace(/https?:\/\/[^/"]+\/\d{12}\//g, `${gatewayUrl}/${account}/`) };
      case "GetQueueAttributes":
        return { ...answer, body: text.replaceAll(`:${fauxqsAccount}:`, `:${account}:`) };
      case "ReceiveMessage":
        return { ...answer, body: text.replaceAll(`"SenderId":"${fauxqsAccount}"`, `"SenderId":"${account}"`) };
      default:
        return answer;
    }
  }
}

function receiptHandles({ body }: ApiAnswer): string[] {
  const { Messages = [] } = JSON.parse(body.toString("utf8")) as { Messages?: { ReceiptHandle: string }[] };
  return Messages.map(({ ReceiptHandle }) => ReceiptHandle);
}
