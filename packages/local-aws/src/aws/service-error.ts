import { randomUUID } from "node:crypto";
import { escape as escapeXml } from "es-toolkit";
import { LocalAwsError } from "../errors.ts";
import { type ApiAnswer, type EndpointName, jsonHeaders } from "./call.ts";

/** An error that a service answers with, in the service's own shape. */
export class ServiceError extends LocalAwsError {
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(code, message);
    this.name = code;
    this.status = status;
  }
}

const requestId = () => randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase();

const s3Error = ({ status, code, message }: ServiceError): ApiAnswer => {
  const id = requestId();
  const fields = `<Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${id}</RequestId>`;
  return {
    status,
    headers: { "content-type": "application/xml", "x-amz-request-id": id },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}<HostId>local</HostId></Error>`,
  };
};

const queryError = ({ status, code, message }: ServiceError): ApiAnswer => ({
  status,
  headers: { "content-type": "text/xml" },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
});

const jsonError =
  (namespace: string) =>
  ({ status, code, message }: ServiceError): ApiAnswer => ({
    status,
    headers: { ...jsonHeaders, "x-amzn-errortype": code, "x-amzn-requestid": randomUUID() },
    body: JSON.stringify({ __type: `${namespace}${code}`, message }),
  });

const sqsError = (error: ServiceError): ApiAnswer => {
  const answer = jsonError(error.code.endsWith("Exception") ? "com.amazon.coral.service#" : "com.amazonaws.sqs#")(
    error,
  );
  const queryCode = error.code === "QueueDoesNotExist" ? "AWS.SimpleQueueService.NonExistentQueue" : error.code;
  return { ...answer, headers: { ...answer.headers, "x-amzn-query-error": `${queryCode};Sender` } };
};

const restJsonError = ({ status, code, message }: ServiceError): ApiAnswer => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": code, "x-amzn-requestid": randomUUID() },
  body: JSON.stringify({ message }),
});

const shapes: Record<EndpointName, (error: ServiceError) => ApiAnswer> = {
  s3: s3Error,
  sqs: sqsError,
  sns: queryError,
  ses: restJsonError,
  dynamodb: jsonError("com.amazon.coral.service#"),
  ssm: jsonError(""),
};

/** The answer that a service would send for an error. */
export const errorAnswer = (service: EndpointName, error: ServiceError): ApiAnswer => shapes[service](error);

const unknownKeys: Record<EndpointName, readonly [status: number, code: string]> = {
  s3: [403, "InvalidAccessKeyId"],
  sqs: [403, "InvalidClientTokenId"],
  sns: [403, "InvalidClientTokenId"],
  ses: [403, "UnrecognizedClientException"],
  dynamodb: [400, "UnrecognizedClientException"],
  ssm: [400, "UnrecognizedClientException"],
};

/** Credentials that no identity of the stack has. */
export function unknownCredentials(service: EndpointName): ServiceError {
  const [status, code] = unknownKeys[service];
  const s3 = "The AWS Access Key Id you provided does not exist in our records.";
  return new ServiceError(
    status,
    code,
    service === "s3" ? s3 : "The security token included in the request is invalid.",
  );
}
