import type { GetAccountCommandOutput, SESv2Client } from "@aws-sdk/client-sesv2";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { runEmailCommand } from "../../ops/email/run.ts";
import type { EmailCommand } from "../../ops/options.ts";
import { awsError } from "../helpers/fakes.ts";

const { prod } = environments;
export const status = { name: "email status", env: "prod", json: false } as const satisfies EmailCommand;

/** What a command prints, and its exit code. */
export async function ops(ses: SESv2Client, command: EmailCommand, environment: Environment = prod) {
  const lines: string[] = [];
  const code = await runEmailCommand(command, environment, { ses, print: (line) => void lines.push(line) });
  return { printed: lines.join("\n"), code };
}

/** An SES that answers as given, by operation, and counts what it is asked. */
export function answering(answers: Readonly<Record<string, unknown>>) {
  const asked: { operation: string; input: unknown }[] = [];
  const send = async (command: { constructor: { name: string }; input: unknown }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    asked.push({ operation, input: command.input });
    const answer = answers[operation];
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw awsError("NotFoundException", 404);
    return answer;
  };
  return { ses: { send } as unknown as SESv2Client, asked };
}
/** What SES answers where all is well. */
export const healthy = {
  GetAccount: {
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    EnforcementStatus: "HEALTHY",
    SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 3 },
    SuppressionAttributes: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
  } satisfies Partial<GetAccountCommandOutput>,
  GetConfigurationSet: { SendingOptions: { SendingEnabled: true } },
  GetEmailIdentity: {
    VerificationStatus: "SUCCESS",
    DkimAttributes: { Status: "SUCCESS" },
    MailFromAttributes: { MailFromDomain: "mail.leads.example.com", MailFromDomainStatus: "SUCCESS" },
  },
};
export const account = (changes: Partial<GetAccountCommandOutput>) => ({
  ...healthy,
  GetAccount: { ...healthy.GetAccount, ...changes },
});
/** An account in the sandbox, with the status of its request. */
export const sandbox = (Status?: string) =>
  account({
    ProductionAccessEnabled: false,
    ...(Status && { Details: { ReviewDetails: { Status: Status as "PENDING", CaseId: "7" } } }),
  });
