import { MessageRejected, SESv2ServiceException, TooManyRequestsException } from "@aws-sdk/client-sesv2";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classifyEmailError, emailRemedies } from "../../../../../functions/notify/channels/email/classify.ts";
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
      advice: emailRemedies.TooManyRequestsException,
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
      advice: emailRemedies.MessageRejected,
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
      advice: emailRemedies.RecipientsSuppressedError,
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

email("every piece of advice is a sentence", () => {
  for (const advice of Object.values(emailRemedies)) assert.match(advice, /^[A-Z].*\.$/);
});

email.run();
