import { demo } from "./demo.ts";
import { dev } from "./dev.ts";
import { prod } from "./prod.ts";
import { staging } from "./staging.ts";

/** The environments that are deployed, a line each. One is enabled when its account id is no example of AWS any more. */
const deployed = {
  dev,
  staging,
  prod,
};

/** Every environment by its name: those that are deployed, and `demo`, which only runs on a developer's machine. */
export const environments = { ...deployed, demo };

export type EnvironmentName = keyof typeof environments;
export const environmentNames = Object.keys(environments) as EnvironmentName[];
export const deployedNames = Object.keys(deployed) as (keyof typeof deployed)[];
