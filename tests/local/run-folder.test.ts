import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { latestObjects, newRunPath } from "../../local/run-folder.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const path = suite("run folder");

path("each run has a log file of its own, and only the latest twenty stay", () => {
  const folder = join(tempFolder(), "logs");
  const paths: string[] = [];
  for (let day = 1; day <= 25; day++) {
    const made = newRunPath("dev", "log", folder, new Date(Date.UTC(2026, 0, day)));
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

path("is its user's alone, and keeps as many of each kind as it should", () => {
  const folder = join(tempFolder(), "runs");
  for (const [kind, count] of [
    ["log", 20],
    ["run", 20],
    ["objects", 2],
  ] as const) {
    for (let day = 1; day <= 22; day++)
      writeFileSync(newRunPath("dev", kind, folder, new Date(Date.UTC(2026, 0, day))), "");
    assert.is(readdirSync(folder).filter((name) => name.endsWith(`.${kind}`)).length, count, kind);
  }
  assert.is(statSync(folder).mode & 0o777, 0o700);
});

path("logs of other environments, and other files, stay", () => {
  const folder = tempFolder();
  for (const name of ["prod-1.log", "a.log", "dev-notes.txt"]) writeFileSync(join(folder, name), "");
  for (let day = 1; day <= 25; day++)
    writeFileSync(newRunPath("dev", "log", folder, new Date(Date.UTC(2026, 0, day))), "");
  assert.is(readdirSync(folder).length, 23);
});

path("has the objects of an environment's last two runs, and those of the last run of all are the latest", () => {
  const folder = join(tempFolder(), "runs");
  assert.is(latestObjects(folder), undefined);
  const made = (env: string, day: number) => {
    const objects = newRunPath(env, "objects", folder, new Date(Date.UTC(2026, 0, day)));
    mkdirSync(join(objects, "enriched"), { recursive: true });
    return objects;
  };
  const [first, second, third, last, other] = [
    ...[made("prod", 1), made("prod", 2), made("prod", 3), made("dev", 5), made("staging", 4)],
  ] as const;
  assert.equal(
    [first, second, third].map((objects) => existsSync(objects ?? "")),
    [false, true, true],
  );
  assert.ok(existsSync(other ?? ""));
  assert.is(latestObjects(folder), last);
});

path.run();
