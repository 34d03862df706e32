/** Decides what a test run does, and in which order. */
import { parseArgs } from "node:util";

export interface Plan {
  /** Whether format, lint, layers, types and unused code are checked too. */
  readonly checks: boolean;
  readonly files: readonly string[];
}

/** No suite matches, or an option is unknown. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

/**
 * Reads the arguments of `npm test -- …`.
 * @param args `--suites-only` leaves out the checks; a PATTERN chooses suites by path and leaves out the checks too.
 * `--browser` takes the suites that need a browser instead, without checks
 * @param allFiles paths of all suite files that need no browser
 * @param browserFiles paths of those that need one
 * @throws PlanError when nothing matches or an option is unknown
 */
export function planOf(
  args: readonly string[],
  allFiles: readonly string[],
  browserFiles: readonly string[] = [],
): Plan {
  const { suitesOnly, browser, patterns } = read(args);
  const files = browser ? browserFiles : allFiles;
  if (patterns.length === 0) return { checks: !suitesOnly && !browser, files };
  const chosen = patterns.flatMap((pattern) => {
    const matching = files.filter((file) => file.includes(pattern));
    if (matching.length === 0) throw new PlanError(nothingMatches(pattern, files));
    return matching;
  });
  return { checks: false, files: [...new Set(chosen)] };
}

function read(args: readonly string[]): { suitesOnly: boolean; browser: boolean; patterns: string[] } {
  try {
    const option = { type: "boolean", default: false } as const;
    const options = { "suites-only": option, browser: option };
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { suitesOnly: values["suites-only"], browser: values.browser, patterns: positionals };
  } catch (error) {
    throw new PlanError(error instanceof Error ? error.message : String(error));
  }
}

function nothingMatches(pattern: string, files: readonly string[]): string {
  const words = pattern.split(/[^a-z0-9]+/i).filter((word) => word.length > 2);
  const close = files.filter((file) => words.some((word) => file.includes(word))).slice(0, 5);
  const folders = [...new Set(files.map((file) => file.slice(0, file.lastIndexOf("/"))))].sort();
  const hint = close.length > 0 ? `Close to it: ${close.join(", ")}.` : `The folders are ${folders.join(", ")}.`;
  return `No suite has "${pattern}" in its path. ${hint}`;
}

/**
 * Orders files so that parallel processes end at about the same time: the longest first. A file that was never measured
 * counts as longer than any other, so that it cannot become the last one. On a new checkout none is measured: the paths at
 * the end of the alphabet come first, because the suites with whole pipelines are among them.
 * @param milliseconds how long files took in earlier runs
 */
export function longestFirst(files: readonly string[], milliseconds: Readonly<Record<string, number>>): string[] {
  const weight = (file: string) => milliseconds[file] ?? Number.POSITIVE_INFINITY;
  return files.toSorted((a, b) => (weight(a) === weight(b) ? b.localeCompare(a) : weight(b) - weight(a)));
}
