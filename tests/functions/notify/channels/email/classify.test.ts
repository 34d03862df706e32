import { MessageRejected, SESv2ServiceException, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  classifyEmailError,
  sesRefusals,
  suppressedRefusal,
} from "../../../../../functions/notify/channels/email/classify.ts";
import { RecipientsSuppressedError } from "../../../../../functions/notify/channels/email/suppression.ts";

const answered = (name: string, httpStatusCode: number) =>
  new SESv2ServiceException({
    name,
    message: "jane.roe@acme.example",
    $fault: "client",
    $metadata: { httpStatusCode },
  });
const message = { message: "jane.roe@acme.example", $metadata: { httpStatusCode: 400, requestId: "ses-request-1" } };
const loggedAs = (errorClass: string, httpStatus: number) => ({ errorClass, httpStatus });

const email = suite("email answers");

for (const [error, expected] of [
  [
    new TooManyRequestsException({ message: "", $metadata: { httpStatusCode: 429 } }),
    {
      status: "refused",
      remedy: "retry",
      reason: "TooManyRequestsException",
      details: loggedAs("TooManyRequestsException", 429),
      advice: sesRefusals.TooManyRequestsException.advice,
    },
  ],
  [
    answered("ThrottlingException", 400),
    {
      status: "refused",
      remedy: "retry",
      reason: "ThrottlingException",
      details: loggedAs("ThrottlingException", 400),
    },
  ],
  [
    answered("Throttling", 400),
    { status: "refused", remedy: "retry", reason: "Throttling", details: loggedAs("Throttling", 400) },
  ],
  [
    new MessageRejected(message),
    {
      status: "refused",
      remedy: "giveUp",
      reason: "MessageRejected",
      details: { errorClass: "MessageRejected", httpStatus: 400, requestId: "ses-request-1" },
      advice: sesRefusals.MessageRejected.advice,
    },
  ],
  [
    new RecipientsSuppressedError(2),
    {
      status: "refused",
      remedy: "giveUp",
      reason: "RecipientsSuppressedError",
      details: {
        errorClass: "RecipientsSuppressed",
        reason: "All 2 recipients are on the account's suppression list.",
      },
      advice: suppressedRefusal.advice,
    },
  ],
  [
    answered("InternalServerError", 500),
    { status: "unknown", reason: "InternalServerError", details: loggedAs("InternalServerError", 500) },
  ],
  [
    answered("BadRequestException", 499),
    {
      status: "refused",
      remedy: "giveUp",
      reason: "BadRequestException",
      details: loggedAs("BadRequestException", 499),
    },
  ],
  [
    // An answer whose status is not known proves nothing.
    new SESv2ServiceException({ name: "BadRequestException", $fault: "client", $metadata: {} }),
    { status: "unknown", reason: "BadRequestException", details: { errorClass: "BadRequestException" } },
  ],
  [new Error("socket hang up"), { status: "unknown", reason: "Error", details: { errorClass: "Error" } }],
  [
    // The SDK could not read an answer that said yes.
    Object.assign(new SyntaxError("jane"), { $metadata: { httpStatusCode: 200 } }),
    { status: "unknown", reason: "SyntaxError", details: loggedAs("SyntaxError", 200) },
  ],
  ["jane", { status: "unknown", reason: "Error", details: { errorClass: "string" } }],
] as const) {
  const name = error instanceof Error ? error.name : error;
  email(`${name} is ${expected.status}`, () => assert.equal(classifyEmailError(error), expected));
}

const statuses: Readonly<Record<keyof typeof sesRefusals, number>> = {
  TooManyRequestsException: 429,
  ThrottlingException: 400,
  Throttling: 400,
  AccountSuspendedException: 400,
  SendingPausedException: 400,
  MailFromDomainNotVerifiedException: 400,
  MessageRejected: 400,
  LimitExceededException: 400,
  NotFoundException: 404,
  BadRequestException: 400,
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  IncompleteSignature: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  OptInRequired: 403,
  RequestEntityTooLargeException: 413,
  RequestExpired: 400,
  SignatureDoesNotMatch: 403,
  UnrecognizedClientException: 403,
  ValidationError: 400,
  ValidationException: 400,
};

for (const [name, status] of Object.entries(statuses)) {
  email(`${status} ${name} proves that nothing was sent, and ${name} of a server in trouble does not`, () => {
    assert.is(classifyEmailError(answered(name, status)).status, "refused");
    assert.is(classifyEmailError(answered(name, 503)).status, "unknown");
  });
}

for (const [name, status] of [
  ["RequestTimeoutException", 408],
  ["RequestAbortedException", 400],
  ["InternalFailure", 500],
  ["ServiceUnavailable", 503],
  // What the SDK makes of the answer of a proxy.
  ["UnknownError", 400],
  ["UnknownError", 403],
  ["constructor", 400],
  ["MessageRejected", 302],
] as const) {
  email(`${status} ${name} proves nothing`, () => {
    assert.is(classifyEmailError(answered(name, status)).status, "unknown");
  });
}

email("a request that never left is sent again", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED", syscall: "connect" });
  const { status, remedy } = { remedy: "", ...classifyEmailError(refused) };
  assert.equal([status, remedy], ["refused", "retry"]);
});

email("every piece of advice is a sentence", () => {
  const pieces = Object.values(sesRefusals).flatMap((refusal) => ("advice" in refusal ? [refusal.advice] : []));
  assert.ok(pieces.length > 0);
  for (const advice of pieces) assert.match(advice, /^[A-Z].*\.$/);
});

email.run();
