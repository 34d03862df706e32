import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openDatabase } from "../../analytics/database.ts";
import { namedQueries } from "../../analytics/queries.ts";
import { reportCommand } from "../../analytics/report/command.ts";
import { plots } from "../../analytics/report/plots.ts";
import { runCommand } from "../../command-line/program.ts";
import type { LeadOutcome } from "../../functions/lead/outcome.ts";
import { objectsFolder, objectsIn } from "../helpers/analytics.ts";
import { independentCounts } from "../helpers/independent-counts.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { leadOutcome } from "../helpers/outcomes.ts";
import { tempFolder } from "../helpers/temp-folder.ts";
import { withVariables } from "../helpers/variables.ts";

/** Runs the command. @param latest the folder of the latest local run */
async function run(args: readonly string[], latest?: string) {
  const printed: string[] = [];
  const errors: unknown[] = [];
  const print = (text: string) => printed.push(text);
  const sent: string[] = [];
  const athena = async () => {
    const database = await openDatabase(folder);
    return {
      query(sql: string) {
        sent.push(sql);
        return database.query(sql);
      },
      close() {
        sent.push("closed");
        database.close();
      },
    };
  };
  const terminal = { print, error: (problem: unknown) => errors.push(problem) };
  const interruption = () => new AbortController().signal;
  const ports = { print, latestObjects: () => latest, interruption, athena };
  const code = await runCommand(reportCommand, args, terminal, ports);
  return { code, printed: printed.join("\n"), errors: errors.join("\n"), sent };
}

async function pageOf(folder: string, ...args: readonly string[]): Promise<string> {
  const out = join(tempFolder(), "page.html");
  await run(["--dir", folder, "--out", out, ...args]);
  return readFileSync(out, "utf8");
}

/** The texts of the elements of a selector. */
const textsOf = (page: string, selector: string): string[] =>
  [...parseHTML(page).document.querySelectorAll(selector)].map((element) => element.textContent ?? "");

/** Elements in the plot of a query. */
const elementsIn = (page: string, name: string, selector: string) => {
  const title = namedQueries.find((query) => query.name === name)?.meaning.slice(0, -1);
  return [...parseHTML(page).document.querySelectorAll(`svg[aria-label="${title}"] ${selector}`)];
};
/** Numbers in an attribute of the elements of a selector, in the plot of a query. */
const numbersIn = (page: string, name: string, selector: string, attribute: string) => {
  return elementsIn(page, name, selector).map((one) =>
    Math.round(Number(/[\d.]+/.exec(one.getAttribute(attribute) ?? "")?.[0])),
  );
};

const sources = ["website", "crm", "ads"];
const at = (hours: number) => new Date(Date.parse("2026-03-01T00:00:00Z") + hours * 3_600_000).toISOString();
const leads = Array.from({ length: 60 }, (_, index) =>
  enrichedLead({
    id: `website-${String(index).padStart(32, "0")}`,
    source: sources[index % 3] ?? "",
    receivedAt: at(index * 5),
    enrichedAt: at(index * 5),
    score: index % 7 === 0 ? 100 : index,
  }),
);
const outcomes = leads.map(({ id, source, receivedAt }, index): LeadOutcome[] => {
  const about = { schemaVersion: 1 as const, id, source, happenedAt: at(index * 5 + 1), receivedAt };
  if (index % 5 === 0) return [{ ...about, outcome: "deadLettered", reason: index % 2 ? "NoContact" : "NotJson" }];
  const announced = { ...about, outcome: "announced", milliseconds: index * 997, channel: "slack" } as const;
  return [{ ...announced, destination: index % 2 ? "sales" : "emea", ...(index % 4 === 0 && { seenBefore: true }) }];
});
const folder = objectsFolder(leads, outcomes);
const page = pageOf(folder);

const report = suite("npm run report");

report("has a section for each plot, with the query's meaning and a plot and a table below it", async () => {
  const meanings = Object.keys(plots).map((name) => namedQueries.find((query) => query.name === name)?.meaning);
  assert.equal(
    textsOf(await page, "h2").map((title) => `${title}.`),
    meanings,
  );
  assert.is(textsOf(await page, "svg[aria-label]").length, meanings.length);
  assert.is(textsOf(await page, "details > table").length, meanings.length);
});

for (const [index, name] of Object.keys(plots).entries()) {
  report(`has in the table of ${name} the rows of an independent count`, async () => {
    const { [name]: expected = [] } = independentCounts(objectsIn(folder));
    const [table] = [...parseHTML(await page).document.querySelectorAll("table")].slice(index);
    const rows = [...(table?.querySelectorAll("tr") ?? [])].slice(1);
    assert.ok(expected.length > 1);
    assert.equal(
      rows.map((row) => [...row.querySelectorAll("td")].map(({ textContent }) => textContent)),
      expected.map((row) => row.map(String)),
    );
  });
}

for (const [name, label] of [
  ["dead-letters", ([, , count]) => `${count}`],
  ["channels", ([, , count]) => `${count}`],
  ["scores", ([, count]) => `${count}`],
  ["people-seen-again", ([, all, again]) => `${again} of ${all}`],
] satisfies [string, (row: readonly unknown[]) => string][]) {
  report(`writes the figures of ${name} into its plot`, async () => {
    const { [name]: expected = [] } = independentCounts(objectsIn(folder));
    const figures = elementsIn(await page, name, 'g[aria-label="text"] text');
    assert.equal(
      figures.map(({ textContent }) => textContent),
      expected.map(label),
    );
  });
}

report("draws bars as wide as a day of two weeks, and as ten of 110 points", async () => {
  const width = 900 - 220 - 110;
  for (const [name, share] of [
    ["leads-by-source-and-day", 1 / 14],
    ["scores", 10 / 110],
  ] as const) {
    const widths = numbersIn(await page, name, 'g[aria-label="rect"] rect', "width");
    assert.equal([...new Set(widths)], [Math.round(width * share)]);
  }
  const starts = numbersIn(await page, "scores", 'g[aria-label="rect"] rect', "x");
  const figures = numbersIn(await page, "scores", 'g[aria-label="text"] text', "transform");
  for (const [index, x] of figures.entries()) assert.is(Math.round((x - Number(starts[index])) / 10), 3);
});

report("draws a line from the first to the last percentile of each week", async () => {
  const lines = Array.from({ length: 100 }, (_, index) =>
    leadOutcome({ id: `website-${index}`, milliseconds: (index + 1) * 1000 }),
  );
  const shown = await pageOf(objectsFolder([], [lines]));
  const of = (...where: [selector: string, attribute: string]) => numbersIn(shown, "seconds-to-announcement", ...where);
  const [p50, p95, p99] = of('g[aria-label="dot"] path', "transform");
  assert.ok(Number(p50) < Number(p95) && Number(p95) < Number(p99), `${p50} ${p95} ${p99}`);
  const ends = ["x1", "x2"].flatMap((end) => of('g[aria-label="rule"] line', end));
  assert.equal(ends, [p50, p99]);
});

report("draws the people who came before as a part of all", async () => {
  const all = numbersIn(await page, "people-seen-again", 'g[aria-label="bar"] rect', "width");
  const { "people-seen-again": expected = [] } = independentCounts(objectsIn(folder));
  const width = 900 - 220 - 110;
  const most = Math.max(...expected.map(([, leads]) => Number(leads)));
  const counts = [...expected.map(([, leads]) => leads), ...expected.map(([, , again]) => again)];
  assert.equal(
    all,
    counts.map((count) => Math.round((width * Number(count)) / most)),
  );
  const names = elementsIn(await page, "people-seen-again", 'g[aria-label="y-axis tick label"] text');
  assert.equal(
    names.map(({ textContent }) => textContent),
    sources.toSorted(),
  );
});

report("tells the percentiles apart by shapes, not by colours alone", async () => {
  const dots = [...parseHTML(await page).document.querySelectorAll('g[aria-label="dot"]')];
  assert.is(new Set(dots.map((group) => group.querySelector("path")?.getAttribute("d"))).size, 3);
});

report("loads nothing and runs nothing", async () => {
  assert.match(await page, "default-src 'none'");
  assert.not.match(await page, /<script|<link|<img|\bsrc=|\bhref=|url\(|@import/i);
});

report("holds no personal data", async () => {
  const { name, email, phone, company, owner, url } = enrichedLead();
  for (const value of [name?.full, email?.address, phone?.e164, company?.name, owner?.name, url]) {
    assert.not.match(await page, value ?? "?");
  }
});

report("is the same for the same objects, in every order of files and every time zone", async () => {
  const reversed = objectsFolder(leads.toReversed(), outcomes.toReversed());
  const again = await withVariables({ TZ: "America/Los_Angeles" }, () => pageOf(reversed));
  assert.is(again, await page);
});

for (const hostile of ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!-- sections -->$&", "a & b"]) {
  report(`shows ${hostile} as a text`, async () => {
    const [first] = outcomes[1] ?? [];
    const outcome = { ...first, source: hostile, destination: hostile } as LeadOutcome;
    const dead = { ...outcome, outcome: "deadLettered", reason: hostile } as const;
    const shown = await pageOf(objectsFolder([enrichedLead({ source: hostile })], [[outcome], [dead]]));
    assert.is(textsOf(shown, "script, img").length, 0);
    assert.is(textsOf(shown, "h2").length, 6);
    assert.is(textsOf(shown, "td").filter((text) => text === hostile).length, 6);
  });
}

report("says in words that there is nothing", async () => {
  const empty = await pageOf(objectsFolder([]));
  assert.equal(textsOf(empty, "p"), Array(6).fill("There are none."));
  assert.is(textsOf(empty, "svg").length, 0);
});

report("shows announcements that took no time", async () => {
  const [first] = outcomes[1] ?? [];
  const shown = await pageOf(objectsFolder(leads.slice(1, 2), [[{ ...first, milliseconds: 0 } as LeadOutcome]]));
  assert.not.match(shown, /NaN|Infinity|undefined/);
});

report("reads the days that it is asked for", async () => {
  const days = textsOf(await pageOf(folder, "--from", "2026-03-03", "--to", "2026-03-04"), "table:first-of-type td");
  assert.equal([...new Set(days.filter((text) => /^\d{4}-/.test(text)))].slice(0, 2), ["2026-03-03", "2026-03-04"]);
  assert.not.ok(days.includes("2026-03-05"));
});

report("reads the latest local run without a folder", async () => {
  const out = join(tempFolder(), "page.html");
  assert.equal(await run(["--out", out], folder), {
    code: 0,
    printed: `The report is in ${out}.`,
    errors: "",
    sent: [],
  });
  assert.is(readFileSync(out, "utf8"), await page);
  assert.match((await run(["--help"])).printed, "report.html");
});

report("is made of an environment's Athena too", async () => {
  const out = join(tempFolder(), "page.html");
  const { code, sent } = await run(["--env", "prod", "--out", out, "--from", "2026-01-01", "--to", "2026-12-31"]);
  assert.is(code, 0);
  for (const sql of sent.slice(0, -1)) assert.match(sql, "BETWEEN '2026-01-01' AND '2026-12-31'");
  assert.is(sent.at(-1), "closed");
  assert.is(readFileSync(out, "utf8"), await page);
});

for (const [args, problem] of [
  [[], /no local run yet/],
  [["--dir", folder, "--out", "/none/page.html"], /cannot be written: ENOENT/],
  [["--dir", folder, "--out", "page.txt"], /ends in \.html/],
] as const) {
  report(`ends with 2 and writes nothing for ${args.slice(2).join(" ") || "no run"}`, async () => {
    const { code, errors } = await run(args);
    assert.match(errors, problem);
    assert.is(code, 2);
    assert.not.ok(existsSync("page.txt"));
  });
}

report.run();
