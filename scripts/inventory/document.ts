import { blockLines } from "./lines.ts";
import { partOf, type Resource, type Stack } from "./stack.ts";
import { inline, isFields, type Tree } from "./tree.ts";

const alarmType = "aws_cloudwatch_metric_alarm";
const dashboardType = "aws_cloudwatch_dashboard";

export const renewal = "This file is generated from the synthesized stack. `npm run inventory` writes it again.";

/** Everything in a stack, as a Markdown document. */
export function stackDocument(stack: Stack): string {
  const alarms = stack.resources.filter(({ type }) => type === alarmType);
  const dashboards = stack.resources.filter(({ type }) => type === dashboardType);
  const flow = stack.resources.filter((resource) => !alarms.includes(resource) && !dashboards.includes(resource));
  const sections = [
    `# ${stack.name}`,
    `${renewal} Policies have the version 2012-10-17 where they show no other. Left out: the hashes of the functions' code.`,
    ...section(
      "Terraform",
      fenced(
        Object.entries(stack.settings).flatMap(([name, tree]) =>
          blockLines(name, isFields(tree) ? tree : { [name]: tree }),
        ),
      ),
    ),
    ...section("Resources", fenced(flow.flatMap(resourceLines))),
    ...(alarms.length > 0 ? section("Alarms", alarmTable(alarms)) : []),
    ...(dashboards.length > 0
      ? section("Dashboard", fenced(dashboards.flatMap(({ address, fields }) => blockLines(address, fields))))
      : []),
    ...section(
      "Outputs",
      fenced(
        Object.entries(stack.outputs).flatMap(([name, output]) => blockLines(name, isFields(output) ? output : {})),
      ),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

export const section = (title: string, text: string) => [`## ${title}`, text];

export const fenced = (lines: readonly string[]) => ["```", ...lines, "```"].join("\n");

/** A resource's lines, below the name of its part of the stack when a new one begins. */
export function resourceLines(resource: Resource, index: number, resources: readonly Resource[]): string[] {
  const part = partOf(resource);
  const before = resources[index - 1];
  const lines = blockLines(resource.address, resource.fields);
  if (before && partOf(before) === part) return lines;
  return [`# ${part}`, ...lines];
}

/** Settings of an alarm that have a column; any other one is shown in the last. */
function alarmRow({ name, fields }: Resource): string[] {
  const {
    alarm_name,
    namespace,
    metric_name,
    dimensions,
    statistic,
    period,
    comparison_operator,
    threshold,
    datapoints_to_alarm,
    evaluation_periods,
    treat_missing_data,
    alarm_actions,
    ok_actions,
    alarm_description,
    ...more
  } = fields;
  return [
    `${name}, ${shown(alarm_name)}`,
    `${shown(namespace)} ${shown(metric_name)} ${shown(dimensions)}`,
    `${shown(statistic)} of ${shown(period)} s`,
    `${shown(comparison_operator)} ${shown(threshold)}`,
    `${shown(datapoints_to_alarm)} of ${shown(evaluation_periods)}`,
    shown(treat_missing_data),
    `ALARM ${shown(alarm_actions)} OK ${shown(ok_actions)}`,
    Object.keys(more).length > 0 ? inline(more) : "",
    shown(alarm_description),
  ];
}

function alarmTable(alarms: readonly Resource[]): string {
  const head = [
    "resource, alarm",
    "metric",
    "statistic",
    "alarm when",
    "periods",
    "missing data",
    "actions",
    "more",
    "description",
  ];
  const rows = [head, head.map(() => "---"), ...alarms.map(alarmRow)];
  return rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

const shown = (tree: Tree | undefined) => (tree === undefined ? "–" : inline(tree));
