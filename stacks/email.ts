import type { Construct } from "constructs";
import type { Environment } from "../environments/environment.ts";
import type { AlarmPublisher, AlarmTopic } from "../modules/alarm-topic.ts";
import { DomainSender } from "../modules/domain-sender.ts";
import { type EmailSender, SandboxSender } from "../modules/email-sender.ts";

/** Who publishes to the alarm topic: with a domain of its own, SES tells of bounces and complaints too. */
export const alarmPublishers: Readonly<Record<Environment["email"]["mode"], readonly AlarmPublisher[]>> = {
  sandbox: ["cloudwatch.amazonaws.com"],
  production: ["cloudwatch.amazonaws.com", "ses.amazonaws.com"],
};

export interface EmailProps {
  readonly prefix: string;
  readonly environment: Environment;
  readonly alarms: AlarmTopic;
}

export interface Email {
  readonly sender: EmailSender;
  /** Outputs that tell which DNS records the domain needs. */
  readonly dnsRecords: Readonly<Record<string, unknown>>;
}

/** The environment's way to send email, by the mode that its account has in SES. */
export function emailSender(scope: Construct, { prefix, environment, alarms }: EmailProps): Email {
  const { email, region } = environment;
  if (email.mode === "sandbox") return { sender: new SandboxSender(scope, "email", email), dnsRecords: {} };
  const { domain, sender } = email;
  const domainSender = new DomainSender(scope, "email", {
    domain,
    sender,
    region,
    configurationSetName: prefix,
    events: alarms,
  });
  return {
    sender: domainSender,
    dnsRecords: { dkim_records: domainSender.dkimRecords, mail_from_records: domainSender.mailFromRecords },
  };
}
