import type { Rule } from "../rule.ts";
import { added } from "./added.ts";
import { code } from "./code.ts";
import { destroyed } from "./destroyed.ts";
import { exposed } from "./exposed.ts";
import { knob } from "./knob.ts";
import { lost } from "./lost.ts";
import { noise } from "./noise.ts";
import { outputs } from "./outputs.ts";
import { permissions } from "./permissions.ts";
import { receivers } from "./receivers.ts";
import { silent } from "./silent.ts";

/** Every rule, a line each. All of them see every change, but for the attributes that only follow another change. */
export const rules: Readonly<Record<string, Rule>> = {
  destroyed,
  lost,
  silent,
  knob,
  code,
  added,
  exposed,
  permissions,
  receivers,
  outputs,
  noise,
};
