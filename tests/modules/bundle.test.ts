import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bundleFunction } from "../../modules/build/bundle.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const folder = tempFolder();
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
mkdirSync(join(folder, "node_modules/both"), { recursive: true });
write(
  "node_modules/both/package.json",
  '{"name": "both", "main": "main.cjs", "module": "module.mjs", "browser": "web.js"}',
);
write("node_modules/both/main.cjs", 'module.exports = "from main";');
write("node_modules/both/module.mjs", 'export default "from module";');
write("node_modules/both/web.js", 'export default "from the browser";');
write("late.ts", 'export const loadedLate = "late text";');
write(
  "entry.ts",
  `/*! A licence. */
import { hostname } from "node:os";
import both from "both";
interface Event { readonly name?: string }
function spokenName(event: Event) { return event.name ?? hostname(); }
export const handler = async (event: Event) => [both, spokenName(event), (await import("./late.ts")).loadedLate];
`,
);
const { zip, sha256 } = await bundleFunction(join(folder, "entry.ts"));
const files = unzipSync(zip);
const text = (name: string | undefined) => Buffer.from(files[name ?? ""] ?? []).toString();
const chunk = Object.keys(files).find((name) => name !== "index.mjs");

const bundle = suite("bundle");
bundle("has its handler in index.mjs, with names for stack traces and without white space and comments", () => {
  const code = text("index.mjs");
  assert.match(code, "spokenName");
  assert.match(code, /export\{\w+ as handler\}|export\{handler\}/);
  assert.not.match(code, /A licence| {2}|interface/);
  assert.not.match(code, folder);
});
bundle("loads late what is imported late, as a module of its own", () => {
  assert.match(String(chunk), /^late-[A-Z0-9]{8}\.mjs$/);
  assert.match(text(chunk), "late text");
  assert.not.match(text("index.mjs"), "late text");
});
bundle("prefers a package's ES module, and Node's own modules to those for browsers", () => {
  assert.match(text("index.mjs"), "from module");
  assert.match(text("index.mjs"), /from"node:os"/);
});
bundle("keeps the syntax that Node 24 has", () => {
  assert.match(text("index.mjs"), "event.name??");
});
bundle("runs", async () => {
  const target = tempFolder();
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(target, name), contents);
  const { handler } = await import(join(target, "index.mjs"));
  assert.equal(await handler({ name: "n" }), ["from module", "n", "late text"]);
});
bundle("has the hash that Lambda reports", () => {
  assert.is(sha256, createHash("sha256").update(zip).digest("base64"));
});
bundle("has the same bytes again", async () => {
  assert.is((await bundleFunction(join(folder, "entry.ts"))).sha256, sha256);
});
bundle("has files that everybody can read, of one date, in the order of their names", () => {
  const view = Buffer.from(zip);
  const names: string[] = [];
  for (let at = view.indexOf("PK\x01\x02"); at !== -1; at = view.indexOf("PK\x01\x02", at + 4)) {
    const madeBy = view.readUInt8(at + 5);
    const [time, date] = [view.readUInt16LE(at + 12), view.readUInt16LE(at + 14)];
    const mode = view.readUInt32LE(at + 38) >>> 16;
    // Made on Unix; 1980-01-01 00:00; a regular file, rw-r--r--.
    assert.equal([madeBy, time, date, mode.toString(8)], [3, 0, 0b0000000_0001_00001, "100644"]);
    names.push(view.toString("utf8", at + 46, at + 46 + view.readUInt16LE(at + 28)));
  }
  assert.equal(names, ["index.mjs", chunk].sort());
});
bundle.run();
