import { Sesv2EmailIdentity } from "@cdktf/provider-aws/lib/sesv2-email-identity/index.js";
import { Sesv2EmailIdentityMailFromAttributes } from "@cdktf/provider-aws/lib/sesv2-email-identity-mail-from-attributes/index.js";
import { Construct } from "constructs";
import { emailConfigurationSet } from "./email-configuration-set.ts";
import { allow, type Statement } from "./policy.ts";

/** What a function needs to send email. */
export interface EmailSender {
  /** ARNs that SES looks up in the policy of the function that sends. */
  readonly resources: readonly string[];
  /** Name of the configuration set. */
  readonly configurationSet: string;
  /** DNS records that the sender's domain needs, each list by the name of a stack's output. */
  readonly dnsRecords: Readonly<Record<string, unknown>>;
}

export interface SandboxSenderProps {
  /** Every address that AWS has to verify, the sender's own included. */
  readonly identities: readonly string[];
  readonly configurationSetName: string;
}

/** Email from an account in the sandbox of SES: the sender and every recipient is an identity that AWS verifies. */
export function sandboxSender(parent: Construct, id: string, props: SandboxSenderProps): EmailSender {
  const scope = new Construct(parent, id);
  const set = emailConfigurationSet(scope, props.configurationSetName);
  // In the sandbox SES checks the recipients' identities too.
  const identities = props.identities.map(
    (address) => new Sesv2EmailIdentity(scope, address.replace(/[^a-z0-9]+/gi, "-"), { emailIdentity: address }),
  );
  const resources = [...identities, set].map(({ arn }) => arn);
  return { resources, configurationSet: set.configurationSetName, dnsRecords: {} };
}

export interface DomainSenderProps {
  /** The domain that SES verifies and signs for. */
  readonly domain: string;
  readonly configurationSetName: string;
  readonly region: string;
}

/**
 * Regions in which the keys of DKIM are in a domain of the Region.
 * https://docs.aws.amazon.com/general/latest/gr/ses.html#ses_dkim_domains
 */
export const dkimRegions: readonly string[] = [
  "af-south-1",
  "ap-northeast-3",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-5",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "il-central-1",
  "me-central-1",
];

/** Email from a domain of your own, signed with DKIM, with a MAIL FROM domain below it. */
export function domainSender(parent: Construct, id: string, props: DomainSenderProps): EmailSender {
  const { domain, configurationSetName, region } = props;
  const scope = new Construct(parent, id);
  const set = emailConfigurationSet(scope, configurationSetName);
  const identity = new Sesv2EmailIdentity(scope, "email-identity", {
    emailIdentity: domain,
    configurationSetName: set.configurationSetName,
    dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
  });
  const mailFrom = `mail.${domain}`;
  new Sesv2EmailIdentityMailFromAttributes(scope, "email-identity-mail-from-attributes", {
    emailIdentity: identity.emailIdentity,
    mailFromDomain: mailFrom,
    // Emails still go out while the MX record is missing.
    behaviorOnMxFailure: "USE_DEFAULT_VALUE",
  });
  const tokens = `${identity.terraformResourceType}.${identity.friendlyUniqueId}.dkim_signing_attributes[0].tokens`;
  const keys = dkimRegions.includes(region) ? `dkim.${region}.amazonses.com` : "dkim.amazonses.com";
  const record = `{ name = "\${token}._domainkey.${domain}", type = "CNAME", value = "\${token}.${keys}" }`;
  const dnsRecords = {
    // A Terraform expression, because SES chooses the tokens.
    dkim_records: `\${[for token in ${tokens} : ${record}]}`,
    mail_from_records: [
      { name: mailFrom, type: "MX", value: `10 feedback-smtp.${region}.amazonses.com` },
      { name: mailFrom, type: "TXT", value: "v=spf1 include:amazonses.com ~all" },
    ],
    // The least that large mailbox providers ask for. A stricter policy would also be one for the domain's other senders.
    dmarc_records: [{ name: `_dmarc.${domain}`, type: "TXT", value: "v=DMARC1; p=none" }],
  };
  return { resources: [identity.arn, set.arn], configurationSet: set.configurationSetName, dnsRecords };
}

/** Allows to send from one address and from no other, even if the identity is a whole domain. */
export const sendEmail = (from: string, { resources }: Pick<EmailSender, "resources">): Statement => ({
  ...allow("SendEmail", ["ses:SendEmail"], resources),
  condition: { StringEquals: { "ses:FromAddress": from } },
});

/**
 * Allows to ask whether an address is on the account's suppression list. The action has no resources.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const seeSuppression = allow("SeeSuppression", ["ses:GetSuppressedDestination"], ["*"]);
