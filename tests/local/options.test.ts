import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readOptions } from "../../local/options.ts";

const options = suite("npm start's flags");

options("without any, ten leads go through dev at once", () => {
  assert.equal(readOptions([]), {
    env: "dev",
    leads: 10,
    rate: undefined,
    slack: "up",
    seed: 1,
    stack: undefined,
    exit: false,
    json: false,
  });
});

options("each flag is read", () => {
  const args = "--env prod --leads 200 --rate 0.5 --slack limited --seed 7 --stack dir --exit --json".split(" ");
  assert.equal(readOptions(args), {
    env: "prod",
    leads: 200,
    rate: 0.5,
    slack: "limited",
    seed: 7,
    stack: "dir",
    exit: true,
    json: true,
  });
});

const wrong: Record<string, string> = {
  "--env production": "--env production: allowed are dev, staging, prod.",
  "--slack off": "--slack off: allowed are up, down, slow, limited, resetting, silent.",
  "--leads 1.5": "--leads 1.5: allowed is a whole number from 0 to 1000000.",
  "--leads=-1": "--leads -1: allowed is a whole number from 0 to 1000000.",
  "--leads=": "--leads : allowed is a whole number from 0 to 1000000.",
  "--rate 0": "--rate 0: allowed is a number from 0.01 to 100000.",
  "--seed x": "--seed x: allowed is a whole number from 0 to 9007199254740991.",
};

for (const [args, message] of Object.entries(wrong)) {
  options(`${args} is refused with flag, value and what is allowed`, () => {
    assert.throws(
      () => readOptions(args.split(" ")),
      (error: Error) => error.message === message || error.message,
    );
  });
}

options("an unknown flag, a missing value and a stray word are refused with the flags there are", () => {
  for (const args of [["--leeds", "3"], ["--leads"], ["prod"]]) {
    assert.throws(() => readOptions(args), /^[^\n]*allowed are --env VALUE .* --json\.$/);
  }
});

options.run();
