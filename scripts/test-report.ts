/** Names of the suites in a test file that nobody runs: uvu runs nothing of them and exits with 0. */
export function suitesThatNeverRun(source: string): string[] {
  const names = [...source.matchAll(/^\s*(?:export )?const (\w+) = suite(?:<[^>]*>)?\(/gm)].flatMap(
    ([, name]) => name ?? [],
  );
  const forgotten = names.filter((name) => !new RegExp(`^\\s*${name}\\.run\\(\\);?$`, "m").test(source));
  return names.length === 0 ? ["no suite at all, so its tests"] : forgotten;
}

/** What uvu's summary says, colours left aside. Without a summary nothing has passed. */
export function countTests(output: string): { passed: number; failed: number; skipped: number } {
  const number = (label: string) => Number(new RegExp(`^\\s*${label}:\\s+(\\d+)`, "m").exec(output)?.[1] ?? 0);
  const passed = number("Passed");
  return { passed, failed: number("Total") - passed, skipped: number("Skipped") };
}
