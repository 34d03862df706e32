import type { APIGatewayProxyEventV2, SQSEvent, SQSRecord } from "aws-lambda";

/** A message as Lambda hands it over. */
export function sqsRecord(body: string, messageId = "message-1"): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "1700000000000",
      SenderId: "AIDA",
      ApproximateFirstReceiveTimestamp: "1700000000001",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:leadwire-dev-leads",
    awsRegion: "us-east-1",
  };
}

export const sqsEvent = (...records: SQSRecord[]): SQSEvent => ({ Records: records });

/** EventBridge's event for an object that was created. An event from before versions were read has none. */
export const objectCreated = (
  key: string,
  { etag = "e1", size = 100, versionId }: { etag?: string; size?: number; versionId?: string } = {},
) =>
  JSON.stringify({
    version: "0",
    "detail-type": "Object Created",
    source: "aws.s3",
    detail: { bucket: { name: "leads" }, object: { key, etag, size, "version-id": versionId } },
  });

/** A request as API Gateway's HTTP API hands it over, payload version 2.0. */
export function httpRequest(
  source: string,
  body: string | undefined,
  headers: Record<string, string> = {},
  isBase64Encoded = false,
): APIGatewayProxyEventV2 {
  const context = { requestId: "request-1", http: { method: "POST", path: `/${source}` } };
  return {
    version: "2.0",
    routeKey: "POST /{source}",
    rawPath: `/${source}`,
    rawQueryString: "",
    headers,
    pathParameters: { source },
    requestContext: context as APIGatewayProxyEventV2["requestContext"],
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}
