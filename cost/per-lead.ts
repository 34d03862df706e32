import { dollarsFor, type Price, prices, type Service } from "./prices.ts";

/** What AWS bills of a measurement, for how many leads. */
export interface LeadsUsage {
  readonly leads: number;
  /** Calls by `service:operation`, each counted as `billedUnits` says. */
  readonly calls: ReadonlyMap<string, number>;
  readonly invocations: number;
  /** Billed duration times memory of all invocations; initialization counts. */
  readonly gbSeconds: number;
  /** Bytes of the functions' log lines, metrics included. */
  readonly logBytes: number;
}

/** Prices of a call, by `service:operation`. AWS bills nothing for operations that are not in this table. */
const callPrices: Readonly<Record<string, readonly Price[]>> = {
  "s3:PutObject": [prices.put, prices.event],
  "s3:ListObjectsV2": [prices.put],
  "s3:ListObjectVersions": [prices.put],
  "s3:GetObject": [prices.get],
  "s3:HeadObject": [prices.get],
  "dynamodb:PutItem": [prices.write],
  "dynamodb:UpdateItem": [prices.write],
  "dynamodb:DeleteItem": [prices.write],
  "dynamodb:BatchWriteItem": [prices.write],
  "dynamodb:TransactWriteItems": [prices.write],
  "dynamodb:GetItem": [prices.read],
  "dynamodb:BatchGetItem": [prices.read],
  "dynamodb:TransactGetItems": [prices.read],
  "ses:SendEmail": [prices.email],
  "ssm:GetParameters": [prices.decryption],
};

type Input = Readonly<Record<string, unknown>>;

/**
 * How many units AWS bills for a call: the items of a batch of DynamoDB, twice the items of a transaction, each parameter that
 * SSM decrypts, and 1 for every other call, such as a batch of SQS.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * @param name `service:operation`
 * @param input the call's parameters
 */
export function billedUnits(name: string, input: Input): number {
  const list = (value: unknown) => (Array.isArray(value) ? value.length : 0);
  const tables = Object.values((input.RequestItems ?? {}) as Readonly<Record<string, Input | unknown[]>>);
  switch (name) {
    case "dynamodb:BatchGetItem":
      return tables.reduce((all, table) => all + list((table as Input).Keys), 0);
    case "dynamodb:BatchWriteItem":
      return tables.reduce((all, table) => all + list(table), 0);
    case "dynamodb:TransactWriteItems":
    case "dynamodb:TransactGetItems":
      return 2 * list(input.TransactItems);
    case "ssm:GetParameters":
      return input.WithDecryption ? list(input.Names) : 0;
    default:
      return 1;
  }
}

/** Dollars for a lead, by service. Each lead is a request of its own. Storage is not counted. */
export function leadCost({ leads, calls, invocations, gbSeconds, logBytes }: LeadsUsage): Record<Service, number> {
  const dollars = Object.fromEntries(Object.values(prices).map(({ service }) => [service, 0])) as Record<
    Service,
    number
  >;
  const add = (price: Price, count: number) => {
    dollars[price.service] += dollarsFor(price, count) / leads;
  };
  add(prices.httpRequest, leads);
  for (const [name, count] of calls) {
    const paid = name.startsWith("sqs:") ? [prices.queueRequest] : (callPrices[name] ?? []);
    for (const price of paid) add(price, count);
  }
  add(prices.invocation, invocations);
  add(prices.gbSecond, gbSeconds);
  add(prices.logByte, logBytes);
  return dollars;
}
