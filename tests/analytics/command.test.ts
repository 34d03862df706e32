import { readFileSync } from "node:fs";
import { mock } from "node:test";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { queryCommand } from "../../analytics/command.ts";
import { QueryError } from "../../analytics/database.ts";
import { formats } from "../../analytics/output.ts";
import { ports } from "../../analytics/ports.ts";
import { namedQueries } from "../../analytics/queries.ts";
import { tables } from "../../analytics/tables.ts";
import { views } from "../../analytics/views.ts";
import { runCommand } from "../../command-line/program.ts";
import { objectsFolder } from "../helpers/analytics.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { runScript } from "../helpers/script.ts";

/** Runs the command. @param latest the folder of the latest local run @param signal of Ctrl-C */
async function run(args: readonly string[], latest?: string, signal = new AbortController().signal) {
  const printed: string[] = [];
  const errors: unknown[] = [];
  const print = (text: string) => printed.push(text);
  const sent: string[] = [];
  const athena = async (env: string) => ({
    query: async (sql: string) => ({ columns: ["n"], rows: [[sent.push(`${env}: ${sql}`)]] }),
    close: () => sent.push("closed"),
  });
  const terminal = { print, error: (problem: unknown) => errors.push(problem) };
  const interruption = () => signal;
  const ports = { print, latestObjects: () => latest, interruption, athena };
  const code = await runCommand(queryCommand, args, terminal, ports);
  return { code, printed: printed.join("\n"), errors: errors.join("\n"), sent };
}

const one = objectsFolder([enrichedLead()]);
const two = objectsFolder([enrichedLead({ source: "crm" }), enrichedLead({ enrichedAt: "2026-03-02T00:00:00.000Z" })]);
const sql = "SELECT source, score FROM leads ORDER BY source";

const command = suite("npm run query");

command("lists tables, views and named queries without SQL, and reads nothing", async () => {
  const { code, printed } = await run([]);
  assert.is(code, 0);
  for (const { name, meaning } of [...tables, ...views, ...namedQueries]) {
    assert.ok(
      printed.split("\n").some((line) => line.includes(name) && line.endsWith(meaning)),
      name,
    );
  }
});

for (const args of [[sql], [sql, "--local"]]) {
  command(`reads the latest local run with ${args.slice(1).join() || "no option"}`, async () => {
    assert.equal(await run([...args, "--format", "csv"], two), {
      code: 0,
      printed: "source,score\ncrm,100\nwebsite,100",
      errors: "",
      sent: [],
    });
  });
}

command("reads a folder, and prints a table", async () => {
  const table = formats.table({ columns: ["source", "score"], rows: [["website", 100]] });
  assert.is((await run([sql, "--dir", one], two)).printed, table);
});

command("ends with 1 at Ctrl-C", async () => {
  const { code, errors } = await run([sql, "--dir", one], two, AbortSignal.abort(new QueryError("Interrupted.")));
  assert.equal([code, errors], [1, "Interrupted."]);
});

command("reads the files of some days for SQL too", async () => {
  const { printed } = await run([sql, "--dir", two, "--format", "csv", "--to", "2026-03-01"]);
  assert.is(printed, "source,score\ncrm,100");
});

command("runs a named query over some days", async () => {
  const args = ["--name", "leads-by-source-and-day", "--dir", two, "--format", "json"];
  const first = { day: "2026-03-01", source: "crm", leads: 1 };
  const second = { day: "2026-03-02", source: "website", leads: 1 };
  assert.equal(JSON.parse((await run(args)).printed), [first, second]);
  assert.equal(JSON.parse((await run([...args, "--to", "2026-03-01"])).printed), [first]);
  assert.equal(JSON.parse((await run([...args, "--from", "2026-03-02"])).printed), [second]);
});

command("sends SQL to an environment's Athena as it is, and prints its rows", async () => {
  const { code, printed, sent } = await run([sql, "--env", "prod", "--format", "csv"], two);
  assert.equal([code, printed, sent], [0, "n\n1", [`prod: ${sql}`, "closed"]]);
});

command("sends a named query of some days to Athena", async () => {
  const { sent } = await run(["--name", "scores", "--env", "dev", "--from", "2026-03-01", "--to", "2026-03-02"]);
  assert.match(sent[0] ?? "", /^dev: SELECT score.*dt BETWEEN '2026-03-01' AND '2026-03-02'/s);
});

for (const [args, code, problem] of [
  [[sql], 2, /no local run yet/],
  [[sql, "--dir", "/none"], 2, /no folder \/none/],
  [[sql, "--dir", one, "--local"], 2, /exclude each other/],
  [[sql, "--dir", one, "--env", "prod"], 2, /exclude each other/],
  [[sql, "--env", "prod", "--from", "2026-03-01"], 2, /limit named queries/],
  [[sql, "--env", "prod", "--to", "2026-03-01"], 2, /limit named queries/],
  [[sql, "--env", "demo"], 2, /Allowed: dev, staging, prod/],
  [[sql, "--name", "scores"], 2, /not both/],
  [["--name", "nothing"], 2, /Allowed: .*scores/],
  [["--from", "today"], 2, /a day such as/],
  [["--from", "02026-03-01"], 2, /a day such as/],
  [["--to", "2026-03-011"], 2, /a day such as/],
  [["SELEC 1", "--dir", one], 1, /syntax error/i],
] as const) {
  command(`ends with ${code} for ${args.slice(1).join(" ")}: ${problem.source}`, async () => {
    const result = await run(args);
    assert.match(result.errors, problem);
    assert.equal([result.code, result.printed], [code, ""]);
  });
}

const rows = (...values: Parameters<typeof formats.csv>[0]["rows"][number]) => ({ columns: ["a"], rows: [values] });

for (const formula of ["=1+1", "+4930123456", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]) {
  command(`puts an apostrophe before ${JSON.stringify(formula)} in CSV`, () => {
    assert.match(formats.csv(rows(formula)), `'${formula}`);
  });
}

command("leaves other cells of CSV as they are, and numbers too", () => {
  assert.is(formats.csv(rows("a=b", -5, null, true, "")), "a\na=b,-5,,true,");
});

command("quotes cells of CSV that hold commas, quotes or line breaks", () => {
  assert.is(formats.csv(rows("a,b", 'a "b"', "a\nb", ["x"])), 'a\n"a,b","a ""b""","a\nb","[""x""]"');
});

command("prints lists and nothing in tables and in JSON, and numbers at the right of tables", () => {
  assert.match(formats.table({ columns: ["a", "b"], rows: [[["x"], null]] }), /^a +b\n\["x"\]$/);
  assert.match(formats.table({ columns: ["a"], rows: [[5], [100]] }), /^ *a\n +5\n100$/);
  assert.is(formats.json({ columns: ["a", "b"], rows: [[["x"], null]] }), '[{"a":["x"],"b":null}]');
});

command("Ctrl-C says that the query was stopped", () => {
  const listeners = mock.method(process, "once", () => process);
  const output = mock.method(process.stdout, "on", () => process.stdout);
  const signal = ports.interruption();
  for (const { arguments: about } of listeners.mock.calls) (about as unknown as [string, () => void])[1]();
  listeners.mock.restore();
  output.mock.restore();
  assert.is(signal.reason.message, "Interrupted: the query was stopped.");
});

for (const name of ["query", "report"]) {
  command(`npm run ${name} ends with the code of its command and writes errors to standard error`, async () => {
    const file = JSON.parse(readFileSync("package.json", "utf8")).scripts[name].split(" ").at(-1);
    const { code, stdout, stderr } = await runScript(file, ["--from", "today"]);
    assert.equal([code, stdout], [2, ""]);
    assert.match(stderr, /'--from <day>' argument 'today' is invalid/);
    const help = await runScript(file, ["--help"]);
    assert.equal(
      [help.code, help.stdout.split("\n")[0]],
      [0, `Usage: npm run ${name} -- [options]${name === "query" ? " [sql]" : ""}`],
    );
  });
}

command("npm run query alone lists what can be asked", async () => {
  const { code, stdout } = await runScript("analytics/main.ts", []);
  assert.equal([code, stdout.split("\n")[0]], [0, "Tables and views, DESCRIBE NAME lists the columns:"]);
});

command.run();
