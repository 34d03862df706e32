import type { Authorize } from "../aws/call.ts";
import type { Gateway } from "../aws/gateway.ts";
import { checkVisibility } from "../aws/provision.ts";
import type { Stack } from "../stack/stack-file.ts";
import { functionCaller } from "./function-caller.ts";
import { functionSettings } from "./function-settings.ts";
import { LambdaFunction } from "./lambda-function.ts";
import type { Logs } from "./logs.ts";
import { mappingSettings } from "./mapping-settings.ts";
import { QueuePoller } from "./queue-poller.ts";
import { recursionLimit } from "./recursion.ts";
import { roleTelemetry } from "./telemetry.ts";

export interface FunctionPorts {
  readonly gateway: Gateway;
  readonly authorize: Authorize;
  readonly logs: Logs;
  /** Environment variables of a function in addition to its own. */
  readonly variables: (functionName: string) => Readonly<Record<string, string>>;
}

/** Lambda itself writes no line when it stops a recursion; here one says what to do. */
const stoppedLine = (functionName: string) =>
  JSON.stringify({
    time: new Date().toISOString(),
    type: "local-aws.recursion",
    level: "ERROR",
    message: `Lambda does not invoke ${functionName} for these messages: it sent them because of messages that it had received, in ${recursionLimit} rounds. If that is intended, set recursive_loop = "Allow" in an aws_lambda_function_recursion_config.`,
  });

/** Unpacks the stack's functions and makes their credentials known to the gateway. */
export function startFunctions(
  stack: Stack,
  { gateway, authorize, logs, variables }: FunctionPorts,
): Map<string, LambdaFunction> {
  const functions = stack.of("aws_lambda_function").map((resource) => {
    const own = functionSettings(resource, stack);
    const settings = { ...own, environment: { ...own.environment, ...variables(own.name) } };
    const caller = functionCaller(resource);
    gateway.admit(settings.accessKeyId, caller);
    const made = new LambdaFunction(settings, roleTelemetry(settings, caller, authorize, logs));
    made.on("invoked", ({ requestId, status }) => {
      if (status === "recursive") logs.write({ function: settings.name, requestId, line: stoppedLine(settings.name) });
    });
    return [settings.name, made] as const;
  });
  return new Map(functions);
}

/** Starts the stack's event source mappings. */
export function startPollers(
  stack: Stack,
  functions: ReadonlyMap<string, LambdaFunction>,
  gateway: Gateway,
): QueuePoller[] {
  return mappingSettings(stack).flatMap((mapping) => {
    const target = functions.get(mapping.functionName);
    if (!target) return [];
    checkVisibility(mapping.queue, target.settings.timeoutSeconds);
    const poller = new QueuePoller(mapping, target, gateway, functionCaller(mapping.worker));
    poller.start();
    return [poller];
  });
}
