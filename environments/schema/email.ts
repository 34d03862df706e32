import { type InferType, type ISchema, lazy, object } from "yup";
import { distinct, docs, rule, text, wholeNumber } from "./rules.ts";

/** A domain, each of its labels with at most 63 characters. */
const host = "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}";
const identities = `${docs}/ses/latest/dg/creating-identities.html`;

export const emailAddress = text(
  {
    bound: "a plain email address, its domain in lower case",
    meaning: "The address that emails are sent from.",
    reason: "SES compares it with the verified identity and with the policy's condition as it is written.",
    link: identities,
  },
  new RegExp(`^(?=[^@]{1,64}@.{1,253}$)[\\w+-]+(\\.[\\w+-]+)*@${host}$`),
);

const details = {
  sender: emailAddress,
  recipients: distinct(emailAddress, 50, {
    bound: "1 to 50 different addresses",
    meaning: "The team's addresses. In sandbox mode each gets an email from AWS to confirm.",
    reason: "SES accepts 50 recipients in a message.",
    link: `${docs}/ses/latest/dg/quotas.html`,
  }),
  websiteUrl: text(
    {
      bound: "a web address of at most 1,000 characters, such as https://www.example.com",
      meaning: "The company's website. AWS asks for it before it grants production access.",
      link: `${docs}/ses/latest/APIReference-V2/API_PutAccountDetails.html`,
    },
    (url) => url.length <= 1000 && /^https?:\/\/[^\s/]+\.[^\s/]+/.test(url) && URL.canParse(url),
  ),
  messagesPerDay: wholeNumber(1, 1_000_000, {
    meaning:
      "Messages on a day on which Slack takes no lead: one for each lead when it is quiet, one for up to 50 leads in a burst. " +
      "It is part of the request for production access, and `email status` compares it, times the recipients, with the account's quota.",
    link: "docs/operations.md#email",
  }),
};

const mode = <Mode extends string>(own: Mode) =>
  text<Mode>(
    {
      bound: '"sandbox" or "production"',
      meaning: "State of the account in SES. In the sandbox AWS has to verify the sender and every recipient.",
      link: `${docs}/ses/latest/dg/request-production-access.html`,
    },
    (value) => value === own,
  );

const sandboxEmail = object({ mode: mode("sandbox"), ...details }).noUnknown();

const domain = text(
  {
    bound: "a domain in lower case",
    meaning:
      "In production mode only. Its DNS gets the records of the stack's outputs. The sender is an address of it.",
    link: identities,
  },
  new RegExp(`^(?=.{1,253}$)${host}$`),
);

export const productionEmail = object({
  mode: mode("production"),
  domain,
  ...details,
})
  .noUnknown()
  .test(
    rule<{ domain: string; sender: string }>(
      {
        bound: "an email whose sender is an address of its domain",
        reason: "SES sends for verified identities only, and the stack verifies this domain.",
        link: identities,
      },
      ({ domain, sender }) => String(sender).endsWith(`@${domain}`),
    ),
  );

type EmailSettings = InferType<typeof sandboxEmail> | InferType<typeof productionEmail>;

/** How leads go out by email when Slack fails: from an account in SES's sandbox, or from a domain of your own. */
export const email = lazy(
  (value: { mode?: unknown } | undefined): ISchema<EmailSettings> =>
    value?.mode === "production" ? productionEmail : sandboxEmail,
);
