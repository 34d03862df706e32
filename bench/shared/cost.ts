import { sum } from "es-toolkit/math";
import { mapValues } from "es-toolkit/object";
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
function perLead({ leads, calls, invocations, gbSeconds, logBytes }: LeadsUsage): Record<string, number> {
  const count = (...starts: string[]) =>
    sum([...calls].map(([name, times]) => (starts.some((start) => name.startsWith(start)) ? times : 0)));
  const puts = count("s3:PutObject");
  const dollars = {
    "API Gateway": leads * price.http,
    S3: puts * price.put + count("s3:GetObject") * price.get,
    EventBridge: puts * price.event,
    SQS: count("sqs:") * price.sqs,
    Lambda: invocations * price.invocation + gbSeconds * price.gbSecond,
    DynamoDB: count("dynamodb:PutItem", "dynamodb:UpdateItem") * price.write + count("dynamodb:GetItem") * price.read,
    SES: count("ses:SendEmail") * price.email,
    "CloudWatch Logs": logBytes * price.logByte,
  };
  return mapValues(dollars, (all) => all / leads);
}

/** Prints what a million leads cost, computed from what a burst and single leads used. */
export function costTable(burst: LeadsUsage, single: LeadsUsage): void {
  const columns = [perLead(burst), perLead(single)];
  const row = (name: string, value: (column: Record<string, number>) => number) => [
    name,
    ...columns.map((column) => (value(column) * 1e6).toFixed(2)),
  ];
  printTable(
    "A million leads (US$), as counted",
    ["service", `in bursts of ${burst.leads}`, "one at a time"],
    [
      ...Object.keys(columns[0] ?? {}).map((service) => row(service, (column) => column[service] ?? 0)),
      row("all", (column) => sum(Object.values(column))),
    ],
  );
}
