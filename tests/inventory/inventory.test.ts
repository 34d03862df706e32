import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { stackDocument } from "../../scripts/inventory/document.ts";
import { inventory, readStacks } from "../../scripts/inventory/inventory.ts";
import { stackOf, type TerraformFile } from "../../scripts/inventory/stack.ts";
import { synthesizedStack } from "../helpers/synth.ts";
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
inventories("every stack has a document, and every document a stack", () => {
  const stacks = readdirSync(join(folder, ".."));
  assert.equal(readdirSync(committed).sort(), stacks.map((name) => `${name}.md`).sort());
});
inventories("dev's document can be read: it has at most 260 lines", () => {
  assert.ok((documents["leadwire-dev"] ?? "").split("\n").length <= 260);
});

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
  const differences = (type: string, name: string, block: unknown) =>
    inventory({
      "leadwire-dev": single(base, type, name, base.resource?.[type]?.[name]),
      "leadwire-prod": single(file, type, name, block),
    })["leadwire-prod"];
  const unnoticed = resources.flatMap(({ type, name, block }) => {
    const before = differences(type, name, block);
    return leafChanges(block).flatMap(({ path, changed }) =>
      differences(type, name, changed) === before ? [`${type}.${name}${path}`] : [],
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
