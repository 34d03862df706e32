import { LeadwireError } from "../errors.ts";
import { dev } from "./dev.ts";
import type { Environment } from "./environment.ts";
import { prod } from "./prod.ts";
import { staging } from "./staging.ts";

export const environmentNames = ["dev", "staging", "prod"] as const;
export type EnvironmentName = (typeof environmentNames)[number];

export const environments: Readonly<Record<EnvironmentName, Environment>> = { dev, staging, prod };

/** There is no environment of that name. */
export class UnknownEnvironmentError extends LeadwireError {
  constructor(name: string) {
    super("UnknownEnvironment", `There is no environment "${name}": it must be one of ${environmentNames.join(", ")}.`);
  }
}

/** @throws UnknownEnvironmentError for any other name. There is no default environment. */
export function environmentName(name: string): EnvironmentName {
  const known = environmentNames.find((candidate) => candidate === name);
  if (!known) throw new UnknownEnvironmentError(name);
  return known;
}

/** @throws UnknownEnvironmentError */
export const environmentNamed = (name: string): Environment => environments[environmentName(name)];
