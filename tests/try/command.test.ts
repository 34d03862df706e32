import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCommand } from "../../command-line/program.ts";
import { tryCommand } from "../../try/command.ts";

/** Runs the command on files by their names. */
async function run(args: readonly string[], files: Readonly<Record<string, unknown>>) {
  const printed: string[] = [];
  const errors: unknown[] = [];
  const print = (text: string) => printed.push(text);
  const read = async (path: string) => {
    if (!(path in files)) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return Buffer.from(JSON.stringify(files[path]));
  };
  const terminal = { print, error: (problem: unknown) => errors.push(problem) };
  const code = await runCommand(tryCommand, args, terminal, { read, print });
  return { code, printed: printed.join("\n"), errors: errors.join("\n") };
}

const jane = { email: "jane@acme.example.com", job_title: "CTO", shoe_size: "41", message: "A <b> & *c*" };
const command = suite("npm run try");

command("shows the fields, what is not read and the card, and ends with 0", async () => {
  const { code, printed, errors } = await run(["lead.json"], { "lead.json": jane });
  assert.match(printed, /^Lead 1 of 1: enriched$/m);
  assert.match(printed, /^ {2}email\.address +jane@acme\.example\.com +email$/m);
  assert.match(printed, /^Not read\n {2}shoe_size$/m);
  assert.match(printed, /^Card\n {2}New lead: /m);
  assert.match(printed, "A <b> & *c*");
  assert.not.match(printed, /repeat/);
  assert.equal([code, errors], [0, ""]);
});

command("reads standard input for -", async () => {
  assert.is((await run(["-"], { "-": jane })).code, 0);
});

command("ends with 1 and the reason if a lead is rejected, even beside good ones", async () => {
  const { code, printed } = await run(["leads.json"], { "leads.json": [jane, { name: "Nobody" }] });
  assert.match(printed, /^Lead 2 of 2: rejected\. NoContact: The lead has neither/m);
  assert.is(code, 1);
});

command("--json prints one document and nothing else", async () => {
  const { code, printed } = await run(["lead.json", "--json", "--source", "crm"], { "lead.json": jane });
  const { leads, ...others } = JSON.parse(printed);
  assert.equal(others, {});
  assert.equal(
    leads.map(({ status, leftAside }: { status: string; leftAside: unknown }) => [status, leftAside]),
    [["enriched", ["shoe_size"]]],
  );
  assert.is(code, 0);
});

command("says that the sender is not proven, for a source", async () => {
  assert.match((await run(["lead.json", "--source", "crm"], { "lead.json": jane })).printed, "not proven");
});

for (const [args, problem] of [
  [[], /missing required argument 'file'/],
  [["none.json"], /none\.json cannot be read: ENOENT\./],
  [["lead.json", "--record", "none.json"], /none\.json cannot be read/],
  [["lead.json", "--source", "crn"], /'crn' is unknown\. Allowed: sources of the environment/],
  [["lead.json", "--env", "test"], /Allowed: dev, staging, prod/],
  [["lead.json", "--env", "demo", "--source", "crm"], /'crm' is unknown/],
  [["lead.json", "more.json"], /too many arguments/],
] as const) {
  command(`"${args.join(" ")}" ends with 2, and prints no result`, async () => {
    const { code, printed, errors } = await run(args, { "lead.json": jane });
    assert.match(errors, problem);
    assert.equal([code, printed], [2, ""]);
  });
}

command.run();
