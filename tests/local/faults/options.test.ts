import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { faults } from "../../../local/faults/command.ts";
import { faultNames } from "../../../local/faults/faults.ts";
import { faultOptions, leadsOf } from "../../../local/faults/options.ts";
import { valuesOf } from "../../helpers/command.ts";
import { failureOf } from "../../helpers/failure.ts";

const options = suite("faults :: options");

options("without any: dev, 300 leads, a minute, no choice of faults and no outage", async () => {
  const values = await valuesOf(faults, "");
  assert.equal(values, { env: "dev", seed: 1, minutes: 1, json: false });
  assert.is(leadsOf(values), 300);
});

options("an outage gets a lead every two seconds, or as many as are asked for", async () => {
  assert.is(leadsOf(await valuesOf(faults, "--outage slack+email --minutes 10")), 300);
  assert.is(leadsOf(await valuesOf(faults, "--outage ledger --minutes 0.1")), 3);
  assert.is(leadsOf(await valuesOf(faults, "--outage secrets --leads 7 --minutes 10")), 7);
});

options("each option is read", async () => {
  const line = "--env prod --leads 60 --seed 3 --minutes 0.2 --faults slack-down,crm-twice --silent 300 --json";
  assert.equal(await valuesOf(faults, line), {
    env: "prod",
    leads: 60,
    seed: 3,
    minutes: 0.2,
    faults: ["slack-down", "crm-twice"],
    silent: 300,
    json: true,
  });
  assert.equal((await valuesOf(faults, "--faults none")).faults, []);
  assert.equal((await valuesOf(faults, "--faults all")).faults, faultNames);
});

for (const [line, expected] of [
  ["--env production", "'--env <name>' argument 'production' is invalid. Allowed: dev, staging, prod, demo."],
  ["--leads 0", "'--leads <number>' argument '0' is invalid. Allowed: a whole number from 1 to 100000."],
  ["--leads 1.5", "'--leads <number>' argument '1.5' is invalid. Allowed: a whole number from 1 to 100000."],
  ["--seed one", "'--seed <number>' argument 'one' is invalid. Allowed: a whole number from 0 to 4294967295."],
  ["--minutes 0", "'--minutes <number>' argument '0' is invalid. Allowed: a number from 0.1 to 120."],
  ["--minutes soon", "'--minutes <number>' argument 'soon' is invalid. Allowed: a number from 0.1 to 120."],
  ["--silent 0", "'--silent <number>' argument '0' is invalid. Allowed: a number from 1 to 3600."],
  ["--faults slack", "argument 'slack' is invalid. Allowed: all, none, or a list with commas of slack-down, "],
  ["--outage slack", "argument 'slack' is invalid. Allowed: slack+email, storage, ledger, secrets."],
  ["--fault slack-down", "unknown option '--fault'\n(Did you mean --faults?)"],
  ["slack-down", "Allowed are --env <name>, --leads <number>, --seed <number>, --minutes <number>, --faults <list>"],
] as const) {
  options(`refuses "${line}" with what is allowed, and ends with 2`, async () => {
    const { message } = await failureOf(valuesOf(faults, line));
    assert.match(message, expected);
    assert.match(message, /exit code 2$/);
  });
}

options("docs/embedded-run.md has a row for each outage", () => {
  const [, table = ""] = readFileSync("docs/embedded-run.md", "utf8").split("| `--outage` | what is down |");
  const names = [...table.matchAll(/^\| `([\w+]+)` \|/gm)].map(([, name]) => name);
  assert.is(names.join(", "), faultOptions.outage.kind?.allowed);
});

options.run();
