import { SESv2Client } from "@aws-sdk/client-sesv2";
import { type Intercept, startStack } from "local-aws";
import { tempFolder } from "./temp-folder.ts";
import { writeStackFile } from "./zip.ts";

/** As prod has it. */
const stackFile = {
  provider: { aws: [{ region: "us-east-1", allowed_account_ids: ["123456789012"] }] },
  resource: {
    aws_sesv2_email_identity: { domain: { email_identity: "leads.example.com" } },
    aws_sesv2_email_identity_mail_from_attributes: {
      domain: { email_identity: "leads.example.com", mail_from_domain: "mail.leads.example.com" },
    },
    aws_sesv2_configuration_set: { set: { configuration_set_name: "leadwire-prod" } },
  },
};

/** An account that has not got production access. */
const inSandbox: Intercept = async ({ operation }, proceed) => {
  if (operation !== "GetAccount") return undefined;
  const answer = await proceed();
  const account = { ...JSON.parse(answer.body.toString()), ProductionAccessEnabled: false };
  return { ...answer, body: JSON.stringify(account) };
};

/** Runs SES for as long as `use` takes. @param sandbox whether AWS still has to grant production access */
export async function withSes(use: (client: SESv2Client) => Promise<void>, { sandbox = false } = {}): Promise<void> {
  const stackDir = writeStackFile(tempFolder(), stackFile);
  const aws = await startStack({ stackDir, ...(sandbox && { intercept: inSandbox }) });
  const client = new SESv2Client({ ...aws.clientSettings(), maxAttempts: 1 });
  try {
    await use(client);
  } finally {
    client.destroy();
    await aws.stop();
  }
}
