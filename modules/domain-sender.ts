import { Sesv2ConfigurationSet } from "@cdktf/provider-aws/lib/sesv2-configuration-set/index.js";
import { Sesv2ConfigurationSetEventDestination } from "@cdktf/provider-aws/lib/sesv2-configuration-set-event-destination/index.js";
import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Sesv2EmailIdentityMailFromAttributes } from "@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes/index.js";
import { Construct } from "constructs";
import type { AlarmTopic } from "./alarm-topic.ts";
import { type EmailSender, suppressBouncesAndComplaints } from "./email-sender.ts";

export interface DomainSenderProps {
  readonly domain: string;
  /** An address of the domain. */
  readonly sender: string;
  /** Name of the configuration set. */
  readonly configurationSetName: string;
  /** Hears of bounces, complaints and rejected messages; SES has to be among its publishers. */
  readonly events: AlarmTopic;
  readonly region: string;
}

/** Email from a domain of one's own, signed with DKIM, with a MAIL FROM domain, and with bounces heard of. */
export class DomainSender extends Construct implements EmailSender {
  readonly sender: string;
  readonly resources: readonly string[];
  readonly configurationSet: string;
  /** DNS records for DKIM, as a Terraform expression: SES picks the tokens. */
  readonly dkimRecords: string;
  /** DNS records of the MAIL FROM domain. */
  readonly mailFromRecords: readonly { readonly name: string; readonly type: string; readonly value: string }[];

  constructor(scope: Construct, id: string, props: DomainSenderProps) {
    super(scope, id);
    const { domain, sender, configurationSetName, events, region } = props;
    const set = new Sesv2ConfigurationSet(this, "configuration-set", {
      configurationSetName,
      deliveryOptions: { tlsPolicy: "REQUIRE" },
      reputationOptions: { reputationMetricsEnabled: true },
      sendingOptions: { sendingEnabled: true },
      suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
    });
    new Sesv2ConfigurationSetEventDestination(this, "configuration-set-event-destination", {
      configurationSetName: set.configurationSetName,
      eventDestinationName: "alarms",
      eventDestination: {
        enabled: true,
        matchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT"],
        snsDestination: { topicArn: events.topic.arn },
      },
      // SES publishes a test message when it makes the destination.
      dependsOn: [events.policy],
    });
    const identity = new Sesv2EmailIdentity(this, "email-identity", {
      emailIdentity: domain,
      configurationSetName: set.configurationSetName,
      dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
    });
    const mailFrom = `mail.${domain}`;
    new Sesv2EmailIdentityMailFromAttributes(this, "email-identity-mail-from-attributes", {
      emailIdentity: identity.emailIdentity,
      mailFromDomain: mailFrom,
      // Leads still go out while the MX record is missing.
      behaviorOnMxFailure: "USE_DEFAULT_VALUE",
    });
    suppressBouncesAndComplaints(this);

    this.sender = sender;
    this.resources = [identity.arn, set.arn];
    this.configurationSet = set.configurationSetName;
    const tokens = `${identity.terraformResourceType}.${identity.friendlyUniqueId}.dkim_signing_attributes[0].tokens`;
    const record = `{ name = "\${token}._domainkey.${domain}", type = "CNAME", value = "\${token}.dkim.amazonses.com" }`;
    this.dkimRecords = `\${[for token in ${tokens} : ${record}]}`;
    this.mailFromRecords = [
      { name: mailFrom, type: "MX", value: `10 feedback-smtp.${region}.amazonses.com` },
      { name: mailFrom, type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
    ];
  }
}
