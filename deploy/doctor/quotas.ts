import { GetServiceSettingCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { concurrencyOf, type Environment } from "../../environments/environment.ts";
import type { CheckResult } from "./check.ts";
import { signedCall } from "./signed-call.ts";

/** Seconds for which a request keeps ingest busy, generously: an invocation for five requests a second. */
const ingestSeconds = 0.2;
/** Calls of SSM's GetParameters that an account has a second. https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const ssmCallsPerSecond = 40;

/** Invocations that an environment can have at the same time. */
export function busiest(environment: Environment): number {
  const { ingest = Math.ceil(environment.api.requestsPerSecond * ingestSeconds), workers } = concurrencyOf(environment);
  return ingest + workers;
}

/** Whether the account's Lambda runs as many invocations at once as the environment needs. */
export async function checkConcurrency(ssm: SSMClient, environment: Environment): Promise<CheckResult> {
  const answer = await signedCall(ssm, "lambda", "/2016-08-19/account-settings");
  const limit = Number((answer.AccountLimit as { ConcurrentExecutions?: number }).ConcurrentExecutions);
  const needed = Math.max(busiest(environment), concurrencyOf(environment).forReservations);
  const problem =
    `Lambda runs ${limit} invocations at once in ${environment.region}, and the environment can need ${needed}: ask for more ` +
    "concurrent executions in the Service Quotas console, or lower reservedConcurrency, maximumConcurrency and api.";
  return { found: `${limit} at once, ${needed} needed`, problems: limit < needed ? [problem] : [] };
}

/** Whether SSM answers as many functions as can start in one second, when the environment is deployed. */
export async function checkParameterThroughput(ssm: SSMClient, environment: Environment): Promise<CheckResult> {
  const SettingId = "/ssm/parameter-store/high-throughput-enabled";
  const { ServiceSetting } = await ssm.send(new GetServiceSettingCommand({ SettingId }));
  const together = busiest(environment);
  const isHigh = environment.secretsHighThroughput || ServiceSetting?.SettingValue === "true";
  const problem =
    `${together} invocations can start together, and SSM answers ${ssmCallsPerSecond} reads of secrets a second: set ` +
    "secretsHighThroughput of the environment, which costs a little for each read, or lower reservedConcurrency, " +
    "maximumConcurrency and api.";
  const problems = !isHigh && together > ssmCallsPerSecond ? [problem] : [];
  return { found: isHigh ? "high throughput" : `${ssmCallsPerSecond} reads a second`, problems };
}
