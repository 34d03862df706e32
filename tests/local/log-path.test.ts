import { existsSync, rmSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { newLogPath } from "../../local/log-path.ts";

const path = suite("log path");

path("each run has a file of its own, and only the latest twenty stay", () => {
  const env = `test-${process.pid}`;
  const paths: string[] = [];
  for (let day = 1; day <= 25; day++) {
    const made = newLogPath(env, new Date(Date.UTC(2026, 0, day)));
    writeFileSync(made, "");
    paths.push(made);
  }
  assert.is(new Set(paths).size, 25);
  assert.match(paths[0] ?? "", /test-\d+-20260101T000000-\d+\.log$/);
  assert.equal(
    paths.map((made) => existsSync(made)),
    paths.map((_, index) => index >= 5),
  );
  for (const made of paths) rmSync(made, { force: true });
});

path.run();
