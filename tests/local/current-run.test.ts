import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { currentRun, writeCurrentRun } from "../../local/current-run.ts";
import { newRunPath } from "../../local/run-folder.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const credentials = { accessKeyId: "AKIA", secretAccessKey: "made-up" };
const aws = { endpoint: "http://127.0.0.1:3", region: "eu-central-1", credentials, forcePathStyle: true } as const;
const platform = {
  stack: { outputs: ["leads_bucket"], output: (name: string) => `the ${name}` },
  endpoint: "http://127.0.0.1:1",
  crm: { sources: ["ads", "website"], takesAnyShape: (source: string) => source === "website" },
  desk: { url: "http://127.0.0.1:2" },
  clientSettings: () => aws,
  logs: { path: "/tmp/dev.log" },
} as unknown as Parameters<typeof writeCurrentRun>[0];

const current = suite("current run");

current("says how the run is reached until the run ends, and then what to do", () => {
  const folder = tempFolder();
  const end = writeCurrentRun(platform, { env: "dev", folder });
  assert.equal(currentRun(folder), {
    processId: process.pid,
    env: "dev",
    address: "http://127.0.0.1:2",
    endpoint: "http://127.0.0.1:1",
    sources: ["website", "ads"],
    aws,
    outputs: { leads_bucket: "the leads_bucket" },
    log: "/tmp/dev.log",
  });
  end();
  assert.throws(() => currentRun(folder), /^No run is under way .* Start one with npm start/);
});

current("only its user can read the file, also when an older one is in its place", () => {
  const folder = tempFolder();
  writeCurrentRun(platform, { env: "dev", folder });
  const [name = ""] = readdirSync(folder);
  chmodSync(join(folder, name), 0o644);
  writeCurrentRun(platform, { env: "dev", folder });
  for (const file of readdirSync(folder)) assert.is(statSync(join(folder, file)).mode & 0o777, 0o600);
});

current("a run that was killed is no run, and neither is a file that is not complete", async () => {
  const folder = tempFolder();
  const ended = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(ended, "exit");
  writeCurrentRun(platform, { env: "dev", folder });
  const [name = ""] = readdirSync(folder);
  const run = JSON.parse(readFileSync(join(folder, name), "utf8"));
  writeFileSync(join(folder, name), JSON.stringify({ ...run, processId: ended.pid }));
  writeFileSync(newRunPath("dev", "run", folder, new Date(Date.UTC(2099, 0))), '{"processId":');
  assert.throws(() => currentRun(folder), /No run is under way/);
});

current("of several runs, the one that began last is meant, whatever its environment", () => {
  const folder = tempFolder();
  writeCurrentRun(platform, { env: "prod", folder });
  const later = newRunPath("dev", "run", folder, new Date(Date.UTC(2099, 0)));
  writeFileSync(later, JSON.stringify({ processId: process.pid, env: "dev" }));
  assert.is(currentRun(folder).env, "dev");
});

current("a folder that is not there holds no run", () => {
  assert.throws(() => currentRun(join(tempFolder(), "none")), /No run is under way/);
});

current.run();
