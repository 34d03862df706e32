/** The services of AWS that a bill of Leadwire names. */
export type Service =
  | "API Gateway"
  | "S3"
  | "EventBridge"
  | "SQS"
  | "Lambda"
  | "DynamoDB"
  | "SES"
  | "KMS"
  | "Secrets Manager"
  | "CloudWatch"
  | "CloudWatch Logs";

/** A price of AWS. */
export interface Price {
  readonly service: Service;
  /** What is paid for. */
  readonly what: string;
  /** US dollars for `per` of them. */
  readonly dollars: number;
  /** @default 1 */
  readonly per?: number;
  /** Where AWS says it. */
  readonly source: string;
}

const lambda = { service: "Lambda", source: "https://aws.amazon.com/lambda/pricing/" } as const;
const s3 = { service: "S3", source: "https://aws.amazon.com/s3/pricing/", per: 1e6 } as const;
const dynamoDb = {
  service: "DynamoDB",
  source: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  per: 1e6,
} as const;
const cloudWatch = { service: "CloudWatch", source: "https://aws.amazon.com/cloudwatch/pricing/" } as const;
const kms = { service: "KMS", source: "https://aws.amazon.com/kms/pricing/" } as const;

/** The prices of us-east-1 in November 2026, without free tiers and savings plans. Those without `per` are for a month. */
export const prices = {
  httpRequest: {
    service: "API Gateway",
    what: "HTTP API requests of up to 512 KB",
    dollars: 1,
    per: 1e6,
    source: "https://aws.amazon.com/api-gateway/pricing/",
  },
  put: { ...s3, what: "PUT, COPY, POST and LIST requests", dollars: 5 },
  get: { ...s3, what: "GET and HEAD requests", dollars: 0.4 },
  event: {
    service: "EventBridge",
    what: "events of S3",
    dollars: 1,
    per: 1e6,
    source: "https://aws.amazon.com/eventbridge/pricing/",
  },
  queueRequest: {
    service: "SQS",
    what: "requests of up to 64 KB; a batch of ten messages is one",
    dollars: 0.4,
    per: 1e6,
    source: "https://aws.amazon.com/sqs/pricing/",
  },
  invocation: { ...lambda, what: "invocations", dollars: 0.2, per: 1e6 },
  gbSecond: { ...lambda, what: "GB-seconds, arm64", dollars: 13.3334, per: 1e6 },
  write: { ...dynamoDb, what: "writes of an item of up to 1 KB", dollars: 0.625 },
  read: { ...dynamoDb, what: "consistent reads of an item of up to 4 KB", dollars: 0.125 },
  email: {
    service: "SES",
    what: "emails to a recipient",
    dollars: 0.1,
    per: 1000,
    source: "https://aws.amazon.com/ses/pricing/",
  },
  decryption: {
    ...kms,
    what: "requests, one for each SecureString parameter that is read",
    dollars: 0.03,
    per: 10_000,
  },
  logByte: { ...cloudWatch, service: "CloudWatch Logs", what: "bytes of logs", dollars: 0.5, per: 1e9 },
  alarm: { ...cloudWatch, what: "metrics that alarms watch", dollars: 0.1 },
  quickAlarm: { ...cloudWatch, what: "metrics that alarms watch in periods below a minute", dollars: 0.3 },
  compositeAlarm: { ...cloudWatch, what: "composite alarms", dollars: 0.5 },
  dashboard: { ...cloudWatch, what: "dashboards", dollars: 3 },
  metric: { ...cloudWatch, what: "custom metrics, billed for the hours in which they are written", dollars: 0.3 },
  key: { ...kms, what: "own keys", dollars: 1 },
  secret: {
    service: "Secrets Manager",
    what: "secrets",
    dollars: 0.4,
    source: "https://aws.amazon.com/secrets-manager/pricing/",
  },
} as const satisfies Readonly<Record<string, Price>>;

/** Dollars for a count of what a price is for. */
export const dollarsFor = ({ dollars, per = 1 }: Price, count: number): number => (count * dollars) / per;
