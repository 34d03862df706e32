import {
  ConflictException,
  PutAccountDetailsCommand,
  type PutAccountDetailsRequest,
  type SESv2Client,
} from "@aws-sdk/client-sesv2";
import { channelsOf, type Environment } from "../../environments/environment.ts";
import { OpsError } from "../errors.ts";
import { type EmailStatus, inCase } from "./status.ts";

/** The maximum of contacts that SES takes. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountDetails.html */
const maximumContacts = 4;

/** The account details of an environment that go to AWS with the request for production access. The contacts are the alarms' addresses. */
export function accountDetails(environment: Environment): PutAccountDetailsRequest {
  const { email, alarmEmails } = environment;
  const channels = channelsOf(environment);
  const capacity = Math.min(...channels.map((channel) => channel.capacity));
  const chats = channels.flatMap(({ title, webhooks }) => (webhooks ? title : [])).join(" or ");
  const { sender, recipients, websiteUrl, messagesPerDay } = email;
  const signed =
    email.mode === "production"
      ? `from ${sender}; its domain ${email.domain} is signed with DKIM and has a MAIL FROM domain of its own.`
      : `from ${sender}.`;
  return {
    MailType: "TRANSACTIONAL",
    WebsiteURL: websiteUrl,
    ContactLanguage: "EN",
    UseCaseDescription: [
      `Leadwire tells our own sales team of new leads in our CRM. It does so in ${chats}, and by email only while ${chats} does not take messages.`,
      `What: one notification for 1 to ${capacity} leads, in text and HTML, without attachments and without marketing, ${signed}`,
      `To whom: ${recipients.length} fixed addresses of our own staff, which stand in the deployed configuration. Nothing is ever sent to a lead or to an address that comes from outside.`,
      `How much: none on most days, and at most ${messagesPerDay} messages to ${recipients.length} recipients on a day without ${chats}.`,
      "Bounces and complaints: the account's suppression list takes both, a configuration set counts them, and each one alarms our operators, who repair the mailbox before they take its address off the list.",
      "Consent: recipients are staff who work with these leads; whoever wants no mail is taken out of the configuration.",
    ].join("\n"),
    AdditionalContactEmailAddresses: alarmEmails.slice(0, maximumContacts),
    ProductionAccessEnabled: true,
  };
}

/** The details as lines for a terminal, the description last. */
export function detailLines({ UseCaseDescription = "", ...details }: PutAccountDetailsRequest): string {
  const lines = Object.entries(details).map(([name, value]) => `  ${name}: ${[value].flat().join(", ")}`);
  return [...lines, "  UseCaseDescription:", ...UseCaseDescription.split("\n").map((line) => `    ${line}`)].join("\n");
}

/**
 * Checks that the credentials are of the account in which the environment is deployed.
 * @throws OpsError NotDeployed when SES does not know one of its identities
 */
export function requireDeployed({ identities, environment, region }: EmailStatus): void {
  const missing = identities.find(({ verification }) => verification === "MISSING");
  if (!missing) return;
  throw new OpsError(
    "NotDeployed",
    `SES in ${region} does not know ${missing.identity}: deploy leadwire-${environment} first, or choose its account with AWS_PROFILE.`,
  );
}

/** Why there is nothing to ask: AWS has granted access, or reviews a request. Undefined when it can be asked. */
export function answeredAlready({ productionAccess, review, region }: EmailStatus): string | undefined {
  if (productionAccess) return `The account has production access in ${region} already; nothing was asked.`;
  if (review?.status !== "PENDING") return undefined;
  return `AWS is reviewing a request already${inCase(review)}; nothing was asked.`;
}

/**
 * Asks AWS for production access.
 * @throws OpsError UnderReview when AWS takes no new request because one is under review or was denied
 */
export async function requestProductionAccess(
  ses: SESv2Client,
  { review }: EmailStatus,
  details: PutAccountDetailsRequest,
): Promise<void> {
  try {
    await ses.send(new PutAccountDetailsCommand(details));
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    const known = review ? `, ${review.status}${inCase(review)}` : "";
    throw new OpsError(
      "UnderReview",
      `AWS has a request already${known}, and takes no new one: continue in its case in the AWS Support Center.`,
    );
  }
}
