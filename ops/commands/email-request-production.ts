import { flag } from "../../command-line/options.ts";
import { checkEnvironments } from "../../environments/check.ts";
import { emailProblems } from "../email/problems.ts";
import {
  accountDetails,
  answeredAlready,
  detailLines,
  requestProductionAccess,
  requireDeployed,
} from "../email/production-access.ts";
import { emailReport } from "../email/report.ts";
import { type EmailStatus, readEmailStatus } from "../email/status.ts";
import { env, opsCommand } from "./command.ts";

/** Asks AWS for SES production access. Throws OpsError NotDeployed, UnderReview; InvalidEnvironmentsError. */
export const requestProduction = opsCommand({
  name: "email request-production",
  summary: "Asks AWS for SES production access, with the facts of the environment.",
  options: { env, dryRun: flag("Shows what AWS would be told and calls nobody.") },
  async run({ env, dryRun }, { ses: client, print }) {
    const { name, settings } = env;
    checkEnvironments({ [name]: settings });
    const details = accountDetails(settings);
    if (dryRun) {
      print(`would ask AWS for production access of SES in ${settings.region}:\n${detailLines(details)}`);
      return 0;
    }
    const ses = client(settings.region);
    const before = await readEmailStatus(ses, env);
    requireDeployed(before);
    const answered = answeredAlready(before);
    if (answered === undefined) await requestProductionAccess(ses, before, details);
    print(answered ?? `Asked AWS for production access of SES in ${settings.region}.`);
    const after = answered === undefined ? await statusAfterAsking(ses, env) : before;
    print(emailReport(after, emailProblems(after, settings)));
    return 0;
  },
});

/** SES may need a moment until it shows the request that it has just taken. */
async function statusAfterAsking(...about: Parameters<typeof readEmailStatus>): Promise<EmailStatus> {
  const status = await readEmailStatus(...about);
  return { ...status, review: status.review ?? { status: "PENDING", caseId: undefined } };
}
