import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { OpsError } from "./errors.ts";
import { readCommand, usage } from "./options.ts";
import { readPipeline } from "./outputs.ts";
import { runCommand } from "./run.ts";

/** The Region that a queue's URL names; where it names none, the AWS configuration does. */
function place(queueUrl: string): { region?: string } {
  const region = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];
  return region === undefined ? {} : { region };
}

/** Exit codes: 0 done, 1 AWS refused or part of the work is left, 2 the command is wrong. */
try {
  const command = readCommand(process.argv.slice(2));
  const pipeline = readPipeline(command.outputs);
  const region = place(pipeline.leads.queueUrl);
  const ports = { sqs: new SQSClient(region), s3: new S3Client(region), print: console.log, now: () => new Date() };
  process.exitCode = await runCommand(command, pipeline, ports);
} catch (error) {
  const wrongCommand = error instanceof OpsError && error.code === "Usage";
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  if (wrongCommand) console.error(`\n${usage}`);
  process.exitCode = wrongCommand ? 2 : 1;
}
