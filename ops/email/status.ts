import {
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  GetSuppressedDestinationCommand,
  NotFoundException,
  type SESv2Client,
} from "@aws-sdk/client-sesv2";
import { emailIdentities } from "../../environments/email-identities.ts";
import type { Environment } from "../../environments/environment.ts";
import type { EnvironmentName } from "../../environments/index.ts";
import type { NamedEnvironment } from "../commands/command.ts";

/** What SES knows about an environment's email. Words in capitals are SES's own. */
export interface EmailStatus {
  readonly environment: EnvironmentName;
  readonly region: string;
  readonly mode: Environment["email"]["mode"];
  /** False in SES's sandbox. */
  readonly productionAccess: boolean;
  /** The latest request for production access: `PENDING`, `GRANTED`, `DENIED` or `FAILED`; undefined without one. */
  readonly review: { readonly status: string; readonly caseId: string | undefined } | undefined;
  readonly sendingEnabled: boolean;
  /** `HEALTHY`, `PROBATION` or `SHUTDOWN`. */
  readonly enforcement: string;
  /** Counted in recipients; -1 a day means no limit. */
  readonly quota: { readonly perDay: number; readonly perSecond: number; readonly usedLast24Hours: number };
  /** Reasons for which the configuration set puts an address on the suppression list: `BOUNCE`, `COMPLAINT` or both. */
  readonly suppressedReasons: readonly string[];
  /** `missing` when the stack is not deployed. */
  readonly configurationSet: "sending" | "paused" | "missing";
  readonly identities: readonly IdentityStatus[];
  readonly recipients: readonly RecipientStatus[];
}

/** Names the case of a review in a sentence, if it has one. */
export const inCase = (review: EmailStatus["review"]) => (review?.caseId ? ` (case ${review.caseId})` : "");

export interface IdentityStatus {
  /** An address or a domain. */
  readonly identity: string;
  /** `SUCCESS`, `PENDING`, `FAILED`, `TEMPORARY_FAILURE`, `NOT_STARTED`, or `MISSING` when SES does not know it. */
  readonly verification: string;
  /** Status of the DKIM signing; domains only. */
  readonly dkim?: string;
  /** Domains only. */
  readonly mailFrom?: { readonly domain: string; readonly status: string };
}

export interface RecipientStatus {
  readonly address: string;
  /** Set when SES no longer sends to the address: `BOUNCE` or `COMPLAINT`, and since when in ISO 8601. */
  readonly suppressed?: { readonly reason: string; readonly since: string };
}

/**
 * Asks SES about an environment's email, one call after the other, because SES takes about one a second.
 * @throws the SDK's errors, such as `AccessDeniedException`
 */
export async function readEmailStatus(
  ses: SESv2Client,
  { name, settings: { email, region } }: NamedEnvironment,
): Promise<EmailStatus> {
  const account = await ses.send(new GetAccountCommand({}));
  const { Status, CaseId } = account.Details?.ReviewDetails ?? {};
  return {
    environment: name,
    region,
    mode: email.mode,
    productionAccess: account.ProductionAccessEnabled ?? false,
    review: Status && { status: Status, caseId: CaseId },
    sendingEnabled: account.SendingEnabled ?? false,
    enforcement: account.EnforcementStatus ?? "UNKNOWN",
    quota: {
      perDay: account.SendQuota?.Max24HourSend ?? 0,
      perSecond: account.SendQuota?.MaxSendRate ?? 0,
      usedLast24Hours: account.SendQuota?.SentLast24Hours ?? 0,
    },
    ...(await configurationSet(ses, `leadwire-${name}`)),
    identities: await inTurn(emailIdentities(email), (identity) => identityStatus(ses, identity)),
    recipients: await inTurn(email.recipients, (address) => recipientStatus(ses, address)),
  };
}

async function configurationSet(
  ses: SESv2Client,
  name: string,
): Promise<Pick<EmailStatus, "configurationSet" | "suppressedReasons">> {
  const found = await unlessMissing(ses.send(new GetConfigurationSetCommand({ ConfigurationSetName: name })));
  const state = found?.SendingOptions?.SendingEnabled === false ? "paused" : "sending";
  return {
    configurationSet: found ? state : "missing",
    suppressedReasons: found?.SuppressionOptions?.SuppressedReasons ?? [],
  };
}

async function identityStatus(ses: SESv2Client, identity: string): Promise<IdentityStatus> {
  const found = await unlessMissing(ses.send(new GetEmailIdentityCommand({ EmailIdentity: identity })));
  if (!found) return { identity, verification: "MISSING" };
  const verification = found.VerificationStatus ?? (found.VerifiedForSendingStatus ? "SUCCESS" : "PENDING");
  if (identity.includes("@")) return { identity, verification };
  const { MailFromDomain: domain, MailFromDomainStatus } = found.MailFromAttributes ?? {};
  return {
    identity,
    verification,
    dkim: found.DkimAttributes?.Status ?? "NOT_STARTED",
    ...(domain && { mailFrom: { domain, status: MailFromDomainStatus ?? "PENDING" } }),
  };
}

async function recipientStatus(ses: SESv2Client, address: string): Promise<RecipientStatus> {
  const found = await unlessMissing(ses.send(new GetSuppressedDestinationCommand({ EmailAddress: address })));
  const { Reason: reason = "UNKNOWN", LastUpdateTime } = found?.SuppressedDestination ?? {};
  return { address, ...(found && { suppressed: { reason, since: LastUpdateTime?.toISOString() ?? "" } }) };
}

/** Undefined when SES answers that there is no such thing. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

async function inTurn<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}
