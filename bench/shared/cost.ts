import { printTable } from "./table.ts";

/** Dollars a call or a unit, us-east-1, November 2026. */
const price = {
  put: 5 / 1e6,
  get: 0.4 / 1e6,
  event: 1 / 1e6,
  sqs: 0.4 / 1e6,
  http: 1 / 1e6,
  write: 0.625 / 1e6,
  read: 0.125 / 1e6,
  email: 0.1 / 1000,
  invocation: 0.2 / 1e6,
  gbSecond: 0.0000133334,
};

/** Memory in GB and seconds of an invocation, for the cost of Lambda's time. */
const lambda = { gb: 0.5, ingestSeconds: 0.05, workerSeconds: 0.15 };

/**
 * Prints what a million leads cost, from the calls that a burst was counted to make, beside the design before this one:
 * one invocation, one message and no digest for each lead, and no ledger.
 */
export function costTable(leads: number, calls: ReadonlyMap<string, number>): void {
  const perLead = (...names: string[]) => names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0) / leads;
  const million = 1e6;
  const puts = perLead("s3:PutObject");
  const queueCalls = perLead(
    ...["SendMessage", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"].map(
      (operation) => `sqs:${operation}`,
    ),
  );
  const invocations = 1 + 2 * perLead("sqs:DeleteMessageBatch");
  const seconds = lambda.ingestSeconds + (invocations - 1) * lambda.workerSeconds;
  const rows: [string, number, number][] = [
    ["API Gateway", price.http, price.http],
    ["S3", puts * price.put + perLead("s3:GetObject") * price.get, 2 * price.put + 2 * price.get],
    ["EventBridge", puts * price.event, 2 * price.event],
    ["SQS", queueCalls * price.sqs, 6 * price.sqs],
    [
      "Lambda",
      invocations * price.invocation + seconds * lambda.gb * price.gbSecond,
      3 * price.invocation + (lambda.ingestSeconds + 2 * lambda.workerSeconds) * lambda.gb * price.gbSecond,
    ],
    [
      "DynamoDB",
      perLead("dynamodb:PutItem", "dynamodb:UpdateItem") * price.write + perLead("dynamodb:GetItem") * price.read,
      0,
    ],
    ["SES", perLead("ses:SendEmail") * price.email, 0],
  ];
  const total = (column: 1 | 2) => rows.reduce((sum, row) => sum + row[column], 0);
  printTable(
    `A million leads in bursts like the one of ${leads} (US$; Lambda's time is assumed, the rest is counted)`,
    ["service", "Leadwire", "one message a lead"],
    [...rows, ["all", total(1), total(2)] as const].map(([name, ours, before]) => [
      name,
      (ours * million).toFixed(2),
      (before * million).toFixed(2),
    ]),
  );
}
