import { type GetAccountCommandOutput, NotFoundException, type SESv2Client } from "@aws-sdk/client-sesv2";
import { environments } from "../../environments/index.ts";
import type { NamedEnvironment } from "../../ops/commands/command.ts";

export const prod: NamedEnvironment = { name: "prod", settings: environments.prod };
export const dev: NamedEnvironment = { name: "dev", settings: environments.dev };

/** An SES that answers as given, by operation, and remembers what it is asked. An answer may depend on the input. */
export function answering(answers: Readonly<Record<string, unknown>>) {
  const asked: { operation: string; input: unknown }[] = [];
  const send = async (command: { constructor: { name: string }; input: unknown }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    asked.push({ operation, input: command.input });
    const given = answers[operation];
    const answer = typeof given === "function" ? given(command.input) : given;
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw new NotFoundException({ message: "Not found.", $metadata: {} });
    return answer;
  };
  return { ports: { ses: () => ({ send }) as unknown as SESv2Client }, asked };
}

/** What SES answers where all is well. */
export const healthy = {
  GetAccount: {
    ProductionAccessEnabled: true,
    SendingEnabled: true,
    EnforcementStatus: "HEALTHY",
    SendQuota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 3 },
  } satisfies Partial<GetAccountCommandOutput>,
  GetConfigurationSet: {
    SendingOptions: { SendingEnabled: true },
    SuppressionOptions: { SuppressedReasons: ["BOUNCE", "COMPLAINT"] },
  },
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
export const sandbox = (Status?: string, CaseId = "7") =>
  account({
    ProductionAccessEnabled: false,
    ...(Status && { Details: { ReviewDetails: { Status: Status as "PENDING", CaseId } } }),
  });
