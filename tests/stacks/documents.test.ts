import { readdirSync, readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channels } from "../../functions/notify/channels/index.ts";
import { functionKnobs, queueKnobs } from "../../modules/tuning/knobs.ts";
import {
  documentTables,
  fixedCostTable,
  generatedDocuments,
  withTables,
} from "../../scripts/shared/document-tables.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { consumers } from "../../stacks/consumers/index.ts";
import { shippedStacks } from "../helpers/synth.ts";

const document = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The cells of the rows of the table between a marker and its end, the header left out. */
function rows(path: string, name: string): string[][] {
  const [, after = ""] = document(path).split(`<!-- table: ${name} -->\n`);
  const [table = ""] = after.split("\n<!-- end -->");
  return table
    .split("\n")
    .slice(2)
    .map((line) => line.slice(2, -2).split(" | "));
}

const documents = suite("documents");
for (const [path, tables] of Object.entries(documentTables)) {
  documents(`${path} has the tables that npm run tables writes`, () => {
    const text = document(path);
    assert.is(text, withTables(text, tables));
  });
}
for (const [path, text] of Object.entries(generatedDocuments)) {
  documents(`${path} is as npm run tables writes it`, () => assert.is(document(path), text));
}
documents("docs/cost.md has the fixed cost of every deployed environment", async () => {
  const stacks = Object.fromEntries((await shippedStacks()).map(([name, { file }]) => [name, file]));
  const text = document("docs/cost.md");
  assert.is(text, withTables(text, { "fixed cost": fixedCostTable(stacks) }));
});
documents("README lists every alarm with its severity, meaning and first step", () => {
  const alarms = [
    ...alarmsOf(
      Object.values(channels).map(({ declaration }) => declaration),
      1,
    ),
    ...Object.values(consumers).flatMap((consumer) => consumer.alarms),
  ];
  assert.equal(
    rows("README.md", "alarms"),
    alarms.map(({ name, severity, meaning, firstStep }) => [`\`…-${name}\``, severity, meaning, firstStep]),
  );
});
documents("docs/tuning.md lists every knob with its unit", () => {
  const listed = [...rows("docs/tuning.md", "function knobs"), ...rows("docs/tuning.md", "queue knobs")];
  assert.equal(
    listed.map(([name, unit]) => [name, unit]),
    Object.entries({ ...functionKnobs, ...queueKnobs }).map(([name, { unit }]) => [`\`${name}\``, unit]),
  );
});
documents("docs/tuning.md says range and default of a knob, and of a setting what is allowed", () => {
  const [batch] = rows("docs/tuning.md", "queue knobs");
  assert.equal(batch?.slice(0, 4), [
    "`batchSize`",
    "messages",
    "1 to 10,000; above 10 only with a batching window; for `notify` at most 50, the leads of one message",
    "10",
  ]);
  const settings = new Map(rows("docs/tuning.md", "settings").map(([name = "", allowed]) => [name, allowed]));
  assert.is(settings.get("`api.burst`"), "a whole number from 1 to 5000");
  assert.is(settings.get("`email.domain`"), "a domain in lower case");
  assert.is(settings.get("`defaultCountry`"), "an ISO 3166-1 alpha-2 code, such as US, or unset");
});
documents("README.md and docs/cost.md round what the tables of docs/cost.md say", () => {
  const cost = document("docs/cost.md");
  const figures = /\| without a lead \| \$([\d.]+) \|[\s\S]*^\| all \| ([\d.]+) \| ([\d.]+) \|$/m.exec(cost) ?? [];
  const [idle, bursts, single] = figures.slice(1).map((figure) => Math.round(Number(figure)));
  assert.match(
    cost,
    `costs about $${idle} a month, and a million leads about $${bursts} in bursts and $${single} one at a time.`,
  );
  assert.match(
    document("README.md"),
    `costs [about $${idle} a month](docs/cost.md), and a million leads $${bursts} to $${single}.`,
  );
});
documents("docs/console.md has a row for each page of the console", () => {
  const files = readdirSync("local/console/pages").filter((file) => file !== "index.ts");
  const table = document("docs/console.md");
  const pages = [...table.matchAll(/^\| \[[\w ]+\]\(console\/([\w-]+)\.png\)/gm)].map(([, name]) => `${name}.ts`);
  assert.equal(pages.sort(), files.sort());
});
documents("a table without its markers is an error", () => {
  assert.throws(() => withTables("# Title", { alarms: [["alarm"]] }), /needs one "<!-- table: alarms -->"/);
  assert.throws(() => withTables("<!-- table: alarms -->", { alarms: [["alarm"]] }), /"<!-- end -->" after it/);
});
documents("a bar in a cell is escaped, and text around the table stays", () => {
  const text = "before\n<!-- table: a -->\nold\n<!-- end -->\nafter\n";
  assert.is(
    withTables(text, { a: [["x"], ["1 | 2"]] }),
    "before\n<!-- table: a -->\n| x |\n| --- |\n| 1 \\| 2 |\n<!-- end -->\nafter\n",
  );
});
documents.run();
