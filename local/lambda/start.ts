import type { Caller } from "../aws/call.ts";
import type { Gateway } from "../aws/gateway.ts";
import { checkVisibility } from "../aws/provision.ts";
import type { Stack } from "../stack/stack-file.ts";
import { functionSettings } from "./function-settings.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { Logs } from "./logs.ts";
import { mappingSettings } from "./mapping-settings.ts";
import { QueuePoller } from "./queue-poller.ts";

/** A function signs with its role's credentials; AWS names the session after the function. */
function callerOf({ settings: { name, roleArn } }: LambdaFunction): Caller {
  const [, , , , account, role = ""] = roleArn.split(":");
  const sessionArn = `arn:aws:sts::${account}:assumed-role/${role.split("/").at(-1)}/${name}`;
  return { kind: "role", name, roleArn, sessionArn };
}

/** Unpacks the stack's functions and makes their credentials known to the gateway. */
export function startFunctions(
  stack: Stack,
  gateway: Gateway,
  logs: Logs,
  workFolder: string,
): Map<string, LambdaFunction> {
  const functions = stack.of("aws_lambda_function").map((resource) => {
    const settings = functionSettings(resource, stack, workFolder);
    return new LambdaFunction(settings, logs);
  });
  for (const made of functions) gateway.admit(made.settings.accessKeyId, callerOf(made));
  return new Map(functions.map((made) => [made.settings.name, made]));
}

/** Starts the stack's event source mappings. */
export function startPollers(
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
  gateway: Gateway,
): QueuePoller[] {
  const queues = stack.of("aws_sqs_queue");
  return mappingSettings(stack).flatMap((mapping) => {
    const target = functions.get(mapping.functionName);
    const queue = queues.find((candidate) => candidate.values.arn === mapping.queueArn);
    if (!target || !queue) return [];
    checkVisibility(queue, target.settings.timeoutSeconds);
    const poller = new QueuePoller(mapping, target, gateway, callerOf(target));
    poller.start();
    return [poller];
  });
}
