import { MessageRejected, SESv2ServiceException, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LeadwireError } from "../../../../../errors.ts";
import {
  classifyEmailError,
  quotaRefusal,
  sesRefusals,
  suppressedRefusal,
} from "../../../../../functions/notify/channels/email/classify.ts";
import { RecipientsSuppressedError } from "../../../../../functions/notify/channels/email/suppression.ts";
import { AnswerTooLargeError } from "../../../../../functions/runtime/clients.ts";
import type { FailureKind } from "../../../../../functions/runtime/failures.ts";

class OwnError extends LeadwireError {
  constructor(code: string) {
    super(code, "SES");
  }
}
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
      isThrottled: true,
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
      isThrottled: true,
      reason: "ThrottlingException",
      details: loggedAs("ThrottlingException", 400),
    },
  ],
  [
    answered("Throttling", 400),
    {
      status: "refused",
      remedy: "retry",
      isThrottled: true,
      reason: "Throttling",
      details: loggedAs("Throttling", 400),
    },
  ],
  [
    new MessageRejected(message),
    {
      status: "refused",
      remedy: "giveUp",
      kind: "needsPerson",
      reason: "MessageRejected",
      details: { errorClass: "MessageRejected", httpStatus: 400, serviceRequestId: "ses-request-1" },
      advice: sesRefusals.MessageRejected.advice,
    },
  ],
  [
    new RecipientsSuppressedError(2),
    {
      status: "refused",
      remedy: "giveUp",
      kind: "needsPerson",
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
    answered("ThrottlingException", 500),
    { status: "unknown", reason: "ThrottlingException", details: loggedAs("ThrottlingException", 500) },
  ],
  [
    answered("BadRequestException", 499),
    {
      status: "refused",
      remedy: "giveUp",
      kind: "fault",
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

const answers: Readonly<Record<keyof typeof sesRefusals, readonly [status: number, calledFor: FailureKind | "retry"]>> =
  {
    TooManyRequestsException: [429, "retry"],
    ThrottlingException: [400, "retry"],
    Throttling: [400, "retry"],
    AccountSuspendedException: [400, "needsPerson"],
    SendingPausedException: [400, "needsPerson"],
    MailFromDomainNotVerifiedException: [400, "needsPerson"],
    MessageRejected: [400, "needsPerson"],
    LimitExceededException: [400, "needsPerson"],
    NotFoundException: [404, "needsPerson"],
    BadRequestException: [400, "fault"],
    AccessDeniedException: [403, "needsPerson"],
    ExpiredTokenException: [403, "needsPerson"],
    IncompleteSignature: [403, "needsPerson"],
    InvalidSignatureException: [403, "needsPerson"],
    MissingAuthenticationTokenException: [403, "needsPerson"],
    OptInRequired: [403, "needsPerson"],
    RequestEntityTooLargeException: [413, "fault"],
    RequestExpired: [400, "unavailable"],
    SignatureDoesNotMatch: [403, "needsPerson"],
    UnrecognizedClientException: [403, "needsPerson"],
    ValidationError: [400, "fault"],
    ValidationException: [400, "fault"],
  };

for (const [name, [status, calledFor]] of Object.entries(answers)) {
  email(
    `${status} ${name} is ${calledFor} and proves that nothing was sent, and of a server in trouble it does not`,
    () => {
      const { status: became, remedy, kind } = { remedy: "", kind: "", ...classifyEmailError(answered(name, status)) };
      assert.equal([became, remedy === "retry" ? remedy : kind], ["refused", calledFor]);
      assert.is(classifyEmailError(answered(name, 503)).status, "unknown");
    },
  );
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

for (const name of ["TooManyRequestsException", "ThrottlingException", "Throttling"]) {
  email(`${name} of the quota of 24 hours needs a person, and of the rate it passes`, () => {
    const throttled = (message: string) => classifyEmailError(Object.assign(answered(name, 429), { message }));
    const failure = { status: "refused", reason: name, details: loggedAs(name, 429) };
    assert.equal(throttled("Daily message quota exceeded."), { ...failure, ...quotaRefusal });
    assert.is({ remedy: "", ...throttled("Maximum sending rate exceeded.") }.remedy, "retry");
  });
}

email(
  "an open circuit breaker of the client is refused and passes, and an answer that cannot be read is unknown",
  () => {
    assert.equal(classifyEmailError(new OwnError("CircuitOpen")), {
      status: "refused",
      reason: "OwnError",
      details: { errorClass: "CircuitOpen", reason: "SES" },
      remedy: "giveUp",
      kind: "unavailable",
    });
    assert.is(classifyEmailError(new AnswerTooLargeError()).status, "unknown");
  },
);

email("every piece of advice is a sentence", () => {
  const pieces = Object.values(sesRefusals).flatMap((refusal) => ("advice" in refusal ? [refusal.advice] : []));
  assert.ok(pieces.length > 0);
  for (const advice of pieces) assert.match(advice, /^[A-Z].*\.$/);
});

email.run();
