import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Sesv2EmailIdentityMailFromAttributes } from "@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes/index.js";
import { Construct } from "constructs";
import { emailConfigurationSet } from "./email-configuration-set.ts";
import type { EmailSender } from "./email-sender.ts";

export interface DomainSenderProps {
  /** The domain that SES verifies and signs for. */
  readonly domain: string;
  /** An address of the domain. */
  readonly sender: string;
  /** Name of the configuration set. */
  readonly configurationSetName: string;
  readonly region: string;
}

/** Email from a domain of your own, signed with DKIM, with a MAIL FROM domain below it. */
export class DomainSender extends Construct implements EmailSender {
  readonly sender: string;
  readonly resources: readonly string[];
  readonly configurationSet: string;
  readonly dnsRecords: EmailSender["dnsRecords"];

  constructor(scope: Construct, id: string, props: DomainSenderProps) {
    super(scope, id);
    const { domain, sender, configurationSetName, region } = props;
    const set = emailConfigurationSet(this, configurationSetName);
    const identity = new Sesv2EmailIdentity(this, "email-identity", {
      emailIdentity: domain,
      configurationSetName: set.configurationSetName,
      dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
    });
    const mailFrom = `mail.${domain}`;
    new Sesv2EmailIdentityMailFromAttributes(this, "email-identity-mail-from-attributes", {
      emailIdentity: identity.emailIdentity,
      mailFromDomain: mailFrom,
      // Emails still go out while the MX record is missing.
      behaviorOnMxFailure: "USE_DEFAULT_VALUE",
    });

    this.sender = sender;
    this.resources = [identity.arn, set.arn];
    this.configurationSet = set.configurationSetName;
    const tokens = `${identity.terraformResourceType}.${identity.friendlyUniqueId}.dkim_signing_attributes[0].tokens`;
    const record = `{ name = "\${token}._domainkey.${domain}", type = "CNAME", value = "\${token}.dkim.amazonses.com" }`;
    this.dnsRecords = {
      // A Terraform expression, because SES chooses the tokens.
      dkim_records: `\${[for token in ${tokens} : ${record}]}`,
      mail_from_records: [
        { name: mailFrom, type: "MX", value: `10 feedback-smtp.${region}.amazonses.com` },
        { name: mailFrom, type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
      ],
    };
  }
}
