import { readFileSync } from "node:fs";
import { flag, optional, optionalOperand, text } from "../../command-line/options.ts";
import { deployedNames, environments } from "../../environments/index.ts";
import { NotAPlanError, type Plan, readPlan } from "../review/plan.ts";
import { exitCodes, jsonReport, markdownReport, textReport } from "../review/report.ts";
import { type Review, review } from "../review/review.ts";
import { environment, json, type NamedEnvironment, opsCommand } from "./command.ts";

/** Says what a reviewer must know of a plan. It asks nothing of AWS. Throws NotAPlanError. */
export const reviewPlan = opsCommand({
  name: "review",
  summary:
    "Says what a plan means for leads, most serious first. Exit codes: 0 nothing above noise, 10 look at it, 20 needs a second " +
    "approval, 2 not a plan.",
  options: {
    plan: optionalOperand(
      "File with the plan as terraform show -json prints it; - or none for standard input.",
      text("file", "the path of a file, or -", /^(?:-|[^-].*)$/),
      "plan.json",
    ),
    env: optional(
      "The environment that the plan is of. Without it, the one in the names of its resources.",
      environment,
      "prod",
    ),
    markdown: flag("Prints Markdown for a comment on a pull request, at most 65,536 characters."),
    json,
  },
  async run({ plan: file, env, json, markdown }, { print, standardInput }) {
    const bytes = file === undefined || file === "-" ? await standardInput() : contentOf(file);
    const result = await reviewed(decoded(bytes), env);
    const report = json ? jsonReport : markdown ? markdownReport : textReport;
    print(report(result));
    return exitCodes[result.class];
  },
});

async function reviewed(text: string, env: NamedEnvironment | undefined): Promise<Review> {
  try {
    const plan = readPlan(text);
    return await review(plan, env ?? environmentOf(plan));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NotAPlanError("The plan nests values too deeply to be read. Read it with terraform show.");
  }
}

/** The environment whose name is in the names of a plan's resources: `leadwire-prod-leads`. */
function environmentOf({ changes }: Plan): NamedEnvironment | undefined {
  const names = changes.flatMap(({ before, after }) => [after.name, after.function_name, before.name]);
  const name = deployedNames.find((one) => names.some((text) => String(text).startsWith(`leadwire-${one}-`)));
  return name && { name, settings: environments[name] };
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new NotAPlanError(`${file} cannot be read. Give the path of a file that terraform show -json wrote.`);
  }
}

/** PowerShell writes UTF-16 where other shells write UTF-8, which never begins with 0xff. The decoder drops a byte order mark. */
const decoded = (bytes: Uint8Array): string => new TextDecoder(bytes[0] === 0xff ? "utf-16le" : "utf-8").decode(bytes);
