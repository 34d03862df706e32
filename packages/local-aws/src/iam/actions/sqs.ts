import {
  type ApiCall,
  optionalText,
  type Requirement,
  requirement,
  type Surroundings,
  text,
  UnmappedCallError,
  unmapped,
} from "../requirement.ts";

/**
 * The batch calls have no permissions of their own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
 */
const ACTION_OF_BATCH: Readonly<Record<string, string>> = {
  SendMessageBatch: "SendMessage",
  DeleteMessageBatch: "DeleteMessage",
  ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
};

const ON_A_QUEUE = new Set([
  "SendMessage",
  "ReceiveMessage",
  "DeleteMessage",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
  "SetQueueAttributes",
  "PurgeQueue",
  "DeleteQueue",
  "ListDeadLetterSourceQueues",
  "ListQueueTags",
  "TagQueue",
  "UntagQueue",
]);

export function sqs(call: ApiCall, { accountId, region }: Surroundings): readonly Requirement[] {
  const operation = ACTION_OF_BATCH[call.operation] ?? call.operation;
  const named = (account: string, name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
  if (ON_A_QUEUE.has(operation)) {
    const { account, name } = queueOf(text(call, "QueueUrl"), call.operation);
    return [requirement(`sqs:${operation}`, named(account, name))];
  }
  switch (operation) {
    case "GetQueueUrl":
    case "CreateQueue": {
      const owner = optionalText(call, "QueueOwnerAWSAccountId") ?? accountId;
      return [requirement(`sqs:${operation}`, named(owner, text(call, "QueueName")))];
    }
    case "ListQueues":
      return [requirement("sqs:ListQueues", "*")];
    case "ListMessageMoveTasks":
      return [requirement("sqs:ListMessageMoveTasks", text(call, "SourceArn"))];
    case "StartMessageMoveTask":
      return startMessageMoveTask(call);
    default:
      return unmapped("sqs", call.operation);
  }
}

function queueOf(queueUrl: string, operation: string): { account: string; name: string } {
  const [, account, name] = /\/(\d{12})\/([^/]+)\/?$/.exec(queueUrl) ?? [];
  if (!account || !name) throw new UnmappedCallError(operation, `${queueUrl} does not end in /ACCOUNT/QUEUE`);
  return { account, name };
}

/** SQS moves the messages with the caller's permissions. */
function startMessageMoveTask(call: ApiCall): readonly Requirement[] {
  const source = text(call, "SourceArn");
  const destination = optionalText(call, "DestinationArn");
  return [
    ...["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map((action) =>
      requirement(`sqs:${action}`, source),
    ),
    ...(destination === undefined ? [] : [requirement("sqs:SendMessage", destination)]),
  ];
}
