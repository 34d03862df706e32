import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { start } from "../../local/command.ts";
import { runOptions } from "../../local/options.ts";
import { valuesOf } from "../helpers/command.ts";
import { failureOf } from "../helpers/failure.ts";

const options = suite("npm start's options");

options("without any, ten leads go through dev at once", async () => {
  assert.equal(await valuesOf(start, ""), {
    env: "dev",
    source: ["all"],
    leads: 10,
    slack: "up",
    seed: 1,
    port: 7272,
    exit: false,
    json: false,
    quiet: false,
  });
});

options("each option is read", async () => {
  const line =
    "--env prod --source crm,website --leads 200 --rate 0.5 --slack limited --seed 7 --port 0 --stack dir --exit --json --quiet";
  assert.equal(await valuesOf(start, line), {
    env: "prod",
    source: ["crm", "website"],
    leads: 200,
    rate: 0.5,
    slack: "limited",
    seed: 7,
    port: 0,
    stack: "dir",
    exit: true,
    json: true,
    quiet: true,
  });
});

for (const [line, option, allowed] of [
  ["--env production", "'--env <name>' argument 'production'", "dev, staging, prod, demo."],
  ["--slack off", "'--slack <name>' argument 'off'", "up, down, slow, limited, resetting, silent, uncertain."],
  ["--source ,", "'--source <list>' argument ','", "all, or names of sources with commas between them."],
  ["--leads 1.5", "'--leads <number>' argument '1.5'", "a whole number from 0 to 1000000."],
  ["--leads=-1", "'--leads <number>' argument '-1'", "a whole number from 0 to 1000000."],
  ["--leads=", "'--leads <number>' argument ''", "a whole number from 0 to 1000000."],
  ["--leads 1000001", "'--leads <number>' argument '1000001'", "a whole number from 0 to 1000000."],
  ["--rate 0", "'--rate <number>' argument '0'", "a number from 0.01 to 100000."],
  ["--seed x", "'--seed <number>' argument 'x'", "a whole number from 0 to 9007199254740991."],
] as const) {
  options(`${line} is refused with option, value and what is allowed`, async () => {
    const { message } = await failureOf(valuesOf(start, line));
    assert.is(message.split("\n")[0], `error: option ${option} is invalid. Allowed: ${allowed}`);
    assert.match(message, /exit code 2$/);
  });
}

for (const line of ["--leeds 3", "--leads", "prod"]) {
  options(`"${line}" is refused with the options there are`, async () => {
    const { message } = await failureOf(valuesOf(start, line));
    assert.match(message, /\nAllowed are --env <name>, --source <list>, --leads <number>, .*--exit, .*--help\.\n/);
    assert.match(message, /exit code 2$/);
  });
}

options("docs/embedded-run.md has a row for each mode of Slack", () => {
  const [, table = ""] = readFileSync("docs/embedded-run.md", "utf8").split("| mode | what Slack does |");
  const modes = [...table.matchAll(/^ {2}\| `(\w+)` \|/gm)].map(([, mode]) => mode);
  assert.is(modes.join(", "), runOptions.slack.kind?.allowed);
});

options.run();
