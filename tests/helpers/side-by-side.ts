import type { suite } from "uvu";

/** Tests that run at the same time. More of them would only make each other slow, as other suites run beside them. */
const lanes = 2;

/**
 * Adds tests to a suite that run side by side, because most of their time is waiting. Each must stand for itself, and is
 * reported as any other test.
 */
export function sideBySide(tests: ReturnType<typeof suite>): (name: string, run: () => Promise<void>) => void {
  const runs: (() => Promise<void>)[] = [];
  const outcomes: Promise<void>[] = [];
  tests.before(() => {
    const free: Promise<unknown>[] = Array.from({ length: lanes }, () => Promise.resolve());
    for (const [index, run] of runs.entries()) {
      const outcome = Promise.resolve(free[index % lanes]).then(run);
      free[index % lanes] = outcome.catch(() => undefined);
      outcomes.push(outcome);
    }
  });
  return (name, run) => {
    const index = runs.push(run) - 1;
    tests(name, () => outcomes[index]);
  };
}
