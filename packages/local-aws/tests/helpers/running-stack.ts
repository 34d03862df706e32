import { type LocalAws, type StackOptions, startStack } from "../../src/index.ts";
import { buildStack, type TestStack } from "./build-stack.ts";

/** Runs a stack for as long as `use` takes; nothing of it is left afterwards. */
export async function withStack(
  stack: TestStack | string,
  use: (aws: LocalAws) => Promise<void>,
  options: Omit<StackOptions, "stackDir"> = {},
): Promise<void> {
  const aws = await startStack({ stackDir: typeof stack === "string" ? stack : buildStack(stack), ...options });
  try {
    await use(aws);
  } finally {
    await aws.stop();
  }
}
