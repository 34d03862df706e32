import type { Statement } from "./policy.ts";

/** What a function needs to send email. */
export interface EmailSender {
  /** The address that emails are sent from. */
  readonly sender: string;
  /** ARNs that SES looks up in the policy of the function that sends. */
  readonly resources: readonly string[];
  /** Name of the configuration set. */
  readonly configurationSet: string;
  /** DNS records that the sender's domain needs, each list by the name of a stack's output. */
  readonly dnsRecords: Readonly<Record<string, unknown>>;
}

/** Allows to send from one address and from no other, even if the identity is a whole domain. */
export const sendEmail = ({ sender, resources }: EmailSender): Statement => ({
  sid: "SendEmail",
  actions: ["ses:SendEmail"],
  resources,
  condition: { StringEquals: { "ses:FromAddress": sender } },
});

/**
 * Allows to ask whether an address is on the account's suppression list. The action has no resources.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const seeSuppression: Statement = {
  sid: "SeeSuppression",
  actions: ["ses:GetSuppressedDestination"],
  resources: ["*"],
};
