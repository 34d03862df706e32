import { join } from "node:path";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { App, AssetType, TerraformAsset, TerraformOutput, TerraformStack } from "cdktf";
import { account, allow, policy, region } from "./build-stack.ts";
import { tempFolder } from "./temp-folder.ts";
import { writeZip } from "./zip.ts";

/** A function that prints what its queue brings. */
class MyStack extends TerraformStack {
  constructor(app: App, zip: string) {
    super(app, "my-stack");
    new AwsProvider(this, "aws", { region, allowedAccountIds: [account] });
    const queue = new SqsQueue(this, "queue", { name: "my-queue" });
    const role = new IamRole(this, "role", {
      name: "my-worker",
      assumeRolePolicy: policy({
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    new IamRolePolicy(this, "policy", {
      role: role.name,
      policy: policy(
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue.arn),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
      ),
    });
    const { path: filename } = new TerraformAsset(this, "zip", { path: zip, type: AssetType.FILE });
    const worker = new LambdaFunction(this, "worker", {
      functionName: "my-worker",
      role: role.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      filename,
    });
    new LambdaEventSourceMapping(this, "mapping", { eventSourceArn: queue.arn, functionName: worker.arn });
    new TerraformOutput(this, "queue_url", { value: queue.url, staticId: true });
  }
}

/** Synthesizes a small stack as CDKTF does. @returns the stack's folder */
export async function cdktfStack(): Promise<string> {
  const folder = tempFolder();
  const zip = join(folder, "worker.zip");
  writeZip(zip, {
    "index.mjs":
      "export const handler = (event) => { for (const { body } of event.Records) console.log('got ' + body); };",
  });
  const app = new App({ outdir: join(folder, "out") });
  new MyStack(app, zip);
  app.synth();
  return join(folder, "out", "stacks", "my-stack");
}
