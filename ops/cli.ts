import { S3Client } from "@aws-sdk/client-s3";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SQSClient } from "@aws-sdk/client-sqs";
import { environmentNamed } from "../environments/index.ts";
import { runEmailCommand } from "./email/run.ts";
import { OpsError } from "./errors.ts";
import { type Command, readCommand, usage } from "./options.ts";
import { readPipeline } from "./outputs.ts";
import { runCommand } from "./run.ts";

const print = console.log;

/** The Region that a queue's URL names; where it names none, the AWS configuration does. */
function place(queueUrl: string): { region?: string } {
  const region = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];
  return region === undefined ? {} : { region };
}

async function run(command: Command): Promise<number> {
  if ("env" in command) {
    const environment = environmentNamed(command.env);
    // SES takes about one call a second of these, so being throttled is nothing out of the ordinary.
    const ses = new SESv2Client({ region: environment.region, maxAttempts: 10 });
    return runEmailCommand(command, environment, { ses, print });
  }
  const pipeline = readPipeline(command.outputs);
  const region = place(pipeline.leads.queueUrl);
  return runCommand(command, pipeline, {
    sqs: new SQSClient(region),
    s3: new S3Client(region),
    print,
    now: () => new Date(),
  });
}

/** Exit codes: 0 done, 1 AWS refused or something is left to do, 2 the command is wrong. */
try {
  process.exitCode = await run(readCommand(process.argv.slice(2)));
} catch (error) {
  const wrongCommand = error instanceof OpsError && error.code === "Usage";
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  if (wrongCommand) console.error(`\n${usage}`);
  process.exitCode = wrongCommand ? 2 : 1;
}
