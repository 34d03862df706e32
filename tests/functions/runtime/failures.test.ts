import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { type FailureKind, failureOf } from "../../../functions/runtime/failures.ts";
import { AccessRefusedError } from "../../../functions/runtime/rotated-secrets.ts";
import { SecretMissingError } from "../../../functions/runtime/secrets.ts";
import { FetchFailedError } from "../../../functions/sources/fetch-record.ts";
import { awsError } from "../../helpers/fakes.ts";

const coded = (code: string, rest: object = {}) => Object.assign(new Error(code), { code, ...rest });
const named = (name: string, cause?: Error) => Object.assign(new Error(name, { cause }), { name });

const failures: Readonly<Record<FailureKind, Readonly<Record<string, unknown>>>> = {
  unavailable: {
    "S3 asks for fewer requests": awsError("SlowDown", 503),
    "S3 fails": awsError("InternalError", 500),
    "a service answers 502": awsError("Unknown", 502),
    "a service answers 599": awsError("Unknown", 599),
    "DynamoDB throttles": awsError("ProvisionedThroughputExceededException", 400),
    "DynamoDB throttles the account": awsError("RequestLimitExceeded", 400),
    "DynamoDB fails": awsError("InternalServerError", 500),
    "SSM throttles": awsError("ThrottlingException", 400),
    "SES throttles": awsError("TooManyRequestsException", 429),
    "no answer in time": named("TimeoutError"),
    "the caller's time is over": named("AbortError"),
    "a request that did not arrive in time": awsError("RequestTimeout", 400),
    "clocks that differ": awsError("RequestTimeTooSkewed", 403),
    "a refused connection": coded("ECONNREFUSED", { syscall: "connect" }),
    "a connection that ends": coded("ECONNRESET", { syscall: "read" }),
    "a socket that hangs up": coded("ECONNRESET"),
    "a host without an address": coded("ENOTFOUND", { syscall: "getaddrinfo" }),
    "a name server that fails": coded("EAI_AGAIN", { syscall: "getaddrinfo" }),
    "no connection in time": coded("UND_ERR_CONNECT_TIMEOUT"),
    "an answer that stops": coded("UND_ERR_BODY_TIMEOUT"),
    "a cause of the network": named("TypeError", coded("ECONNREFUSED")),
    "a source's API that fails": new FetchFailedError(503),
    "a source's API that throttles": new FetchFailedError(429),
  },
  needsPerson: {
    "a missing permission on S3": awsError("AccessDenied", 403),
    "a missing permission on DynamoDB": awsError("AccessDeniedException", 400),
    "a 403 without a name": awsError("Unknown", 403),
    "a token that AWS does not know": awsError("UnrecognizedClientException", 400),
    "a bucket that was deleted": awsError("NoSuchBucket", 404),
    "a table that was deleted": awsError("ResourceNotFoundException", 400),
    "a key of KMS that was disabled": awsError("InvalidKeyId", 400),
    "a secret that is missing": new SecretMissingError("/leadwire/dev/slack/sales/webhook-url"),
    "a token that a source's API refuses": new AccessRefusedError("The source's API refused the token (401)"),
  },
  fault: {
    "an error of the code": new TypeError("undefined is not a function"),
    "a request that AWS does not understand": awsError("ValidationException", 400),
    "a request that a source's API does not understand": new FetchFailedError(400),
    "a rejected lead": new RejectedError("NotJson", "No JSON."),
    "anything that is no error": "text",
    nothing: undefined,
  },
};

const failure = suite("failures");

for (const [kind, errors] of Object.entries(failures)) {
  for (const [what, error] of Object.entries(errors)) {
    failure(`${what}: ${kind}`, () => assert.is(failureOf(error), kind));
  }
}

failure.run();
