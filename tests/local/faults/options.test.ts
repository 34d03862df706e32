import { suite } from "uvu";
import * as assert from "uvu/assert";
import { faults } from "../../../local/faults/command.ts";
import { faultNames } from "../../../local/faults/faults.ts";
import { valuesOf } from "../../helpers/command.ts";
import { failureOf } from "../../helpers/failure.ts";

const options = suite("faults :: options");

options("without any: dev, 300 leads, a minute, every fault", async () => {
  assert.equal(await valuesOf(faults, ""), {
    env: "dev",
    leads: 300,
    seed: 1,
    minutes: 1,
    faults: faultNames,
    json: false,
  });
});

options("each option is read", async () => {
  const line = "--env prod --leads 60 --seed 3 --minutes 0.2 --faults slack-down,crm-twice --json";
  assert.equal(await valuesOf(faults, line), {
    env: "prod",
    leads: 60,
    seed: 3,
    minutes: 0.2,
    faults: ["slack-down", "crm-twice"],
    json: true,
  });
  assert.equal((await valuesOf(faults, "--faults none")).faults, []);
  assert.equal((await valuesOf(faults, "--faults all")).faults, faultNames);
});

for (const [line, expected] of [
  ["--env production", "'--env <name>' argument 'production' is invalid. Allowed: dev, staging, prod."],
  ["--leads 0", "'--leads <number>' argument '0' is invalid. Allowed: a whole number from 1 to 100000."],
  ["--leads 1.5", "'--leads <number>' argument '1.5' is invalid. Allowed: a whole number from 1 to 100000."],
  ["--seed one", "'--seed <number>' argument 'one' is invalid. Allowed: a whole number from 0 to 4294967295."],
  ["--minutes 0", "'--minutes <number>' argument '0' is invalid. Allowed: a number from 0.1 to 120."],
  ["--minutes soon", "'--minutes <number>' argument 'soon' is invalid. Allowed: a number from 0.1 to 120."],
  ["--faults slack", "argument 'slack' is invalid. Allowed: all, none, or a list with commas of slack-down, "],
  ["--fault slack-down", "unknown option '--fault'\n(Did you mean --faults?)"],
  ["slack-down", "Allowed are --env <name>, --leads <number>, --seed <number>, --minutes <number>, --faults <list>"],
] as const) {
  options(`refuses "${line}" with what is allowed, and ends with 2`, async () => {
    const { message } = await failureOf(valuesOf(faults, line));
    assert.match(message, expected);
    assert.match(message, /exit code 2$/);
  });
}

options.run();
