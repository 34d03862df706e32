import { array, lazy, object, string } from "yup";
import { docs, matching, rule, whole } from "./rules.ts";

const emailAddress = matching(
  /^[\w.+-]+@([a-z0-9-]+\.)+[a-z]{2,}$/,
  "a plain email address, its domain in lower case",
  "SES compares it with the verified identity and with the policy's condition as it is written.",
  `${docs}/ses/latest/dg/creating-identities.html`,
);

/** At least one address, and none twice. */
export const distinctAddresses = (most: number, reason: string, link: string) =>
  array()
    .of(emailAddress)
    .required()
    .test(
      rule<string[]>(
        `1 to ${most} different addresses`,
        reason,
        link,
        (addresses) =>
          addresses.length >= 1 && addresses.length <= most && new Set(addresses).size === addresses.length,
      ),
    );
const recipients = distinctAddresses(50, "SES takes 50 recipients in a message.", `${docs}/ses/latest/dg/quotas.html`);

const accountDetails = `${docs}/ses/latest/APIReference-V2/API_PutAccountDetails.html`;
const websiteUrl = string()
  .defined()
  .test(
    rule<string>(
      "a web address of at most 1,000 characters, such as https://www.example.com",
      "AWS wants to see the website of whoever asks for production access.",
      accountDetails,
      (url) => url.length <= 1000 && /^https?:\/\/[^\s/]+\.[^\s/]+/.test(url) && URL.canParse(url),
    ),
  );
const messagesPerDay = whole(
  1,
  1_000_000,
  "AWS is told it, and email status compares the account's quota with it.",
  "docs/operations.md#email",
);

const details = { mode: string().required(), sender: emailAddress, recipients, websiteUrl, messagesPerDay };
const sandboxEmail = object(details).noUnknown();
const productionEmail = object({
  ...details,
  domain: matching(
    /^([a-z0-9-]+\.)+[a-z]{2,}$/,
    "a domain in lower case",
    "SES signs for it, and its DNS gets the records of the stack's outputs.",
    `${docs}/ses/latest/dg/creating-identities.html`,
  ),
})
  .noUnknown()
  .test(
    rule<{ domain: string; sender: string }>(
      "an email whose sender is an address of its domain",
      "SES sends for verified identities only, and this domain is the one that the stack verifies.",
      `${docs}/ses/latest/dg/creating-identities.html`,
      ({ domain, sender }) => String(sender).endsWith(`@${domain}`),
    ),
  );
const unknownEmail = object({
  mode: string()
    .required()
    .test(
      rule(
        '"sandbox" or "production"',
        "These are the two states of an account in SES.",
        `${docs}/ses/latest/dg/request-production-access.html`,
        () => false,
      ),
    ),
});
const emailOfMode: Readonly<Record<string, typeof sandboxEmail | typeof productionEmail>> = {
  sandbox: sandboxEmail,
  production: productionEmail,
};

/** The shape of an Email, by its mode. */
export const email = lazy((value: { mode?: string } | undefined) => emailOfMode[value?.mode ?? ""] ?? unknownEmail);
