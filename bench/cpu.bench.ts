/**
 * CPU time that each worker spends on a lead in full batches. The floor is a loop that makes the same calls with the same
 * SDK clients and does nothing else. AWS and Slack are in another process and give canned answers, so only our side counts.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { median } from "es-toolkit";
import type { WorkerName } from "../flow.ts";
import { rawKey, webhookLeadId } from "../functions/lead/lead-id.ts";
import { objectCreated, sqsEvent, sqsRecord } from "../tests/helpers/aws-events.ts";
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { benchKey } from "./shared/bench-lead.ts";
import { benchStack, functionVariables } from "./shared/bench-stack.ts";
import { printTable } from "./shared/print-table.ts";
import { unpackedBundle } from "./shared/unpacked.ts";

const batches = 60;
const rounds = 15;
/** Rounds that do not count: until then V8 still compiles either side. */
const warmUp = 3;
const batchSize = 10;

/** The key of the object that a message of a batch is about. */
const keys: Readonly<Record<WorkerName, (index: number) => string>> = {
  enrich: (index) => rawKey(webhookLeadId("website", "bench", index)),
  notify: () => benchKey,
};

const batch = (keyOf: (index: number) => string) =>
  sqsEvent(...Array.from({ length: batchSize }, (_, index) => sqsRecord(objectCreated(keyOf(index)), `m${index}`)));

type Handler = (event: SQSEvent, context: object) => Promise<SQSBatchResponse>;

/** Handles a batch. A failed message is quick, and must not count. */
async function handle(handler: Handler, event: SQSEvent): Promise<void> {
  const { batchItemFailures } = await handler(event, { getRemainingTimeInMillis: () => 30_000 });
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages of a batch failed.`);
}

/** Microseconds of CPU time for a lead. */
async function cpuTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < batches; count += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (batches * batchSize);
}

/** Does work without its output: the functions' logs would fill the screen. Writing them counts all the same. */
async function silently<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

export async function run({ workers }: { readonly workers: readonly WorkerName[] }): Promise<void> {
  const server = fork(new URL("./shared/canned-aws.ts", import.meta.url));
  const [port] = await once(server, "message");
  const [folder, stackDir] = [tempFolder(), await benchStack()];
  const imported = async (name: string, entry: string) =>
    import((await unpackedBundle(entry, join(folder, name))).module);
  const rows: (string | number)[][] = [];
  for (const name of workers) {
    Object.assign(process.env, functionVariables(stackDir, name, `http://127.0.0.1:${port}`));
    const { handler } = (await imported(name, `functions/${name}/index.ts`)) as { handler: Handler };
    const floor = await imported(`floor-${name}`, "bench/shared/floor-calls.ts");
    const { calls } = floor as typeof import("./shared/floor-calls.ts");
    const event = batch(keys[name]);
    const ours: number[] = [];
    const least: number[] = [];
    await silently(async () => {
      for (let round = 0; round < warmUp + rounds; round += 1) {
        const [floorTime, own] = [await cpuTime(calls[name]), await cpuTime(() => handle(handler, event))];
        if (round < warmUp) continue;
        least.push(floorTime);
        ours.push(own);
      }
    });
    // Neighbours in time share what else the machine does.
    const ratio = median(ours.map((own, round) => own / (least[round] ?? Number.NaN)));
    rows.push([name, median(ours), median(least), ratio]);
  }
  printTable(
    `CPU time for a lead, batches of ${batchSize}, median of ${rounds} rounds of ${batches} batches (µs)`,
    ["function", "ours", "floor: the same calls", "ratio"],
    rows,
  );
  server.kill();
}
