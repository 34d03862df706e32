import { stageNames, stages } from "../../../flow.ts";
import { type Knob, workerKnobs } from "../../../modules/tuning/knobs.ts";
import { allowedRange } from "../../../modules/tuning/rules.ts";
import type { Assignment } from "../../simulate/settings.ts";
import { type AttributeChange, attributesOf } from "../attributes.ts";
import type { Change, Plan } from "../plan.ts";
import { type Context, pathText, type Rule, shownChange } from "../rule.ts";

/** The attributes that are knobs, by the type of their resource. */
const knobAttributes: Readonly<Record<string, Readonly<Record<string, keyof typeof workerKnobs>>>> = {
  aws_lambda_function: {
    timeout: "timeoutSeconds",
    memory_size: "memoryMb",
    reserved_concurrent_executions: "reservedConcurrency",
  },
  aws_lambda_event_source_mapping: {
    batch_size: "batchSize",
    maximum_batching_window_in_seconds: "batchingWindowSeconds",
    "scaling_config[0].maximum_concurrency": "maximumConcurrency",
  },
  aws_sqs_queue: {
    visibility_timeout_seconds: "visibilityTimeoutSeconds",
    delay_seconds: "deliveryDelaySeconds",
    "redrive_policy.maxReceiveCount": "maxReceiveCount",
  },
};

const knobOf = ({ type }: Change, { path }: AttributeChange) => knobAttributes[type]?.[pathText(path)];

/** The stage that a function, a mapping or a queue belongs to, by the names that the stack gives; undefined for others. */
function stageOf({ after: { function_name, name } }: Change) {
  const isNamed = (value: unknown, end: string) => typeof value === "string" && value.endsWith(`-${end}`);
  return stageNames.find((stage) => {
    const about = stages[stage];
    return isNamed(function_name, stage) || ("queue" in about && isNamed(name, about.queue));
  });
}

/** What a knob does and its bounds, without the links that documents have. */
const meaningOf = (knob: Knob): string =>
  `${knob.meaning} Allowed: ${allowedRange(knob)}${knob.alsoAllowed ? `; ${knob.alsoAllowed}` : ""}.`.replace(
    /\[([^\]]*)\]\([^)]*\)/g,
    "$1",
  );

/** Leads that the simulation sends at once: few, because a reviewer waits for it. */
const leads = 30;

/** Says once for a plan what all of its changed knobs do together: rules that they break, latency and cost. */
async function effectOf(plan: Plan, { name, settings }: NonNullable<Context["environment"]>): Promise<string> {
  const changed = plan.changes.flatMap((change) => {
    const stage = change.action === "update" ? stageOf(change) : undefined;
    if (!stage) return [];
    return attributesOf(change).flatMap((attribute) => {
      const knob = knobOf(change, attribute);
      return knob === undefined ? [] : [{ stage, knob, ...attribute }];
    });
  });
  const side = (which: "before" | "after"): Assignment[] =>
    changed.flatMap(({ stage, knob, [which]: value }) =>
      typeof value === "number" && value >= 0 ? [{ stage, knob, value }] : [],
    );
  // Both take half a second to load, which only a plan with changed knobs needs.
  const [{ brokenRules, withKnobs }, { simulateLoad }, { leadCost }] = await Promise.all([
    import("../../simulate/settings.ts"),
    import("../../../simulator/load/simulate-load.ts"),
    import("../../../cost/per-lead.ts"),
  ]);
  const after = withKnobs(settings, side("after"));
  const [one, other] = [
    await simulateLoad(withKnobs(settings, side("before")), { burst: leads }),
    await simulateLoad(after, { burst: leads }),
  ];
  const dollars = ({ usage }: typeof one) =>
    `$${(1000 * Object.values(leadCost(usage)).reduce((a, b) => a + b)).toFixed(3)}`;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return [
    `With all changed settings, ${leads} leads at once, simulated: p50 ${seconds(one.p50Seconds)} → ${seconds(other.p50Seconds)}`,
    `last ${seconds(one.secondsToDrain)} → ${seconds(other.secondsToDrain)}`,
    `dead letters ${one.deadLetters} → ${other.deadLetters}`,
    `1,000 leads ${dollars(one)} → ${dollars(other)}.${brokenRules(name, after)
      .map((rule) => ` Breaks a rule: ${rule}`)
      .join("")}`,
  ].join(", ");
}

const effects = new WeakMap<Plan, Promise<string>>();

/** Finds changed settings of functions, mappings and queues, and says what they do. */
export const knob: Rule = async (change, { attributes, plan, environment }) => {
  const found = attributes.flatMap((attribute) => {
    const name = change.action === "update" ? knobOf(change, attribute) : undefined;
    return name === undefined ? [] : [{ attribute, name }];
  });
  const stage = stageOf(change);
  const isPlanned = found.length > 0 && plan.changes.includes(change);
  const isFirst = isPlanned && stage !== undefined && environment !== undefined && !effects.has(plan);
  if (isFirst) effects.set(plan, effectOf(plan, environment));
  const effect = isFirst ? ` ${await effects.get(plan)}` : "";
  return {
    findings: found.map(({ attribute, name }, index) => ({
      class: "look",
      kind: "knob",
      address: change.address,
      summary: stage ? `changes ${stage}.${name}` : `changes ${pathText(attribute.path)}`,
      ...shownChange(attribute),
      why: `${meaningOf(workerKnobs[name])}${index === 0 ? effect : ""}`,
      todo: "Make sure that this effect is meant.",
    })),
    explains: found.map(({ attribute }) => attribute.path),
  };
};
