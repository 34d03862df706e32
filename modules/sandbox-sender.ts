import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Construct } from "constructs";
import { emailConfigurationSet } from "./email-configuration-set.ts";
import type { EmailSender } from "./email-sender.ts";

export interface SandboxSenderProps {
  readonly sender: string;
  /** Every address that AWS has to verify, the sender's own included. */
  readonly identities: readonly string[];
  /** Name of the configuration set. */
  readonly configurationSetName: string;
}

/** Email from an account in the sandbox of SES: the sender and every recipient is an identity that AWS verifies. */
export class SandboxSender extends Construct implements EmailSender {
  readonly sender: string;
  readonly resources: readonly string[];
  readonly configurationSet: string;
  readonly dnsRecords = {};

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
