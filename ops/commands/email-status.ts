import { emailProblems } from "../email/problems.ts";
import { emailReport } from "../email/report.ts";
import { readEmailStatus } from "../email/status.ts";
import { env, json, opsCommand } from "./command.ts";

/** Shows whether an environment's email can reach everybody; exit code 1 when there is something to do. */
export const emailStatus = opsCommand({
  name: "email status",
  summary: "Shows whether an environment's email is ready, and what to do if it is not.",
  options: { env, json },
  async run({ env, json }, { ses, print }) {
    const status = await readEmailStatus(ses(env.settings.region), env);
    const problems = emailProblems(status, env.settings);
    print(json ? JSON.stringify({ ...status, problems }) : emailReport(status, problems));
    return problems.length > 0 ? 1 : 0;
  },
});
