import type { Environment } from "../../environments/environment.ts";
import { type EmailStatus, type IdentityStatus, inCase } from "./status.ts";

/**
 * Finds what would keep an environment's email from reaching everybody on a day without Slack.
 * @returns a sentence for each problem, with what to do; none when all is well
 */
export function emailProblems(status: EmailStatus, { email }: Pick<Environment, "email">): readonly string[] {
  const { environment, enforcement, quota, suppressedReasons, recipients } = status;
  const needed = email.messagesPerDay * email.recipients.length;
  const more = status.productionAccess ? "ask for more in the Service Quotas console" : "production access brings more";
  const problems: (string | false)[] = [
    status.mode === "production" && !status.productionAccess && awaited(status),
    !status.sendingEnabled &&
      "Sending is paused for the account: find out why under Reputation metrics in SES, then switch it on with aws sesv2 put-account-sending-attributes --sending-enabled.",
    enforcement === "PROBATION" &&
      "AWS has put the account's sending under review (PROBATION): fix what AWS's mail names, and answer the case in the AWS Support Center.",
    enforcement === "SHUTDOWN" &&
      "AWS has suspended the account's sending (SHUTDOWN): answer the case in the AWS Support Center.",
    status.configurationSet === "paused" &&
      `Sending is paused for the configuration set leadwire-${environment}: deploy the stack again, which switches it on.`,
    status.configurationSet === "missing" &&
      `There is no configuration set leadwire-${environment}: deploy the stack, or choose its account with AWS_PROFILE.`,
    status.configurationSet !== "missing" &&
      !["BOUNCE", "COMPLAINT"].every((reason) => suppressedReasons.includes(reason)) &&
      `The configuration set leadwire-${environment} does not suppress both bounces and complaints, so SES keeps sending to addresses that bounced: deploy the stack again.`,
    quota.perDay >= 0 &&
      quota.perDay < needed &&
      `The quota of ${quota.perDay} recipients a day is less than the ${needed} that email.messagesPerDay and the recipients need: ${more}, or lower it.`,
    quota.perDay >= 0 &&
      quota.usedLast24Hours >= quota.perDay &&
      `All ${quota.perDay} recipients of the day's quota are used up: ${more}.`,
    ...status.identities.map(identityProblem),
    ...recipients.map(
      ({ address, suppressed }) =>
        suppressed !== undefined &&
        `SES no longer sends to ${address} (${suppressed.reason}): repair the mailbox, then run npm run ops -- email unsuppress --env ${environment} --address ${address}.`,
    ),
  ];
  return problems.filter((problem) => problem !== false);
}

function awaited({ environment, review }: EmailStatus): string {
  const ask = `npm run ops -- email request-production --env ${environment}`;
  if (review === undefined)
    return `The account is in SES's sandbox and AWS was not asked for production access: ${ask}.`;
  if (review.status === "FAILED") return `The request for production access did not reach AWS: run ${ask} again.`;
  if (review.status === "DENIED") {
    return `AWS has denied production access${inCase(review)}: answer the case in the AWS Support Center with more details.`;
  }
  return `AWS has the request for production access${inCase(review)}, which takes about a day: answer its questions in the AWS Support Center.`;
}

function identityProblem({ identity, verification, dkim, mailFrom }: IdentityStatus): string | false {
  if (verification === "MISSING") {
    return `SES does not know ${identity}: deploy the stack, or choose its account with AWS_PROFILE.`;
  }
  const isDomain = !identity.includes("@");
  if (isDomain && (verification !== "SUCCESS" || dkim !== "SUCCESS")) {
    return `${identity} is not verified and signed (${verification}, DKIM ${dkim}): put the records of the output dkim_records into its DNS.`;
  }
  if (verification !== "SUCCESS") {
    return `${identity} is not verified (${verification}): follow the link in AWS's mail to it; for a new mail, delete the identity in SES and deploy the stack again.`;
  }
  if (isDomain && mailFrom?.status !== "SUCCESS") {
    return `${mailFrom?.domain ?? "The MAIL FROM domain"} is not ready (${mailFrom?.status ?? "MISSING"}): put the records of the output mail_from_records into its DNS.`;
  }
  return false;
}
