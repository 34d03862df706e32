import { randomUUID } from "node:crypto";
import type { Delivery } from "../delivery.ts";
import type { Place } from "../stack/computed.ts";
import { type ApiAnswer, type ApiRequest, type Backend, jsonBody, jsonHeaders } from "./call.ts";
import { type Fauxqs, fauxqsAccount } from "./fauxqs.ts";
import { asServiceError } from "./fauxqs-stores.ts";
import { ServiceError } from "./service-error.ts";
import { messageOperations } from "./sqs-messages.ts";

/** A request of SQS' JSON protocol. */
export const sqsRequest = (operation: string, input: unknown): ApiRequest => ({
  method: "POST",
  path: "/",
  query: new URLSearchParams(),
  headers: { ...jsonHeaders, "x-amz-target": `AmazonSQS.${operation}` },
  body: Buffer.from(JSON.stringify(input)),
});

/** SQS on fauxqs, with queue URLs and ARNs of the stack's account. */
export function sqsBackend(fauxqs: Fauxqs, place: Place, delivery: Delivery): Backend {
  const { account, gatewayUrl } = place;
  const messages = messageOperations(fauxqs, account, delivery);

  const requireOwnQueue = (queueUrl: unknown) => {
    if (typeof queueUrl !== "string" || queueUrl.split("/").at(-2) === account) return;
    throw new ServiceError(400, "QueueDoesNotExist", "The specified queue does not exist.");
  };

  return {
    service: "sqs",
    describe: (request) => ({
      operation: (request.headers["x-amz-target"] ?? "").replace("AmazonSQS.", ""),
      parameters: jsonBody(request),
    }),
    handle: async (request, { operation, parameters }) => {
      requireOwnQueue(parameters.QueueUrl);
      const onMessages = messages.get(operation);
      if (!onMessages) return withAccount(operation, await fauxqs.call(ownPolicy(operation, request)));
      try {
        const body = JSON.stringify(await onMessages(parameters, request.headers));
        return { status: 200, headers: { ...jsonHeaders, "x-amzn-requestid": randomUUID() }, body };
      } catch (error) {
        throw asServiceError(error);
      }
    },
  };

  /** A redrive policy names its dead letter queue by ARN. */
  function ownPolicy(operation: string, request: ApiRequest): ApiRequest {
    if (operation !== "CreateQueue" && operation !== "SetQueueAttributes") return request;
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
      default:
        return answer;
    }
  }
}
