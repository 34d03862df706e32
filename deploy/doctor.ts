import { oneOf, operand } from "../command-line/options.ts";
import type { Command } from "../command-line/program.ts";
import { textTable } from "../command-line/table.ts";
import { deployedNames, environments } from "../environments/index.ts";
import { made } from "./doctor/check.ts";
import { accountChecks, credentials, type DoctorPorts, tools } from "./doctor/checks.ts";

const options = {
  environment: operand("The environment, deployed or not.", oneOf(deployedNames), "dev"),
};

/** Checks what a deployed environment needs and Terraform cannot see. It changes nothing and prints no secret. */
export const doctor: Command<typeof options, DoctorPorts & { print(line: string): void }> = {
  name: "doctor",
  summary:
    "Checks tools, credentials, quotas, secrets, Slack and email. Exit codes: 0 all is well, 1 there is something to do.",
  options,
  async run({ environment: name }, ports) {
    const patient = { name, settings: environments[name] };
    const checks = accountChecks(patient, ports);
    const first = await Promise.all([tools, credentials(patient, ports)].map((check) => made(check)));
    const isItsAccount = first[1]?.problems.length === 0;
    const titles = checks.map(({ title }) => title).join(", ");
    const rest = isItsAccount
      ? await Promise.all(checks.map((check) => made(check)))
      : [{ title: titles, found: "not checked, for want of credentials of the account", problems: [] }];
    const results = [...first, ...rest];
    ports.print(`${name}, account ${patient.settings.accountId}, ${patient.settings.region}`);
    ports.print(
      textTable(
        results.map(({ title, found }) => [title, found]),
        2,
      ),
    );
    const problems = results.flatMap((result) => result.problems);
    for (const line of problems.length > 0 ? ["To do:", ...problems.map((one) => `- ${one}`)] : ["All is well."]) {
      ports.print(line);
    }
    return problems.length > 0 ? 1 : 0;
  },
};
