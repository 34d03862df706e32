import { printTable } from "./print-table.ts";
import type { Usage } from "./usage.ts";

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
  logByte: 0.5 / 1e9,
};

/** What a measurement used of AWS, and for how many leads. */
export interface LeadsUsage extends Usage {
  readonly leads: number;
}

/** Dollars for a lead, by service. */
function perLead({ leads, calls, invocations, gbSeconds, logBytes }: LeadsUsage): Map<string, number> {
  const count = (...names: string[]) => names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0);
  const puts = count("s3:PutObject");
  const queueCalls = [...calls].reduce((sum, [name, times]) => sum + (name.startsWith("sqs:") ? times : 0), 0);
  const dollars: [string, number][] = [
    ["API Gateway", leads * price.http],
    ["S3", puts * price.put + count("s3:GetObject") * price.get],
    ["EventBridge", puts * price.event],
    ["SQS", queueCalls * price.sqs],
    ["Lambda", invocations * price.invocation + gbSeconds * price.gbSecond],
    [
      "DynamoDB",
      count("dynamodb:PutItem", "dynamodb:UpdateItem") * price.write + count("dynamodb:GetItem") * price.read,
    ],
    ["SES", count("ses:SendEmail") * price.email],
    ["CloudWatch Logs", logBytes * price.logByte],
  ];
  return new Map(dollars.map(([service, all]) => [service, all / leads]));
}

/**
 * Prints what a million leads cost, computed from what a burst and single leads used. The design before this one handled
 * each lead in an invocation and a message of its own, and had no ledger.
 */
export function costTable(burst: LeadsUsage, single: LeadsUsage): void {
  const inBursts = perLead(burst);
  const alone = perLead(single);
  const original = new Map(alone).set("DynamoDB", 0);
  const columns = [inBursts, alone, original];
  const row = (name: string, value: (column: Map<string, number>) => number) => [
    name,
    ...columns.map((column) => (value(column) * 1e6).toFixed(2)),
  ];
  printTable(
    "A million leads (US$), as counted",
    ["service", `in bursts of ${burst.leads}`, "one at a time", "one at a time, no ledger: the design before"],
    [
      ...[...inBursts.keys()].map((service) => row(service, (column) => column.get(service) ?? 0)),
      row("all", (column) => [...column.values()].reduce((sum, dollars) => sum + dollars, 0)),
    ],
  );
}
