import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const ignored = suite("files that the documentation lets people write");

ignored("are ignored by git, and so by Biome", () => {
  const text = readFileSync("docs/operations.md", "utf8");
  const files = [...text.matchAll(/--outputs-file (\S+)/g)].map(([, file = ""]) => file);
  assert.equal(files, ["outputs.json"]);
  const others = ["outputs-prod.json"];
  const names = execFileSync("git", ["check-ignore", ...files, ...others], { encoding: "utf8" });
  assert.equal(names.trim().split("\n"), [...files, ...others]);
});

ignored.run();
