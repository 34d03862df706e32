import type { Construct } from "constructs";
import { emailIdentities } from "../environments/email-identities.ts";
import type { Environment } from "../environments/environment.ts";
import { DomainSender } from "../modules/domain-sender.ts";
import { type EmailSender, SandboxSender } from "../modules/email-sender.ts";

export interface Email {
  readonly sender: EmailSender;
  /** Outputs that tell which DNS records the domain needs. */
  readonly dnsRecords: Readonly<Record<string, unknown>>;
}

/**
 * The environment's way to send email, by the mode that its account has in SES.
 * @param configurationSetName such as `leadwire-dev`
 */
export function emailSender(scope: Construct, configurationSetName: string, { email, region }: Environment): Email {
  const { sender } = email;
  if (email.mode === "sandbox") {
    const identities = emailIdentities(email);
    return { sender: new SandboxSender(scope, "email", { sender, identities, configurationSetName }), dnsRecords: {} };
  }
  const { domain } = email;
  const domainSender = new DomainSender(scope, "email", { domain, sender, region, configurationSetName });
  return {
    sender: domainSender,
    dnsRecords: { dkim_records: domainSender.dkimRecords, mail_from_records: domainSender.mailFromRecords },
  };
}
