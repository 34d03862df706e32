import { isPlainObject } from "es-toolkit";
import type { Sample } from "./metric-store.ts";

type Json = Readonly<Record<string, unknown>>;

const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isPlainObject) : []);

function parse(line: string): Json | undefined {
  if (!line.includes('"_aws"')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The values of a set's dimensions stand at the line's root; a set that lacks one is no dimension set. */
function dimensionSets(directive: Json, root: Json): Record<string, string>[] {
  const sets = Array.isArray(directive.Dimensions) ? directive.Dimensions : [];
  return sets.flatMap((names: unknown) => {
    if (!Array.isArray(names)) return [];
    const entries = names.map((name) => [String(name), root[String(name)]] as const);
    if (entries.some(([, value]) => typeof value !== "string")) return [];
    return [Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))];
  });
}

/**
 * The samples that CloudWatch Logs takes out of a line, none when the line is not in embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): readonly Sample[] {
  const root = parse(line);
  if (!root || !isPlainObject(root._aws)) return [];
  return objects(root._aws.CloudWatchMetrics).flatMap((directive) => {
    const namespace = String(directive.Namespace);
    const sets = dimensionSets(directive, root);
    return objects(directive.Metrics).flatMap(({ Name }) => {
      const name = String(Name);
      const values = [root[name]].flat().filter((value) => typeof value === "number");
      return sets.flatMap((dimensions) => values.map((value) => ({ namespace, name, dimensions, value })));
    });
  });
}
