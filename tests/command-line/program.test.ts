import { suite } from "uvu";
import * as assert from "uvu/assert";
import { flag, oneOf, operand, optional, required, wholeNumber, withDefault } from "../../command-line/options.ts";
import { type Command, type Program, runCommand, runProgram, UsageError } from "../../command-line/program.ts";
import { LeadwireError } from "../../errors.ts";

class SampleError extends LeadwireError<"Sample"> {}

const options = {
  size: withDefault("3", "How large it is.", wholeNumber(1, 9), "5"),
  color: required("Its color.", oneOf(["red", "blue"]), "red"),
  maxAge: optional("Its age.", wholeNumber(0, 99), "42"),
  dryRun: flag("Does nothing."),
};

/** Runs a command line and collects what it writes. */
async function run(line: string, work: () => Promise<number> = async () => 0) {
  const seen: unknown[] = [];
  const printed: string[] = [];
  const errors: unknown[] = [];
  const paint: Command<typeof options, string> = {
    name: "house paint",
    summary: "Paints it.",
    options,
    run: async (values, port) => {
      seen.push([port, values]);
      return work();
    },
  };
  const program: Program<string> = {
    name: "npm run sample --",
    summary: "A sample.",
    groups: { house: "About houses." },
    commands: [paint, { name: "sell", summary: "Sells it.", options: {}, run: async () => 7 }],
  };
  const terminal = { print: (text: string) => printed.push(text), error: (problem: unknown) => errors.push(problem) };
  const code = await runProgram(program, line.split(" ").filter(Boolean), terminal, "a port");
  // Commander breaks lines where the terminal ends.
  return { code, seen, printed: printed.join("\n").replace(/\s+/g, " "), errors };
}

const program = suite("command line :: programs");

program("a command gets its values, with defaults, and the ports; its exit code is the program's", async () => {
  const { code, seen } = await run("house paint --color red", async () => 4);
  assert.equal(seen, [["a port", { size: 3, color: "red", dryRun: false }]]);
  assert.is(code, 4);
  const all = await run("house paint --size=9 --color blue --max-age 0 --dry-run");
  assert.equal(all.seen, [["a port", { size: 9, color: "blue", maxAge: 0, dryRun: true }]]);
  assert.is((await run("sell")).code, 7);
});

program("--help shows sentence, what is allowed, example and default of every option, and ends with 0", async () => {
  const { code, printed, errors, seen } = await run("house paint --help");
  for (const text of [
    "Usage: npm run sample -- house paint [options]",
    "Paints it.",
    "--size <number> How large it is. Allowed: a whole number from 1 to 9. Example: --size 5 (default: 3)",
    "--color <name> Its color. Allowed: red, blue. Required. Example: --color red",
    "--max-age <number> Its age. Allowed: a whole number from 0 to 99. Example: --max-age 42",
    "--dry-run Does nothing. Example: --dry-run (default: false)",
  ]) {
    assert.match(printed, text);
  }
  assert.equal([code, errors, seen], [0, [], []]);
});

program("--help of the program names groups and commands with a sentence each", async () => {
  const { code, printed } = await run("--help");
  assert.match(printed, /A sample\. .*house About houses\. sell Sells it\./);
  assert.is(code, 0);
  assert.match((await run("house --help")).printed, "paint [options] Paints it.");
});

for (const [line, problem] of [
  ["hose paint", /unknown command 'hose'\n\(Did you mean house\?\)/],
  ["house pain", /unknown command 'pain'\n\(Did you mean paint\?\)/],
  [
    "house paint --colour red",
    /unknown option '--colour'\n\(Did you mean --color\?\)\nAllowed are --size <number>, --color/,
  ],
  ["house paint", /required option '--color <name>' not specified/],
  ["house paint --color", /option '--color <name>' argument missing/],
  ["house paint --color green", /option '--color <name>' argument 'green' is invalid\. Allowed: red, blue\./],
  [
    "house paint --color red --size 10",
    /'--size <number>' argument '10' is invalid\. Allowed: a whole number from 1 to 9/,
  ],
  ["house paint --color red more", /too many arguments/],
  ["", /Usage: npm run sample --/],
  ["house", /Usage: npm run sample -- house/],
] as const) {
  program(`"${line}" ends with 2 and says what is wrong`, async () => {
    const { code, errors, seen, printed } = await run(line);
    assert.match(errors.join("\n"), problem);
    assert.equal([code, seen, printed], [2, [], ""]);
  });
}

program("an error of Leadwire is shown by its message, any other one is handed over, and both end with 1", async () => {
  const own = await run("house paint --color red", () => Promise.reject(new SampleError("Sample", "Do this.")));
  assert.equal([own.code, own.errors], [1, ["Do this."]]);
  const usage = await run("house paint --color red", () => Promise.reject(new UsageError("error: not so.")));
  assert.equal([usage.code, usage.errors], [2, ["error: not so."]], "only a wrong value ends with 2");
  const strange = new TypeError("x is not a function");
  const other = await run("house paint --color red", () => Promise.reject(strange));
  assert.equal([other.code, other.errors], [1, [strange]]);
});

program("a program of one command needs no name", async () => {
  const errors: unknown[] = [];
  const terminal = { print: () => {}, error: (problem: unknown) => errors.push(problem) };
  const command = { name: "npm start --", summary: "Starts.", options, run: async () => 5 };
  assert.is(await runCommand(command, ["--color", "red"], terminal, undefined), 5);
  assert.is(await runCommand(command, ["--colr", "red"], terminal, undefined), 2);
  assert.match(errors.join("\n"), "(Did you mean --color?)");
});

program("an operand is given by its place, and its value is read as an option's is", async () => {
  const seen: unknown[] = [];
  const errors: unknown[] = [];
  const terminal = { print: () => {}, error: (problem: unknown) => errors.push(problem) };
  const command = {
    name: "npm run cut --",
    summary: "Cuts.",
    options: { pieces: operand("How many.", wholeNumber(1, 9), "4"), dryRun: flag("Does nothing.") },
    run: async (values: unknown) => seen.push(values),
  };
  assert.is(await runCommand(command, ["4", "--dry-run"], terminal, undefined), 1);
  assert.equal(seen, [{ pieces: 4, dryRun: true }]);
  assert.is(await runCommand(command, ["--dry-run"], terminal, undefined), 2);
  assert.is(await runCommand(command, ["10"], terminal, undefined), 2);
  assert.match(
    errors.join("\n"),
    /missing required argument 'pieces'.*'10' is invalid.*Allowed: a whole number from 1 to 9/s,
  );
});

program.run();
