import { partition } from "es-toolkit";
import type { Delivery } from "../delivery.ts";
import type { ReceivedMessage } from "../lambda/sqs-event.ts";
import type { ApiRequest } from "./call.ts";
import type { Fauxqs } from "./fauxqs.ts";
import { ServiceError } from "./service-error.ts";
import { dropExpired, duplicate, type Queue, reorder } from "./sqs-delivery.ts";

type Parameters = Readonly<Record<string, unknown>>;

interface Attribute {
  readonly DataType?: string;
  readonly StringValue?: string;
}

/** A message as SendMessage and the entries of SendMessageBatch have it. */
interface Outgoing {
  readonly Id?: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, Attribute>>;
  readonly MessageSystemAttributes?: { readonly AWSTraceHeader?: Attribute };
}

/** fauxqs' message with the attribute that fauxqs does not know. */
type Stored = Queue["messages"][number] & { awsTraceHeader?: string };

/** Answers an operation on messages. @throws SqsError or ServiceError */
export type MessageOperation = (parameters: Parameters, headers: ApiRequest["headers"]) => object | Promise<object>;

/** Attributes of one message. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maximumAttributes = 10;
const longestDelay = 900;

/** What SQS refuses and fauxqs takes. */
function problemOf({ DelaySeconds = 0, MessageAttributes = {} }: Outgoing): string | undefined {
  if (!(Number.isInteger(DelaySeconds) && DelaySeconds >= 0 && DelaySeconds <= longestDelay)) {
    return `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${longestDelay}.`;
  }
  const attributes = Object.entries(MessageAttributes);
  if (attributes.length > maximumAttributes) {
    return `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${maximumAttributes}].`;
  }
  const [empty] = attributes.filter(([, { StringValue }]) => StringValue === "");
  return (
    empty &&
    `The message attribute '${empty[0]}' must contain non-empty message attribute value for message attribute type '${empty[1].DataType}'.`
  );
}

/**
 * A message's trace header is a system attribute or the call's header, which SDKs send from within Lambda.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html
 */
const traceHeader = ({ MessageSystemAttributes }: Outgoing, headers: ApiRequest["headers"]): string | undefined =>
  MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? headers["x-amzn-trace-id"];

/** Gives a message its trace header. It was sent just now, so it is among the last ten, a batch's maximum. */
function addTraceHeader(queue: Queue, messageId: unknown, header: string | undefined): void {
  if (header === undefined) return;
  const latest = [queue.messages, queue.delayedMessages].flatMap((messages) => messages.slice(-10));
  const message: Stored | undefined = latest.find((sent) => sent.messageId === messageId);
  if (message) message.awsTraceHeader = header;
}

/** Takes away the attributes that were not asked for, and adds the trace header if it was. */
function completed(message: ReceivedMessage, stored: Stored | undefined, parameters: Parameters, account: string) {
  const { AttributeNames = [], MessageSystemAttributeNames = [], MessageAttributeNames = [] } = parameters;
  const system = [AttributeNames, MessageSystemAttributeNames].flat();
  const traced = system.includes("All") || system.includes("AWSTraceHeader");
  const Attributes = {
    ...message.Attributes,
    ...(message.Attributes?.SenderId && { SenderId: account }),
    ...(traced && stored?.awsTraceHeader && { AWSTraceHeader: stored.awsTraceHeader }),
  };
  const { MessageAttributes, MD5OfMessageAttributes, ...others } = message;
  const asked = [MessageAttributeNames].flat().length > 0;
  return {
    ...others,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(asked && MessageAttributes && { MessageAttributes, MD5OfMessageAttributes }),
  };
}

/** Operations on messages by their names: fauxqs', with retention, trace headers, and a standard queue's untidiness. */
export function messageOperations(
  { messages, stores }: Fauxqs,
  account: string,
  delivery: Delivery,
): ReadonlyMap<string, MessageOperation> {
  const queueOf = ({ QueueUrl }: Parameters) => stores.sqsStore.getQueue(String(QueueUrl));

  const send: MessageOperation = (parameters, headers) => {
    const problem = problemOf(parameters);
    if (problem) throw new ServiceError(400, "InvalidParameterValue", problem);
    const sent = messages.SendMessage(parameters) as { readonly MessageId: string };
    const queue = queueOf(parameters);
    if (queue) addTraceHeader(queue, sent.MessageId, traceHeader(parameters, headers));
    return sent;
  };

  const sendBatch: MessageOperation = (parameters, headers) => {
    const entries = [parameters.Entries ?? []].flat() as Outgoing[];
    const [refused, Entries] = partition(entries, (entry) => problemOf(entry) !== undefined);
    const failed = refused.map((entry) => {
      return { Id: entry.Id, SenderFault: true, Code: "InvalidParameterValue", Message: problemOf(entry) };
    });
    if (Entries.length === 0 && failed.length > 0) return { Successful: [], Failed: failed };
    const { Successful, Failed } = messages.SendMessageBatch({ ...parameters, Entries }) as {
      readonly Successful: readonly { readonly Id: string; readonly MessageId: string }[];
      readonly Failed: readonly object[];
    };
    const queue = queueOf(parameters);
    for (const { Id, MessageId } of Successful) {
      const entry = Entries.find((candidate) => candidate.Id === Id);
      if (queue && entry) addTraceHeader(queue, MessageId, traceHeader(entry, headers));
    }
    return { Successful, Failed: [...Failed, ...failed] };
  };

  const receive: MessageOperation = async (parameters) => {
    const queue = queueOf(parameters);
    if (queue) {
      dropExpired(queue, Date.now());
      reorder(queue, delivery);
    }
    const answer = (await messages.ReceiveMessage(parameters)) as { readonly Messages?: readonly ReceivedMessage[] };
    if (!queue || !answer.Messages) return answer;
    const stored = answer.Messages.map(({ ReceiptHandle }) => queue.inflightMessages.get(ReceiptHandle)?.message);
    const handles = answer.Messages.map(({ ReceiptHandle }) => ReceiptHandle);
    duplicate(queue, handles, delivery);
    return {
      Messages: answer.Messages.map((message, index) => completed(message, stored[index], parameters, account)),
    };
  };

  return new Map<string, MessageOperation>([
    ["SendMessage", send],
    ["SendMessageBatch", sendBatch],
    ["ReceiveMessage", receive],
    ["DeleteMessage", messages.DeleteMessage],
    ["DeleteMessageBatch", messages.DeleteMessageBatch],
  ]);
}
