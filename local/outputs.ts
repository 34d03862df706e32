import type { Stack } from "local-aws";
import { Output, queueNames, queueOutputs } from "../flow.ts";

const names = [...Object.values(Output), ...queueNames.flatMap((queue) => Object.values(queueOutputs(queue)))];

/** The stack's outputs that programs read, by name. */
export const outputsOf = (stack: Stack): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, stack.output(name)]));
