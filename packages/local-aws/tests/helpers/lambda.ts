import { join } from "node:path";
import { functionSettings } from "../../src/lambda/function-settings.ts";
import { LambdaFunction } from "../../src/lambda/lambda-function.ts";
import { Logs } from "../../src/lambda/logs.ts";
import { readStack } from "../../src/stack/stack-file.ts";
import { tempFolder } from "./temp-folder.ts";
import { writeStackFile, writeZip } from "./zip.ts";

/** A function from a zip with the given files, ready to be invoked, with its logs. */
export function lambdaOf(files: Readonly<Record<string, string>>, attributes: Readonly<Record<string, unknown>> = {}) {
  const folder = tempFolder();
  writeZip(join(folder, "function.zip"), files);
  writeStackFile(folder, {
    provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["111122223333"] }] },
    resource: {
      aws_lambda_function: {
        f: {
          function_name: "f",
          role: "arn:aws:iam::111122223333:role/f",
          runtime: "nodejs24.x",
          handler: "index.handler",
          filename: "function.zip",
          ...attributes,
        },
      },
    },
  });
  const stack = readStack(folder, { gatewayUrl: "http://127.0.0.1:1", apiUrl: "http://127.0.0.1:2" });
  const logs = new Logs(join(folder, "functions.log"));
  const [resource] = stack.of("aws_lambda_function");
  if (!resource) throw new Error("The stack of the test holds no function.");
  const openStream = () => (requestId: string | undefined, line: string) =>
    logs.write({ function: "f", requestId, line });
  const settings = functionSettings(resource, stack);
  return { lambda: new LambdaFunction(settings, { openStream }), logs };
}
