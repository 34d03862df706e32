import {
  type ApiCall,
  nested,
  optionalText,
  type Parameters,
  present,
  type Requirement,
  requirement,
  type Surroundings,
  texts,
  UnmappedCallError,
  unmapped,
} from "../requirement.ts";

/** Operations on the account as a whole, which have no resource. */
const accountWide = new Set([
  "GetAccount",
  "PutAccountDetails",
  "GetSuppressedDestination",
  "PutSuppressedDestination",
  "DeleteSuppressedDestination",
]);

/**
 * SES v2 asks for `ses:SendEmail`, or `ses:SendRawEmail` when the content is raw, on the sender's identity, on the
 * configuration set if one is named, and in the sandbox on each recipient's identity too.
 * https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
 */
export function ses(call: ApiCall, surroundings: Surroundings): readonly Requirement[] {
  if (accountWide.has(call.operation)) return [requirement(`ses:${call.operation}`, "*")];
  if (call.operation !== "SendEmail") return unmapped("ses", call.operation);

  const content = nested(call.parameters, "Content");
  if ("Template" in content) return unmapped("ses", "SendEmail with a template");
  const action = "Raw" in content ? "ses:SendRawEmail" : "ses:SendEmail";
  const from = parseMailbox(optionalText(call, "FromEmailAddress") ?? rawSender(content, call.operation));
  const recipients = recipientsOf(call);
  const context = present({
    "ses:ApiVersion": "2",
    "ses:FromAddress": from.address,
    "ses:FromDisplayName": from.displayName,
    "ses:FeedbackAddress": optionalText(call, "FeedbackForwardingEmailAddress"),
    "ses:Recipients": recipients,
  });
  const arn = (resource: string) => `arn:aws:ses:${surroundings.region}:${surroundings.accountId}:${resource}`;
  const identityOf = (address: string) => arn(`identity/${verifiedIdentity(address, surroundings.sesIdentities)}`);
  const configurationSet = optionalText(call, "ConfigurationSetName");
  const resources = new Set([
    optionalText(call, "FromEmailAddressIdentityArn") ?? identityOf(from.address),
    ...(configurationSet === undefined ? [] : [arn(`configuration-set/${configurationSet}`)]),
    ...(surroundings.sesSandbox ? recipients.map(identityOf) : []),
  ]);
  return [...resources].map((resource) => requirement(action, resource, context));
}

interface Mailbox {
  readonly address: string;
  readonly displayName: string | undefined;
}

/** `Orders <orders@example.com>`, `"Orders" <orders@example.com>` or the address alone. */
function parseMailbox(mailbox: string): Mailbox {
  const [, name = "", address = ""] = /^\s*(?:"?(.*?)"?\s*)<([^<>]+)>\s*$/.exec(mailbox) ?? [];
  return { address: address || mailbox.trim(), displayName: name || undefined };
}

function rawSender(content: Parameters, operation: string): string {
  const { Data } = nested(content, "Raw");
  const message = typeof Data === "string" ? Buffer.from(Data, "base64").toString("utf8") : "";
  const [header = ""] = message.split(/\r?\n\r?\n/, 1);
  const [, sender] = /^from:\s*(.+)$/im.exec(header.replaceAll(/\r?\n[ \t]+/g, " ")) ?? [];
  if (!sender) throw new UnmappedCallError(operation, "there is no sender");
  return sender;
}

function recipientsOf(call: ApiCall): readonly string[] {
  const destination = { operation: call.operation, parameters: nested(call.parameters, "Destination") };
  const mailboxes = ["ToAddresses", "CcAddresses", "BccAddresses"].flatMap((list) => texts(destination, list));
  return mailboxes.map((mailbox) => parseMailbox(mailbox).address);
}

/** An address's own identity goes before its domain's, and that before a parent domain's. */
function verifiedIdentity(address: string, identities: readonly string[]): string {
  const verified = new Map(identities.map((identity) => [identity.toLowerCase(), identity]));
  const labels = address.slice(address.lastIndexOf("@") + 1).split(".");
  const candidates = [address, ...labels.map((_, index) => labels.slice(index).join("."))];
  return candidates.map((candidate) => verified.get(candidate.toLowerCase())).find(Boolean) ?? address;
}
