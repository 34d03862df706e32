import { fenced, markdownTable } from "../shared/markdown.ts";
import { blockLines } from "./lines.ts";
import { partOf, type Resource, type Stack } from "./stack.ts";
import { type Fields, inline, isFields } from "./tree.ts";

export const renewal = "This file is generated from the synthesized stack. `npm run inventory` writes it again.";

/** Everything in a stack, as a Markdown document. */
export function stackDocument({ name, settings, resources, outputs }: Stack): string {
  const isAlarm = ({ type }: Resource) => type === "aws_cloudwatch_metric_alarm";
  const isDashboard = ({ type }: Resource) => type === "aws_cloudwatch_dashboard";
  const flow = resources.filter((resource) => !isAlarm(resource) && !isDashboard(resource));
  const alarms = resources.filter(isAlarm);
  const dashboards = resources.filter(isDashboard);
  return paragraphs(
    `# ${name}`,
    `${renewal} Policies have the version 2012-10-17 where they show no other. Left out: the hashes of the functions' code.`,
    ...section("Terraform", namedLines(settings)),
    ...section("Resources", flow.flatMap(resourceLines)),
    ...(alarms.length > 0 ? ["## Alarms", markdownTable([alarmColumns, ...alarms.map(alarmRow)])] : []),
    ...section(
      "Dashboard",
      dashboards.flatMap(({ address, fields }) => blockLines(address, fields)),
    ),
    ...section("Outputs", namedLines(outputs)),
  );
}

export const paragraphs = (...texts: readonly string[]) => `${texts.join("\n\n")}\n`;

/** A section of lines; none without lines. */
export const section = (title: string, lines: readonly string[]) =>
  lines.length > 0 ? [`## ${title}`, fenced(lines)] : [];

const namedLines = (blocks: Fields) =>
  Object.entries(blocks).flatMap(([name, tree]) => blockLines(name, isFields(tree) ? tree : { [name]: tree }));

/** A resource's lines, below the name of its part of the stack when a new one begins. */
export function resourceLines(resource: Resource, index: number, resources: readonly Resource[]): string[] {
  const before = resources[index - 1];
  const lines = blockLines(resource.address, resource.fields);
  const isSamePart = before && partOf(before) === partOf(resource);
  return isSamePart ? lines : [`# ${partOf(resource)}`, ...lines];
}

const alarmColumns = [
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

/** The cells of an alarm. Settings without a column of their own are shown in the column "more". */
function alarmRow({ name, fields }: Resource): string[] {
  const rest = new Map(Object.entries(fields));
  const shown = (setting: string) => {
    const tree = rest.get(setting);
    rest.delete(setting);
    return tree === undefined ? "–" : inline(tree);
  };
  const cells = [
    `${name}, ${shown("alarm_name")}`,
    `${shown("namespace")} ${shown("metric_name")} ${shown("dimensions")}`,
    `${shown("statistic")} of ${shown("period")} s`,
    `${shown("comparison_operator")} ${shown("threshold")}`,
    `${shown("datapoints_to_alarm")} of ${shown("evaluation_periods")}`,
    shown("treat_missing_data"),
    `ALARM ${shown("alarm_actions")} OK ${shown("ok_actions")}`,
  ];
  const description = shown("alarm_description");
  return [...cells, rest.size > 0 ? inline(Object.fromEntries(rest)) : "", description];
}
