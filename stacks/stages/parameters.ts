import type { Account } from "../../environments/environment.ts";
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
