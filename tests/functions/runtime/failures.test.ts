import { runInNewContext } from "node:vm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { DeadLetterNotSentError } from "../../../functions/runtime/dead-letters.ts";
import { type FailureKind, failureOf, isDown, UnavailableError } from "../../../functions/runtime/failures.ts";
import { AccessRefusedError } from "../../../functions/runtime/rotated-secrets.ts";
import { SecretMissingError } from "../../../functions/runtime/secrets.ts";
import { FetchRefusedError } from "../../../functions/sources/fetch-record.ts";
import { awsError } from "../../helpers/fakes.ts";

const coded = (code: string, rest: object = {}) => Object.assign(new Error(code), { code, ...rest });
const named = (name: string, cause?: Error) => Object.assign(new Error(name, { cause }), { name });

/** An error of another realm, which is no instance of this one's Error. */
const foreign = (code: string): unknown => runInNewContext(`Object.assign(new Error("refused"), { code: "${code}" })`);

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
    "a cause of undici": named("TypeError", coded("UND_ERR_SOCKET")),
    "a cause of a cause": named("TypeError", named("Error", coded("UND_ERR_CONNECT_TIMEOUT"))),
    "addresses of a host that all refuse": new AggregateError([coded("ECONNREFUSED"), coded("EADDRNOTAVAIL")]),
    "a time that is over": new DOMException("late", "TimeoutError"),
    "a refused connection of another realm": foreign("ECONNREFUSED"),
    "a certificate that is over": coded("CERT_HAS_EXPIRED"),
    "a certificate of another host": coded("ERR_TLS_CERT_ALTNAME_INVALID"),
    "a certificate that nobody vouches for": coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    "a broken handshake": coded("EPROTO", { syscall: "write" }),
    "an answer that is no HTTP": coded("HPE_INVALID_CONSTANT"),
    "an answer that is no HTTP, for undici": named("HTTPParserError"),
    "a page of a load balancer in place of an answer": Object.assign(new SyntaxError("<html>"), {
      $metadata: { httpStatusCode: 503 },
    }),
    "another write of the same object": awsError("ConditionalRequestConflict", 409),
    "another region's write of the same item": awsError("ReplicatedWriteConflictException", 400),
    "a body that did not arrive whole": awsError("IncompleteBody", 400),
    "credentials that are over, for S3": awsError("ExpiredToken", 400),
    "credentials that are over": awsError("ExpiredTokenException", 403),
    "a clock that is behind": awsError("RequestInTheFuture", 403),
    "KMS throttles S3": awsError("KMS.ThrottlingException", 400),
    "a source's API that fails": new UnavailableError("It answered 503.", undefined),
    "a source's API that throttles": new UnavailableError("It answered 429.", 10),
  },
  needsPerson: {
    "a missing permission on S3": awsError("AccessDenied", 403),
    "a missing permission on DynamoDB": awsError("AccessDeniedException", 400),
    "a 403 without a name": awsError("Unknown", 403),
    "a token that AWS does not know": awsError("UnrecognizedClientException", 400),
    "a bucket that was deleted": awsError("NoSuchBucket", 404),
    "a table that was deleted": awsError("ResourceNotFoundException", 400),
    "a key of KMS that was disabled": awsError("InvalidKeyId", 400),
    "a key of KMS that was disabled, for S3": awsError("KMS.DisabledException", 400),
    "a missing permission of another realm": { name: "AccessDenied", $metadata: { httpStatusCode: 403 } },
    "a signature that is wrong": awsError("SignatureDoesNotMatch", 403),
    "credentials that are nowhere": named("CredentialsProviderError"),
    "sending that is paused": awsError("SendingPausedException", 400),
    "an account that is suspended": awsError("AccountSuspendedException", 400),
    "a quota of SES that is used up": awsError("LimitExceededException", 400),
    "a secret that is missing": new SecretMissingError("/leadwire/dev/slack/sales/webhook-url"),
    "a token that a source's API refuses": new AccessRefusedError("The source's API refused the token (401)"),
  },
  fault: {
    "an error of the code": new TypeError("undefined is not a function"),
    "a request that AWS does not understand": awsError("ValidationException", 400),
    "a request that a source's API does not understand": new FetchRefusedError(400),
    "a wrong use of undici": coded("UND_ERR_INVALID_ARG"),
    "a file that is missing": coded("ENOENT", { syscall: "open" }),
    "a module that is missing": coded("ERR_MODULE_NOT_FOUND"),
    "no URL": coded("ERR_INVALID_URL"),
    "a lead that could not be dead-lettered": new DeadLetterNotSentError(
      new RejectedError("NotJson", "No JSON."),
      awsError("ServiceUnavailable", 503),
    ),
    "a rejected lead": new RejectedError("NotJson", "No JSON."),
    "an error whose cause is null": new Error("a fault", { cause: null }),
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

/** Names and codes, with a space between them. */
const each = (names: string, errorOf: (name: string) => unknown) => names.split(" ").map((name) => errorOf(name));
for (const [what, kind, errors] of [
  [
    "errors of AWS that last until a person acts",
    "needsPerson",
    each(
      "AccountSuspendedException AllAccessDisabled CredentialsProviderError DisabledException IncompleteSignature InvalidKeyId " +
        "InvalidToken KMSInvalidStateException LimitExceededException MailFromDomainNotVerifiedException " +
        "MissingAuthenticationToken MissingAuthenticationTokenException NoSuchBucket NotAuthorized OptInRequired " +
        "QueueDoesNotExist ResourceNotFoundException SendingPausedException UnrecognizedClientException",
      (name) => awsError(name, 400),
    ),
  ],
  [
    "errors of AWS that pass",
    "unavailable",
    each(
      "ConditionalRequestConflict ExpiredToken ExpiredTokenException IncompleteBody OperationAborted " +
        "ReplicatedWriteConflictException RequestExpired RequestInTheFuture RequestTimeTooSkewed TransactionConflictException",
      (name) => awsError(name, 400),
    ),
  ],
  [
    "calls of the system by which Node reaches a host",
    "unavailable",
    each("connect getaddrinfo read shutdown write", (syscall) => coded("EOTHER", { syscall })),
  ],
  [
    "codes of the network, of TLS and of undici",
    "unavailable",
    each(
      "EADDRNOTAVAIL ECONNABORTED EHOSTDOWN ENETDOWN ENETRESET EPROTO HPE_INVALID_METHOD ERR_SSL_WRONG_VERSION_NUMBER " +
        "ERR_TLS_HANDSHAKE_TIMEOUT CERT_NOT_YET_VALID UNABLE_TO_GET_ISSUER_CERT DEPTH_ZERO_SELF_SIGNED_CERT " +
        "SELF_SIGNED_CERT_IN_CHAIN UND_ERR_ABORT UND_ERR_ABORTED UND_ERR_BODY_TIMEOUT UND_ERR_CONNECT_TIMEOUT " +
        "UND_ERR_HEADERS_TIMEOUT UND_ERR_INFO UND_ERR_RES_CONTENT_LENGTH_MISMATCH UND_ERR_SOCKET",
      coded,
    ),
  ],
  ["codes that only look so", "fault", each("UND_ERR_SOCKETS UND_ERR_INVALID_RETURN_VALUE NO_CERT_FOUND EPERM", coded)],
] as const) {
  failure(`${what}: ${kind}`, () => {
    const others = errors.filter((error) => failureOf(error) !== kind);
    assert.equal(others.map(String), []);
  });
}

failure("of a service that is down is any that is unavailable and no throttle", () => {
  const { unavailable, needsPerson, fault } = failures;
  const throttles = Object.entries(unavailable).filter(([, error]) => !isDown(error));
  assert.equal(
    throttles.map(([what]) => what),
    [
      "S3 asks for fewer requests",
      "DynamoDB throttles",
      "DynamoDB throttles the account",
      "SSM throttles",
      "SES throttles",
    ],
  );
  assert.equal([...Object.values(needsPerson), ...Object.values(fault)].filter(isDown), []);
});

failure("with causes in a circle ends", () => {
  const error = new Error("a");
  error.cause = error;
  assert.is(failureOf(error), "fault");
});

failure.run();
