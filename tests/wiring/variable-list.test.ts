import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../environments/environment.ts";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { leadIndex } from "../../stacks/consumers/lead-index.ts";
import { type Block, shippedStacks } from "../helpers/synth.ts";
import { plain, stackOf, unusual } from "../helpers/unusual-environment.ts";
import { listsBefore, removedTooEarly, type VariableList, variableList, variablesRead } from "./variable-list.ts";

/** Where the rule is that these tests hold. */
const rule = 'See "Change the variables of a function" in CONTRIBUTING.md.';
const sorted = (names: Iterable<string>) => [...new Set(names)].toSorted();

/** Environments with every setting that adds a variable. */
const environments: readonly Environment[] = [plain, { ...unusual, channels: ["slack", "email"] }];
/** Every consumer with a function. */
const withConsumers = [
  { name: "lead-index", alarms: leadIndex.alarms, create: await leadIndex.prepare(workerTuning({})) },
];
/** The folder of a function, by its resource. A consumer's function has the consumer's name and is its worker. */
const folderOf = (resource: string) => resource.replace(/_worker$/, "").replaceAll("_", "-");
const stacks = [
  ...environments.map((one) => stackOf(one)),
  stackOf(plain, { consumers: withConsumers }),
  ...(await shippedStacks()).map(([, stack]) => stack),
];

const list = suite("functions :: list of variables");
list("has the functions of the stacks, each with the variables that a stack sets", () => {
  const set: Record<string, string[]> = {};
  for (const [name, { environment }] of stacks.flatMap((stack) => stack.all("aws_lambda_function"))) {
    const { variables } = environment as { variables: Block };
    set[folderOf(name)] = sorted([...(set[folderOf(name)] ?? []), ...Object.keys(variables)]);
  }
  const listed = Object.entries(variableList).map(([name, variables]) => [name, sorted(Object.keys(variables))]);
  assert.equal(Object.fromEntries(listed), set, rule);
});
for (const [name, variables] of Object.entries(variableList)) {
  list(`says which variables the code of ${name} reads`, async () => {
    const read = Object.keys(variables).filter((variable) => variables[variable] === "read");
    assert.equal(sorted(read), sorted(await variablesRead(name)), rule);
  });
}
list("keeps what the code before it reads: a deployment changes variables first and code second", () => {
  for (const before of listsBefore()) assert.equal(removedTooEarly(before, variableList), [], rule);
});
list.run();

const before = { one: { A: "read", B: "leaving" }, two: { A: "read" } } as const satisfies VariableList;
const comparison = suite("functions :: comparison of lists of variables");
for (const [change, now, expected] of [
  ["nothing changes", before, []],
  ["a read variable is removed", { one: { B: "leaving" }, two: { A: "read" } }, ["one.A"]],
  ["a read variable is renamed", { one: { A2: "read", B: "leaving" }, two: { A: "read" } }, ["one.A"]],
  ["a read variable is leaving", { one: { A: "leaving", B: "leaving" }, two: { A: "read" } }, []],
  ["a leaving variable is removed", { one: { A: "read" }, two: { A: "read" } }, []],
  ["a variable moves to another function", { one: { A: "read" }, two: {} }, ["two.A"]],
  ["a variable is new", { one: { A: "read", B: "leaving", C: "read" }, two: { A: "read" } }, []],
  ["a function is new", { ...before, three: { A: "read" } }, []],
  ["a function is gone", { one: before.one }, []],
] as const satisfies readonly (readonly [string, VariableList, readonly string[]])[]) {
  comparison(`when ${change}, it finds ${expected.join() || "nothing"}`, () => {
    assert.equal(removedTooEarly(before, now), expected);
  });
}
comparison.run();
