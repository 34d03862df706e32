import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainObject } from "es-toolkit";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readPlan } from "../../../ops/review/plan.ts";
import { review } from "../../../ops/review/review.ts";
import { planText } from "./plan-fixtures.ts";

/** A value that differs in one place, and the path of the place. */
type Changed = readonly [path: string, value: unknown];

/** Every value that differs from the given one in one place. Texts of JSON differ inside. */
function* changesOf(value: unknown, path = ""): Generator<Changed> {
  if (Array.isArray(value)) {
    // What is added to a list with a wildcard adds nothing.
    if (!value.includes("*")) yield [path, [...value, ...(value.length > 0 ? [value[0], "another"] : ["another"])]];
    for (const [index, element] of value.entries()) {
      yield [path, value.toSpliced(index, 1)];
      for (const [place, other] of changesOf(element, `${path}.${index}`)) yield [place, value.with(index, other)];
    }
  } else if (isPlainObject(value)) {
    for (const [key, element] of Object.entries(value)) {
      for (const [place, other] of changesOf(element, path ? `${path}.${key}` : key))
        yield [place, { ...value, [key]: other }];
    }
  } else if (typeof value === "string" && /^[[{]/.test(value)) {
    for (const [place, other] of changesOf(JSON.parse(value), path)) yield [place, JSON.stringify(other)];
  } else {
    yield [path, typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${value ?? ""}x`];
    if (value !== null) yield [path, null];
  }
}

const { resource_changes } = JSON.parse(readFileSync(join(import.meta.dirname, "plans/nothing.json"), "utf8"));
/** A resource of each type. */
const examples = Map.groupBy<string, { type: string; address: string; change: { before: Record<string, unknown> } }>(
  resource_changes,
  ({ type }) => type,
);

/** All that may change without anybody looking at it. A policy's version has a meaning for variables, which these have none of. */
const mayBeNoise =
  /^(?:(?:tags|tags_all|description|alarm_description)(?:\.|$)|(?:assume_role_)?policy\.(?:Version|Id|Statement\.\d+\.Sid)$)/;

const every = suite("review of every attribute");

for (const [type, resources] of examples) {
  every(`no change of an attribute of ${type} is overlooked or wrongly noise`, async () => {
    const [example] = resources;
    assert.ok(example);
    const { before } = example.change;
    let count = 0;
    for (const [path, after] of changesOf(before)) {
      const plan = readPlan(planText([{ address: example.address, before, after }]));
      const { findings } = await review(plan, undefined);
      const isOverlooked = findings.every(({ kind }) => kind === "noise");
      assert.ok(!isOverlooked || mayBeNoise.test(path), `${path}: ${JSON.stringify(findings)}`);
      count += 1;
    }
    assert.ok(count > 3);
  });
}

every("what no rule covers is unknown, in a type that rules cover and in one that they do not", async () => {
  for (const address of ["aws_sqs_queue.leads", "aws_dynamodb_table.ledger", "aws_unheard_of.a"]) {
    const plan = readPlan(
      planText([{ address, before: { unheard_of: [{ a: 1 }] }, after: { unheard_of: [{ a: 2 }] } }]),
    );
    const { findings } = await review(plan, undefined);
    assert.equal(
      findings.map(({ kind, summary }) => [kind, summary]),
      [["unknown", "changes unheard_of[0].a"]],
    );
  }
});

every.run();
