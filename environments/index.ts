import { dev } from "./dev.ts";
import { prod } from "./prod.ts";
import { staging } from "./staging.ts";

/** Every environment by its name, a line each. */
export const environments = {
  dev,
  staging,
  prod,
};

export type EnvironmentName = keyof typeof environments;
export const environmentNames = Object.keys(environments) as EnvironmentName[];
