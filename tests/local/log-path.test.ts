import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { newLogPath } from "../../local/log-path.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const path = suite("log path");

path("each run has a file of its own, and only the latest twenty stay", () => {
  const folder = join(tempFolder(), "logs");
  const paths: string[] = [];
  for (let day = 1; day <= 25; day++) {
    const made = newLogPath("dev", folder, new Date(Date.UTC(2026, 0, day)));
    writeFileSync(made, "");
    paths.push(made);
  }
  assert.is(new Set(paths).size, 25);
  assert.is(readdirSync(folder).length, 20);
  assert.match(paths[0] ?? "", /dev-20260101T000000-\d+\.log$/);
  assert.equal(
    paths.map((made) => existsSync(made)),
    paths.map((_, index) => index >= 5),
  );
});

path("logs of other environments, and other files, stay", () => {
  const folder = tempFolder();
  for (const name of ["prod-1.log", "a.log", "dev-notes.txt"]) writeFileSync(join(folder, name), "");
  for (let day = 1; day <= 25; day++) writeFileSync(newLogPath("dev", folder, new Date(Date.UTC(2026, 0, day))), "");
  assert.is(readdirSync(folder).length, 23);
});

path.run();
