import { SsmServiceSetting } from "@cdktf/provider-aws/lib/ssm-service-setting/index.js";
import type { Construct } from "constructs";
import type { Account, Environment } from "../../environments/environment.ts";
import { allow } from "../../modules/policy.ts";

/** Name of an SSM parameter of the environment. Terraform names secrets, and only functions read them. */
export const parameterName = (environmentName: string, ...parts: string[]) =>
  `/leadwire/${environmentName}/${parts.join("/")}`;

/** ARN of a parameter that somebody puts there. */
export const parameterArn = ({ region, accountId }: Account, name: string) =>
  `arn:aws:ssm:${region}:${accountId}:parameter${name}`;

/**
 * Allows to read parameters. A SecureString under the key that AWS manages needs no statement for the key, because the key's
 * own policy allows SSM's callers.
 */
export const readParameters = (sid: string, arns: readonly string[]) => allow(sid, ["ssm:GetParameters"], arns);

/** ARN of the account's setting in its Region for high throughput of SSM's parameters. */
export const throughputSettingArn = ({ region, accountId }: Account) =>
  `arn:aws:ssm:${region}:${accountId}:servicesetting/ssm/parameter-store/high-throughput-enabled`;

/**
 * Switches on high throughput, if the environment wants it: SSM answers 1,000 GetParameters a second in place of 40, for the
 * whole account in its Region and for $0.05 for 10,000 calls.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-throughput.html
 */
export function parameterThroughput(scope: Construct, environment: Environment): void {
  if (!environment.secretsHighThroughput) return;
  const settingId = throughputSettingArn(environment);
  new SsmServiceSetting(scope, "parameter-throughput", { settingId, settingValue: "true" });
}
