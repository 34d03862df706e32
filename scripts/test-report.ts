/** Reads what uvu prints and finds what uvu does not report. */
import { sumBy } from "es-toolkit";

/** What a suite file or a check came to. */
export interface FileReport {
  readonly passed: number;
  /** Failed tests, each as `suite: test`, and what no test reports: skipped tests, a crash, no summary. */
  readonly failures: readonly string[];
}

export interface Result extends FileReport {
  readonly name: string;
}

/**
 * Reads the output of one suite file, which has no colours.
 * @param ended why the file did not end by itself, such as a crash or the time limit
 * @param neverRun suites of the file that are never run
 */
export function reportOf(output: string, ended?: string, neverRun: readonly string[] = []): FileReport {
  const { passed, failed, skipped } = countTests(output);
  const failedTests = failedTestNames(output);
  const failures = [
    ...failedTests,
    ...neverRun.map((suite) => `${suite} is never run: add .run()`),
    ...(ended === undefined ? [] : [ended]),
    ...(ended === undefined && !hasSummary(output) ? ["uvu printed no summary"] : []),
    ...(failed > failedTests.length ? [`${failed - failedTests.length} failed tests without a name`] : []),
    ...(skipped > 0 ? [`${skipped} tests are skipped`] : []),
  ];
  return { passed, failures };
}

/** What the run shows of a file or a check: one line, and the whole output if something failed. */
export function shown(name: string, report: FileReport, output: string, seconds?: number): string {
  const time = seconds === undefined ? "" : `  ${seconds.toFixed(1)} s`;
  if (report.failures.length === 0) return `ok    ${name}  ${report.passed}${time}`;
  return [
    `FAIL  ${name}${time}`,
    output.trimEnd(),
    ...report.failures.map((failure) => `  ${name}: ${failure}`),
    "",
  ].join("\n");
}

/** The end of a run: every failure by name, then the totals on a line of their own. */
export function summary(results: readonly Result[]): string {
  const failures = results.flatMap(({ name, failures: all }) => all.map((failure) => `  ${name} :: ${failure}`));
  const passed = sumBy(results, (result) => result.passed);
  const list = failures.length > 0 ? ["", "Failed:", ...failures, ""] : [];
  return [...list, `${passed} passed, ${failures.length} failed`].join("\n");
}

const number = (output: string, label: string) =>
  Number(new RegExp(`^\\s*${label}:\\s+(\\d+)`, "m").exec(output)?.[1] ?? 0);

const hasSummary = (output: string) => /^ {2}Total: +\d+$/m.test(output);

/** Numbers of uvu's summary. Without a summary they are 0. */
function countTests(output: string): { passed: number; failed: number; skipped: number } {
  const passed = number(output, "Passed");
  return { passed, failed: number(output, "Total") - passed, skipped: number(output, "Skipped") };
}

/** uvu begins a failure with `FAIL  suite name  "test name"`. */
function failedTestNames(output: string): string[] {
  const failures = output.matchAll(/^ {3}FAIL {2}(?:(.+?) {2})?"(.*)"$/gm);
  return [...failures].map(([, suite, test]) => (suite === undefined ? `${test}` : `${suite}: ${test}`));
}

/** Names of the suites in a test file that are never run: uvu ignores them and exits with 0. */
export function suitesThatNeverRun(source: string): string[] {
  const names = [...source.matchAll(/^\s*(?:export )?const (\w+) = suite(?:<[^>]*>)?\(/gm)].flatMap(
    ([, name]) => name ?? [],
  );
  const forgotten = names.filter((name) => !new RegExp(`^\\s*${name}\\.run\\(\\);?$`, "m").test(source));
  return names.length === 0 ? ["no suite at all"] : forgotten;
}
