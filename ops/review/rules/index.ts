import type { Rule } from "../rule.ts";
import { added } from "./added.ts";
import { exposed } from "./exposed.ts";
import { noise } from "./noise.ts";
import { permissions } from "./permissions.ts";

/** Every rule, a line each. All of them see every change. */
export const rules: Readonly<Record<string, Rule>> = {
  added,
  exposed,
  permissions,
  noise,
};
