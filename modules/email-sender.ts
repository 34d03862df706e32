import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Construct } from "constructs";
import { emailConfigurationSet } from "./email-configuration-set.ts";
import type { Statement } from "./policy.ts";

/** What a function needs to send email. */
export interface EmailSender {
  readonly sender: string;
  /** ARNs that SES looks up in the policy of whoever sends. */
  readonly resources: readonly string[];
  /** Name of the configuration set. */
  readonly configurationSet: string;
}

/** Sending from one address and from no other, whatever the identity would allow. */
export const sendEmail = ({ sender, resources }: EmailSender): Statement => ({
  sid: "SendEmail",
  actions: ["ses:SendEmail"],
  resources,
  condition: { StringEquals: { "ses:FromAddress": sender } },
});

/**
 * Asking whether an address is on the account's suppression list. The action knows no resources.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const seeSuppression: Statement = {
  sid: "SeeSuppression",
  actions: ["ses:GetSuppressedDestination"],
  resources: ["*"],
};

export interface SandboxSenderProps {
  readonly sender: string;
  /** Every address that has to be confirmed, the sender's own among them. */
  readonly identities: readonly string[];
  /** Name of the configuration set. */
  readonly configurationSetName: string;
}

/** Email from an account in SES's sandbox: the sender and every recipient is an identity that has to be confirmed. */
export class SandboxSender extends Construct implements EmailSender {
  readonly sender: string;
  readonly resources: readonly string[];
  readonly configurationSet: string;

  constructor(scope: Construct, id: string, { sender, identities, configurationSetName }: SandboxSenderProps) {
    super(scope, id);
    const set = emailConfigurationSet(this, configurationSetName);
    this.sender = sender;
    this.configurationSet = set.configurationSetName;
    // In the sandbox SES checks the recipients' identities too.
    this.resources = [
      ...identities.map(
        (address) => new Sesv2EmailIdentity(this, address.replace(/[^a-z0-9]+/gi, "-"), { emailIdentity: address }).arn,
      ),
      set.arn,
    ];
  }
}
