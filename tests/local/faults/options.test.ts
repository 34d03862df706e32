import { suite } from "uvu";
import * as assert from "uvu/assert";
import { OptionError } from "../../../local/errors.ts";
import { faultNames } from "../../../local/faults/faults.ts";
import { readFaultOptions } from "../../../local/faults/options.ts";

const options = suite("faults :: options");

options("without flags: dev, 300 leads, a minute, every fault", () => {
  const { faults, ...rest } = readFaultOptions([]);
  assert.equal(rest, { env: "dev", leads: 300, seed: 1, minutes: 1, json: false });
  assert.equal(faults, faultNames);
});

options("all flags", () => {
  const args = "--env prod --leads 60 --seed 3 --minutes 0.2 --faults slack-down,crm-twice --json".split(" ");
  assert.equal(readFaultOptions(args), {
    env: "prod",
    leads: 60,
    seed: 3,
    minutes: 0.2,
    faults: ["slack-down", "crm-twice"],
    json: true,
  });
  assert.equal(readFaultOptions(["--faults", "none"]).faults, []);
});

for (const [args, expected] of [
  ["--env production", "--env production: allowed are dev, staging, prod."],
  ["--leads 0", "--leads 0: allowed is a whole number from 1 to 100000."],
  ["--leads 1.5", "--leads 1.5: allowed is a whole number from 1 to 100000."],
  ["--seed one", "--seed one: allowed is a whole number from 0 to 4294967295."],
  ["--minutes 0", "--minutes 0: allowed is 0.1 to 120."],
  ["--minutes soon", "--minutes soon: allowed is 0.1 to 120."],
  ["--faults slack", "--faults slack: allowed are all, none, and a list of slack-down, "],
  ["--fault slack-down", "allowed are --env VALUE --leads VALUE"],
  ["slack-down", "allowed are --env VALUE --leads VALUE"],
] as const) {
  options(`refuses ${args}`, () => {
    assert.throws(
      () => readFaultOptions(args.split(" ")),
      (error: Error) => error instanceof OptionError && error.message.includes(expected),
    );
  });
}

options.run();
