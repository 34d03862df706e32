import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tempFolder } from "../helpers/temp-folder.ts";

const script = join(import.meta.dirname, "../../scripts/check-node.cjs");
const { adviceFor } = createRequire(import.meta.url)(script) as { adviceFor(version: string): string | undefined };

const check = suite("check of Node's version");

check("accepts Node 24 and newer", () => {
  assert.equal(["24.0.0", "24.21.0", "26.1.0", "100.0.0"].map(adviceFor), [undefined, undefined, undefined, undefined]);
});

check("tells what to do on an older Node", () => {
  for (const version of ["22.19.0", "20.20.2", "8.1.0"]) {
    assert.match(adviceFor(version) ?? "", new RegExp(`this is Node ${version.replaceAll(".", "\\.")}`));
    assert.match(adviceFor(version) ?? "", /npm ci --ignore-scripts=false/);
  }
});

check("ends the process before the program on an older Node", () => {
  const folder = tempFolder();
  const older = join(folder, "older.cjs");
  const program = join(folder, "program.cjs");
  writeFileSync(older, 'Object.defineProperty(process.versions, "node", { value: "20.20.2" });');
  writeFileSync(program, 'console.log("started");');
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-r", older, "-r", script, program], {
    encoding: "utf8",
  });
  assert.equal({ status, stdout }, { status: 1, stdout: "" });
  assert.match(stderr, /^Leadwire runs on Node 24, and this is Node 20\.20\.2\.\n/);
});

check("lets the program start on this Node", () => {
  assert.is(execFileSync(process.execPath, ["-r", script, "-p", "1"], { encoding: "utf8" }), "1\n");
});

check("keeps compiled modules in the project's own folder", () => {
  const print = 'require("node:module").getCompileCacheDir()';
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
  const folder = execFileSync(process.execPath, ["-r", script, "-p", print], { encoding: "utf8", env });
  assert.ok(folder.startsWith(join(import.meta.dirname, "../../node_modules/.cache/node-compile-cache")), folder);
});

check("comes before every npm script that runs the project's code", () => {
  const { scripts } = createRequire(import.meta.url)("../../package.json") as { scripts: Record<string, string> };
  const unchecked = Object.entries(scripts).filter(
    ([, command]) => /\.ts\b/.test(command) && !command.startsWith("node --require ./scripts/check-node.cjs "),
  );
  assert.equal(unchecked, []);
});

check.run();
