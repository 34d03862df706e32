/**
 * CPU that enrich and notify spend on a lead in batches of ten, against a loop that only makes the same calls with the same
 * SDK clients. AWS and Slack are a process of their own with canned answers, so that only our side is counted.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { SQSBatchResponse } from "aws-lambda";
import { rawKey, webhookLeadId } from "../functions/lead/lead-id.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../tests/helpers/aws-events.ts";
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { benchKey } from "./shared/bench-lead.ts";
import { functionSettings } from "./shared/function-settings.ts";
import { median } from "./shared/measure.ts";
import { printTable } from "./shared/table.ts";
import { unpackedBundle } from "./shared/unpacked.ts";

const batches = 60;
const rounds = 15;
/** Rounds that do not count: until then V8 is still compiling either side. */
const warmUp = 3;
const batchSize = 10;

const server = fork(new URL("./shared/canned-aws.ts", import.meta.url));
const [port] = await once(server, "message");
Object.assign(process.env, functionSettings(`http://127.0.0.1:${port}`));
/** Imports a bundle like the one that is deployed. */
const folder = tempFolder();
const imported = async (name: string, entry: string) => {
  const { module } = await unpackedBundle(entry, join(folder, name));
  return import(module);
};
const { handler: enrich } = await imported("enrich", "functions/enrich/index.ts");
const { handler: notify } = await imported("notify", "functions/notify/index.ts");
const floors = await imported("floor", "bench/shared/floor-calls.ts");

const batch = (keyOf: (index: number) => string) =>
  sqsEvent(...Array.from({ length: batchSize }, (_, index) => sqsRecord(objectCreated(keyOf(index)), `m${index}`)));
const context = { getRemainingTimeInMillis: () => 30_000 };
/** What fails is quick, and must not count. */
const succeeded = ({ batchItemFailures }: SQSBatchResponse) => {
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages of a batch failed.`);
};
const handlers = {
  enrich: async () => succeeded(await enrich(batch((index) => rawKey(webhookLeadId("website", "bench", index))))),
  notify: async () =>
    succeeded(
      await notify(
        batch(() => benchKey),
        context,
      ),
    ),
};

/** Microseconds of CPU a lead. */
async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < batches; count += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (batches * batchSize);
}

/** The functions' logs would fill the screen; writing them is counted all the same, into nothing. */
const { write } = process.stdout;
const rows: (string | number)[][] = [];
for (const name of ["enrich", "notify"] as const) {
  const ours: number[] = [];
  const least: number[] = [];
  process.stdout.write = () => true;
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const [floor, own] = [await cpu(floors[name]), await cpu(handlers[name])];
    if (round < warmUp) continue;
    least.push(floor);
    ours.push(own);
  }
  process.stdout.write = write;
  // Neighbours in time share what else the machine is doing.
  const ratio = median(ours.map((own, round) => own / (least[round] ?? Number.NaN)));
  rows.push([name, median(ours), median(least), ratio]);
}
printTable(
  `CPU a lead, batches of ${batchSize}, median of ${rounds} rounds of ${batches} batches (µs)`,
  ["function", "ours", "floor: the same calls", "ratio"],
  rows,
);
server.kill();
process.exit();
