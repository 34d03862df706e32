import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { workerTuning } from "../../modules/tuning/knobs.ts";
import { consumersIn, withoutConsumers } from "../../scripts/inventory/consumers.ts";
import { differenceDocument } from "../../scripts/inventory/differences.ts";
import { stackDocument } from "../../scripts/inventory/document.ts";
import { inventory, readStacks } from "../../scripts/inventory/inventory.ts";
import { stackOf, type TerraformFile } from "../../scripts/inventory/stack.ts";
import { fieldsOf } from "../../scripts/inventory/tree.ts";
import { consumers } from "../../stacks/consumers/index.ts";
import { archive } from "../helpers/archive-consumer.ts";
import { synthesizedStack } from "../helpers/synth.ts";
import { stackOf as pipelineStack, plain } from "../helpers/unusual-environment.ts";
import { leafChanges } from "./leaf-changes.ts";

const { folder } = await synthesizedStack("leadwire-dev");
const files = readStacks(join(folder, "../.."));
const documents = inventory(files);
const committed = join(import.meta.dirname, "../../docs/stacks");

const inventories = suite("inventory");
for (const [name, text] of Object.entries(documents)) {
  inventories(`docs/stacks/${name}.md shows the stack as it is; renew it by npm run inventory`, () => {
    const path = join(committed, `${name}.md`);
    assert.fixture(existsSync(path) ? readFileSync(path, "utf8") : "", text);
  });
}
inventories("every stack that is deployed has a document, and every document such a stack", () => {
  const stacks = readdirSync(join(folder, "..")).filter((name) => name !== "leadwire-demo");
  assert.equal(readdirSync(committed).sort(), stacks.map((name) => `${name}.md`).sort());
});
// The flow takes 300 lines. The topic of notices, new alarms and what compares leads with announcements take the other 80.
inventories("dev's document can be read: it has at most 380 lines, and 60 more for each consumer", () => {
  const count = (file: TerraformFile) => stackDocument(stackOf("leadwire-dev", file)).split("\n").length;
  const dev = files["leadwire-dev"] ?? {};
  const names = consumersIn(dev, Object.keys(consumers));
  assert.ok(count(withoutConsumers(dev, names)) <= 380);
  assert.ok(count(dev) <= 380 + 60 * names.length);
});

const create = await archive.prepare(workerTuning({}));
const withArchive = pipelineStack(plain, { consumers: [{ name: "archive", alarms: archive.alarms, create }] }).file;
const without = pipelineStack(plain).file;

const ofConsumers = suite("inventory :: consumers");
ofConsumers("a stack without a consumer is as if the consumer had never been", () => {
  const { resource, output } = withoutConsumers(withArchive, ["archive", "attic"]);
  const blocks = (of: typeof resource = {}) =>
    Object.values(of).flatMap((named) => Object.entries(named).map(([name, block]) => [name, fieldsOf(block)]));
  assert.equal(blocks(resource), blocks(without.resource));
  assert.equal(output, without.output);
  assert.is(withoutConsumers(withArchive, []), withArchive);
});
ofConsumers("those that a stack has are found by name", () => {
  assert.equal(consumersIn(withArchive, ["attic", "archive", "arch"]), ["archive"]);
  assert.equal(consumersIn(without, ["archive"]), []);
});
ofConsumers("one of dev changes no document of an environment that does not have it", () => {
  const before = inventory({ ...files, "leadwire-dev": without }, ["archive"]);
  const after = inventory({ ...files, "leadwire-dev": withArchive }, ["archive"]);
  const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
  assert.equal(changed, ["leadwire-dev"]);
  assert.match(after["leadwire-prod"] ?? "", "Consumers of enriched leads: none.");
});
ofConsumers("one that another environment has too is compared", () => {
  const prod = JSON.parse(JSON.stringify(withArchive).replaceAll("Archives enriched leads", "Keeps leads"));
  const text = inventory({ ...files, "leadwire-dev": withArchive, "leadwire-prod": prod }, ["archive"])[
    "leadwire-prod"
  ];
  assert.match(text ?? "", "Consumers of enriched leads: archive.");
  assert.match(text ?? "", 'description: "Archives enriched leads." → "Keeps leads."');
  assert.not.match(text ?? "", "## Removed");
});
ofConsumers("one that dev does not have is shown whole", () => {
  const text = inventory({ ...files, "leadwire-dev": without, "leadwire-prod": withArchive }, ["archive"])[
    "leadwire-prod"
  ];
  assert.match(text ?? "", /## Added[\s\S]*aws_sqs_queue\.archive_leads_dlq: /);
});
ofConsumers.run();

/** A document's lines about the stack, without its title and its introduction. */
const linesOf = (file: TerraformFile) => stackDocument(stackOf("leadwire-dev", file)).split("\n").slice(4);

/** Parts of a stack that can be shown by themselves, which costs less than showing all of it at every change. */
function partsOf({ resource = {}, data = {}, output = {}, ...settings }: TerraformFile): TerraformFile[] {
  const single = (key: "resource" | "data", blocks: typeof resource) =>
    Object.entries(blocks).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => ({ [key]: { [type]: { [name]: block } } })),
    );
  return [settings, { output }, ...single("resource", resource), ...single("data", data)];
}

const changes = suite("inventory :: changes");
for (const name of ["leadwire-dev", "leadwire-state"]) {
  const file = files[name] ?? {};
  changes(`each value of ${name} that is another one changes a line`, () => {
    const all = new Set((documents[name] ?? "").split("\n"));
    const unnoticed = partsOf(file).flatMap((part) => {
      const before = linesOf(part);
      assert.equal(
        before.filter((line) => !all.has(line)),
        [],
        "the document holds the part",
      );
      return leafChanges(part).flatMap(({ path, changed }) =>
        linesOf(changed as TerraformFile).join("\n") === before.join("\n") ? [path] : [],
      );
    });
    assert.equal(unnoticed, []);
  });
}
changes("each value of prod that is another one changes its differences from dev", () => {
  const file = files["leadwire-prod"] ?? {};
  const resources = Object.entries(file.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => ({ type, name, block })),
  );
  const base = files["leadwire-dev"] ?? {};
  const single = (of: TerraformFile, type: string, name: string, block: unknown) =>
    ({ ...of, output: {}, resource: block ? { [type]: { [name]: block } } : {} }) as TerraformFile;
  const unnoticed = resources.flatMap(({ type, name, block }) => {
    const dev = stackOf("leadwire-dev", single(base, type, name, base.resource?.[type]?.[name]));
    const differences = (changed: unknown) =>
      differenceDocument(stackOf("leadwire-prod", single(file, type, name, changed)), dev, []);
    const before = differences(block);
    return leafChanges(block).flatMap(({ path, changed }) =>
      differences(changed) === before ? [`${type}.${name}${path}`] : [],
    );
  });
  assert.equal(unnoticed, []);
});
changes("a resource of a new type is shown with all of its settings", () => {
  const queue = { "//": { metadata: {} }, shards: 2, nested: { limits: [{ kind: "hot", size: 3 }] } };
  assert.ok(
    linesOf({ resource: { aws_new_thing: { firehose: queue } } }).includes(
      "aws_new_thing.firehose: shards = 2, nested = { limits = [{ kind = hot, size = 3 }] }",
    ),
  );
});
changes.run();
inventories.run();
