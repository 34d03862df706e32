import { array, lazy, object, string } from "yup";
import { docs, matching, rule } from "./rules.ts";

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

const sandboxEmail = object({ mode: string().required(), sender: emailAddress, recipients }).noUnknown();
const productionEmail = object({
  mode: string().required(),
  domain: matching(
    /^([a-z0-9-]+\.)+[a-z]{2,}$/,
    "a domain in lower case",
    "SES signs for it, and its DNS gets the records of the stack's outputs.",
    `${docs}/ses/latest/dg/creating-identities.html`,
  ),
  sender: emailAddress,
  recipients,
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
