import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startStack } from "local-aws";

const [stackDir = "cdktf.out/stacks/my-stack"] = process.argv.slice(2);
const aws = await startStack({ stackDir, parameters: { "/my-stack/api-key": "made-up" } });
aws.logs.on("line", ({ function: name, line }) => console.log(`${name}: ${line}`));
aws.deadLetters.on("arrived", ({ body }, queue) => console.log(`${queue} got ${body}`));
aws.monitoring.on("transition", ({ alarm, to }) => console.log(`alarm ${alarm.name}: ${to}`));
aws.gateway.on("denied", ({ caller, operation }) => console.log(`${caller.name} may not ${operation}`));
console.log(`API ${aws.api.url}, mailbox ${aws.mailboxUrl}, all other services ${aws.gateway.url}`);

const QueueUrl = String(aws.stack.output("queue_url"));
await new SQSClient(aws.clientSettings()).send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
process.once("SIGINT", () => aws.stop());
