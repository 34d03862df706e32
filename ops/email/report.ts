import { textTable } from "../../command-line/table.ts";
import type { EmailStatus, IdentityStatus, RecipientStatus } from "./status.ts";

/** The status as lines for a terminal, with what there is to do at the end. */
export function emailReport(status: EmailStatus, problems: readonly string[]): string {
  const { environment, region, mode, quota, enforcement, sendingEnabled, configurationSet } = status;
  const perDay = quota.perDay < 0 ? "any number of" : quota.perDay;
  const rows = [
    ["access", access(status)],
    ["sending", `${sendingEnabled ? "enabled" : "paused"}, ${enforcement}; configuration set ${configurationSet}`],
    ["quota", `${quota.usedLast24Hours} of ${perDay} recipients used in 24 hours; ${quota.perSecond} a second`],
    ...status.identities.map((one) => ["identity", identity(one)]),
    ...status.recipients.map((one) => ["recipient", recipient(one)]),
  ];
  return [
    `Email of ${environment}, in ${mode} mode, SES in ${region}`,
    textTable(rows, 2),
    ...(problems.length === 0 ? ["All is well."] : ["To do:", ...problems.map((problem) => `- ${problem}`)]),
  ].join("\n");
}

function access({ productionAccess, review, mode }: EmailStatus): string {
  const granted = mode === "sandbox" ? "production; the environment may use production mode" : "production";
  const state = productionAccess ? granted : "sandbox";
  if (review === undefined) return productionAccess ? state : `${state}; AWS was not asked for production access`;
  return `${state}; request ${review.status}${review.caseId ? `, case ${review.caseId}` : ""}`;
}

const identity = ({ identity: name, verification, dkim, mailFrom }: IdentityStatus) =>
  [
    `${name} ${verification}`,
    ...(dkim ? [`DKIM ${dkim}`] : []),
    ...(mailFrom ? [`MAIL FROM ${mailFrom.domain} ${mailFrom.status}`] : []),
  ].join(", ");

const recipient = ({ address, suppressed }: RecipientStatus) =>
  suppressed
    ? `${address} suppressed since ${suppressed.since.slice(0, 10)}, ${suppressed.reason}`
    : `${address} reachable`;
