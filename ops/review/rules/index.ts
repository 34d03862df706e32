import type { Rule } from "../rule.ts";
import { added } from "./added.ts";
import { noise } from "./noise.ts";

/** Every rule, a line each. All of them see every change. */
export const rules: Readonly<Record<string, Rule>> = {
  added,
  noise,
};
