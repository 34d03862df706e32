import { GetServiceSettingCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { sumBy } from "es-toolkit";
import { type Environment, environmentTuning } from "../../environments/environment.ts";
import { workerNames } from "../../flow.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import type { CheckResult } from "./check.ts";
import { signedCall } from "./signed-call.ts";

/** Seconds for which a request keeps ingest busy, generously: an invocation for five requests a second. */
const ingestSeconds = 0.2;
/** Invocations that AWS keeps for functions without a reserved concurrency. */
const unreserved = 100;
/** Calls of SSM's GetParameters that an account has a second. https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const ssmCallsPerSecond = 40;

/** Invocations that an environment has at the same time, at most. */
export function concurrencyOf(environment: Environment): { readonly busiest: number; readonly reserved: number } {
  const tuning = environmentTuning(environment);
  const consumers = Object.values(environment.consumers ?? {}).map(workerTuning);
  const workers = [...workerNames.map((name) => tuning[name]), ...consumers];
  const ingest = tuning.ingest.reservedConcurrency ?? Math.ceil(environment.api.requestsPerSecond * ingestSeconds);
  return {
    busiest: ingest + sumBy(workers, ({ maximumConcurrency }) => maximumConcurrency),
    reserved: sumBy([tuning.ingest, ...workers], ({ reservedConcurrency = 0 }) => reservedConcurrency),
  };
}

/** Whether the account's Lambda runs as many invocations at once as the environment needs. */
export async function checkConcurrency(ssm: SSMClient, environment: Environment): Promise<CheckResult> {
  const answer = await signedCall(ssm, "lambda", "/2016-08-19/account-settings");
  const limit = Number((answer.AccountLimit as { ConcurrentExecutions?: number }).ConcurrentExecutions);
  const { busiest, reserved } = concurrencyOf(environment);
  const needed = Math.max(busiest, reserved > 0 ? reserved + unreserved : 0);
  const problem =
    `Lambda runs ${limit} invocations at once in ${environment.region}, and the environment can need ${needed}: ask for more ` +
    "concurrent executions in the Service Quotas console, or lower maximumConcurrency and api.";
  return { found: `${limit} at once, ${needed} needed`, problems: limit < needed ? [problem] : [] };
}

/** Whether SSM answers as many functions as can start in one second. */
export async function checkParameterThroughput(ssm: SSMClient, environment: Environment): Promise<CheckResult> {
  const SettingId = "/ssm/parameter-store/high-throughput-enabled";
  const { ServiceSetting } = await ssm.send(new GetServiceSettingCommand({ SettingId }));
  const { busiest } = concurrencyOf(environment);
  const isHigh = ServiceSetting?.SettingValue === "true";
  const problem =
    `${busiest} invocations can start together, and SSM answers ${ssmCallsPerSecond} reads of secrets a second: run aws ssm ` +
    `update-service-setting --region ${environment.region} --setting-id ${SettingId} --setting-value true, which costs a ` +
    "little for each read, or lower maximumConcurrency and api.";
  const problems = !isHigh && busiest > ssmCallsPerSecond ? [problem] : [];
  return { found: isHigh ? "high throughput" : `${ssmCallsPerSecond} reads a second`, problems };
}
