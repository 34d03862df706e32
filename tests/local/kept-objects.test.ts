import { EventEmitter } from "node:events";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keepObjects } from "../../local/kept-objects.ts";
import type { Platform } from "../../local/platform.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

/** What is kept of a call of S3 that is answered. */
function kept(Key: string, { operation = "PutObject", status = 200 } = {}) {
  const outside = tempFolder();
  const gateway = new EventEmitter() as Platform["gateway"];
  keepObjects({ gateway }, join(outside, "objects"));
  assert.is(statSync(join(outside, "objects")).mode & 0o777, 0o700);
  const call = { service: "s3", operation, parameters: { Key } } as unknown as Parameters<typeof gateway.emit>[1];
  gateway.emit("answered", { call, request: { body: Buffer.from("{}") }, answer: { status } } as never);
  return globSync("**/*.json", { cwd: outside }).map((path) => [path, readFileSync(join(outside, path), "utf8")]);
}

const objects = suite("kept objects");

for (const key of ["enriched/dt=2026-03-01/a.json", "outcomes/dt=2026-03-01/b.json"]) {
  objects(`are those below ${key.split("/")[0]}, with their keys as paths`, () => {
    assert.equal(kept(key), [[`objects/${key}`, "{}"]]);
  });
}

objects("are no raw leads, fetched records, refused or other calls, and nothing outside the folder", () => {
  for (const key of ["a.json", "fetched/a.json", "enriched/../../a.json"]) assert.equal(kept(key), [], key);
  assert.equal(kept("enriched/dt=2026-03-01/a.json", { status: 412 }), []);
  assert.equal(kept("enriched/dt=2026-03-01/a.json", { operation: "GetObject" }), []);
});

objects.run();
