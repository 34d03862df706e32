import { DeleteSuppressedDestinationCommand, type SESv2Client } from "@aws-sdk/client-sesv2";
import { checkEnvironments } from "../../environments/check.ts";
import type { Environment } from "../../environments/environment.ts";
import { OpsError } from "../errors.ts";
import type { EmailCommand } from "../options.ts";
import { emailProblems } from "./problems.ts";
import {
  accountDetails,
  answeredAlready,
  detailLines,
  requestProductionAccess,
  requireDeployed,
} from "./production-access.ts";
import { emailReport } from "./report.ts";
import { type EmailStatus, readEmailStatus } from "./status.ts";

export interface EmailPorts {
  /** Of the environment's Region. */
  readonly ses: SESv2Client;
  print(line: string): void;
}

type CommandOf<Name extends EmailCommand["name"]> = Extract<EmailCommand, { readonly name: Name }>;

/**
 * Runs a command about an environment's email.
 * @returns the exit code: 1 when `email status` found something to do
 * @throws OpsError NotDeployed, UnderReview, NotSuppressed; InvalidEnvironmentsError; the SDK's errors
 */
export async function runEmailCommand(
  command: EmailCommand,
  environment: Environment,
  ports: EmailPorts,
): Promise<number> {
  switch (command.name) {
    case "email status":
      return showStatus(command, environment, ports);
    case "email request-production":
      return request(command, environment, ports);
    case "email unsuppress":
      return unsuppress(command, environment, ports);
  }
}

async function showStatus({ env, json }: CommandOf<"email status">, environment: Environment, ports: EmailPorts) {
  const status = await readEmailStatus(ports.ses, env, environment);
  const problems = emailProblems(status, environment);
  ports.print(json ? JSON.stringify({ ...status, problems }) : emailReport(status, problems));
  return problems.length > 0 ? 1 : 0;
}

async function request(
  { env, dryRun }: CommandOf<"email request-production">,
  environment: Environment,
  { ses, print }: EmailPorts,
) {
  checkEnvironments({ [env]: environment });
  const details = accountDetails(environment);
  if (dryRun) {
    print(`would ask AWS for production access of SES in ${environment.region}:\n${detailLines(details)}`);
    return 0;
  }
  const before = await readEmailStatus(ses, env, environment);
  requireDeployed(before);
  const answered = answeredAlready(before);
  if (answered === undefined) await requestProductionAccess(ses, before, details);
  print(answered ?? `Asked AWS for production access of SES in ${environment.region}.`);
  const after = answered === undefined ? await statusAfterAsking(ses, env, environment) : before;
  print(emailReport(after, emailProblems(after, environment)));
  return 0;
}

/** SES may need a moment until it shows the request that it has just taken. */
async function statusAfterAsking(...about: Parameters<typeof readEmailStatus>): Promise<EmailStatus> {
  const status = await readEmailStatus(...about);
  return { ...status, review: status.review ?? { status: "PENDING", caseId: undefined } };
}

async function unsuppress(
  { address, env }: CommandOf<"email unsuppress">,
  environment: Environment,
  { ses, print }: EmailPorts,
) {
  try {
    await ses.send(new DeleteSuppressedDestinationCommand({ EmailAddress: address }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "NotFoundException")) throw error;
    requireDeployed(await readEmailStatus(ses, env, environment));
    throw new OpsError(
      "NotSuppressed",
      `--address ${address}: it is not on the suppression list of ${env} in ${environment.region}.`,
    );
  }
  print(`SES writes to ${address} again. If its mailbox does not take the next email, it is back on the list.`);
  return 0;
}
