import { Sesv2AccountSuppressionAttributes } from "@cdktf/provider-aws/lib/sesv2-account-suppression-attributes/index.js";
import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Construct } from "constructs";
import type { Statement } from "./policy.ts";

/** What a function needs to send email. */
export interface EmailSender {
  readonly sender: string;
  /** ARNs that SES looks up in the policy of whoever sends. */
  readonly resources: readonly string[];
  /** Name of the configuration set, where there is one. */
  readonly configurationSet?: string;
}

/** Sending from one address and from no other, whatever the identity would allow. */
export const sendEmail = ({ sender, resources }: EmailSender): Statement => ({
  sid: "SendEmail",
  actions: ["ses:SendEmail"],
  resources,
  condition: { StringEquals: { "ses:FromAddress": sender } },
});

/** SES writes to no address again that bounced or complained; the setting is the account's in this Region. */
export function suppressBouncesAndComplaints(scope: Construct): void {
  new Sesv2AccountSuppressionAttributes(scope, "account-suppression-attributes", {
    suppressedReasons: ["BOUNCE", "COMPLAINT"],
  });
}

export interface SandboxSenderProps {
  readonly sender: string;
  readonly recipients: readonly string[];
}

/** Email from an account in SES's sandbox: the sender and every recipient is an identity that has to be confirmed. */
export class SandboxSender extends Construct implements EmailSender {
  readonly sender: string;
  readonly resources: readonly string[];

  constructor(scope: Construct, id: string, { sender, recipients }: SandboxSenderProps) {
    super(scope, id);
    this.sender = sender;
    // In the sandbox SES checks the recipients' identities too.
    this.resources = [...new Set([sender, ...recipients])].map(
      (address) => new Sesv2EmailIdentity(this, address.replace(/[^a-z0-9]+/gi, "-"), { emailIdentity: address }).arn,
    );
    suppressBouncesAndComplaints(this);
  }
}
