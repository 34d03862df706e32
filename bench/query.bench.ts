/**
 * The time and the memory of every named query of `npm run query`, and of `npm run report`, for more and more leads: of all days,
 * and of one day in thirty. The leads are made up, an object each, with an outcome each, ten to an object. The floor reads the
 * leads' objects and does nothing with them. Each query has a process of its own.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chunk } from "es-toolkit/array";
import { namedQueries } from "../analytics/queries.ts";
import { enrichedPrefix, outcomesPrefix } from "../flow.ts";
import type { EnrichedLead } from "../functions/lead/enriched-lead.ts";
import { webhookLeadId } from "../functions/lead/lead-id.ts";
import type { LeadOutcome } from "../functions/lead/outcome.ts";
import { madeUpLeads } from "../tests/helpers/made-up-leads.ts";
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { printTable } from "./shared/print-table.ts";

const days = 30;
const sources = ["website", "crm", "ads", "calendly"] as const;
const dayOf = (index: number) => new Date(Date.UTC(2026, 9, 1 + (index % days)));
const oneDay = dayOf(7).toISOString().slice(0, 10);

/** Writes so many leads and their outcomes. */
async function writeObjects(folder: string, count: number): Promise<void> {
  const shapes: EnrichedLead[] = [];
  for await (const lead of madeUpLeads(3, 2000, "DE")) shapes.push(lead);
  for (let day = 0; day < days; day += 1) {
    const dt = `dt=${dayOf(day).toISOString().slice(0, 10)}`;
    for (const prefix of [enrichedPrefix, outcomesPrefix]) mkdirSync(join(folder, prefix, dt), { recursive: true });
    const outcomes: LeadOutcome[] = [];
    for (let index = day; index < count; index += days) {
      const source = sources[index % sources.length] ?? "";
      const id = webhookLeadId(source, index);
      const receivedAt = new Date(dayOf(day).getTime() + index).toISOString();
      const lead = { ...shapes[index % shapes.length], id, source, receivedAt, enrichedAt: receivedAt };
      writeFileSync(join(folder, enrichedPrefix, dt, `${id}.json`), JSON.stringify(lead));
      const result =
        index % 50 === 0
          ? ({ outcome: "deadLettered", reason: "InvalidLead" } as const)
          : ({ outcome: "announced", milliseconds: index % 9000, channel: "slack", destination: "sales" } as const);
      outcomes.push({ schemaVersion: 1, id, source, happenedAt: receivedAt, receivedAt, ...result });
    }
    for (const [index, digest] of chunk(outcomes, 10).entries()) {
      const lines = digest.map((outcome) => JSON.stringify(outcome)).join("\n");
      writeFileSync(join(folder, outcomesPrefix, dt, `${index}.json`), lines);
    }
  }
}

/** Writes to its file descriptor 3 how much memory the process had at most, and its CPU time. */
const reportUsage =
  'data:text/javascript,import{writeSync}from"node:fs";process.on("exit",()=>{const u=process.resourceUsage();writeSync(3,[u.maxRSS/1024,(u.userCPUTime+u.systemCPUTime)/1e6].join())})';

/** Reads the leads of the folder that is its last argument. */
const readLeads = `const fs = require("node:fs"), folder = process.argv.at(-1) + "/${enrichedPrefix}";
  for (const day of fs.readdirSync(folder)) for (const name of fs.readdirSync(folder + day)) fs.readFileSync(folder + day + "/" + name)`;

/** Runs a command over the folder. @returns seconds, seconds of CPU time, and MB */
function measured(folder: string, command: string, ...args: readonly string[]): readonly number[] {
  const begun = performance.now();
  const { status, stderr, output } = spawnSync(
    process.execPath,
    ["--import", reportUsage, command, ...args, "--dir", folder],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"], maxBuffer: 1e9 },
  );
  const seconds = (performance.now() - begun) / 1000;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  const [megabytes = 0, cpuSeconds = 0] = String(output[3]).split(",").map(Number);
  return [seconds, cpuSeconds, megabytes];
}

export async function run({ leads }: { readonly leads: readonly number[] }): Promise<void> {
  for (const count of leads) {
    const folder = tempFolder();
    await writeObjects(folder, count);
    const both = (...command: readonly [string, ...string[]]) => [
      ...measured(folder, ...command),
      ...measured(folder, ...command, "--from", oneDay, "--to", oneDay),
    ];
    const query = ["analytics/main.ts", "--format", "csv"] as const;
    const rows = namedQueries.map(({ name }) => [name, ...both(...query, "--name", name)]);
    rows.push(["npm run report", ...both("analytics/report/main.ts", "--out", join(folder, "report.html"))]);
    const head = ["s", "CPU s", "MB"];
    printTable(
      `Named queries over ${count.toLocaleString("en")} leads: all ${days} days, and one day`,
      ["query", ...head, ...head.map((name) => `${name}, one day`)],
      [...rows, ["floor: reading leads", ...measured(folder, "--eval", readLeads, "--"), "", "", ""]],
    );
    rmSync(folder, { recursive: true });
  }
}
