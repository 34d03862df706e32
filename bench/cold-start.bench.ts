/**
 * The import of each function's bundle in a new process, the size of what it loads, and the large files that are loaded
 * later. The floor is a bundle that imports the same SDK clients and makes one of each.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, orderBy } from "es-toolkit";
import { type StageName, stageNames } from "../flow.ts";
import { tempFolder } from "../tests/helpers/temp-folder.ts";
import { benchStack, functionVariables } from "./shared/bench-stack.ts";
import { timed } from "./shared/measure.ts";
import { printTable } from "./shared/print-table.ts";
import { unpackedBundle } from "./shared/unpacked.ts";

const runs = 15;
/** Files of fewer KB are not listed. */
const listedFrom = 10;

/** The class and the package of each function's SDK clients. */
const clients: Readonly<Record<StageName, readonly string[]>> = {
  ingest: ["S3Client:client-s3", "SSMClient:client-ssm"],
  enrich: ["S3Client:client-s3", "SQSClient:client-sqs"],
  notify: [
    "S3Client:client-s3",
    "SSMClient:client-ssm",
    "SQSClient:client-sqs",
    "DynamoDBClient:client-dynamodb",
    "SESv2Client:client-sesv2",
  ],
};

/** Nobody answers there: an import makes clients and no calls. */
const nowhere = "http://127.0.0.1:9";

export async function run(): Promise<void> {
  const folder = tempFolder();
  const importing = join(folder, "import.mjs");
  writeFileSync(
    importing,
    "const t = performance.now(); await import(process.env.BUNDLE); console.log(performance.now() - t);",
  );
  const stackDir = await benchStack();
  const rows: (string | number)[][] = [];
  const later: (string | number)[][] = [];
  for (const name of stageNames) {
    const env = functionVariables(stackDir, name, nowhere);
    const own = await unpackedBundle(`functions/${name}/index.ts`, join(folder, name));
    const floor = await clientsAlone(name, join(folder, `floor-${name}`));
    const took = { own: [] as number[], floor: [] as number[] };
    for (let count = 0; count < runs; count += 1) {
      took.own.push(Number(timed(importing, { ...env, BUNDLE: own.module }).stdout));
      took.floor.push(Number(timed(importing, { ...env, BUNDLE: floor.module }).stdout));
    }
    const [ours, least] = [median(took.own), median(took.floor)];
    rows.push([name, ours, least, ours / least, own.startBytes / 1024, own.zipBytes / 1024]);
    const large = own.later.filter(([, bytes]) => bytes >= listedFrom * 1024);
    later.push(...orderBy(large, [([, bytes]) => bytes], ["desc"]).map(([file, bytes]) => [name, file, bytes / 1024]));
  }
  printTable(
    `Import of each bundle in a new process, median of ${runs}`,
    ["function", "ms", "floor: SDK clients alone (ms)", "ratio", "loaded (KB)", "zip (KB)"],
    rows,
  );
  printTable(`Loaded later, from ${listedFrom} KB`, ["function", "file", "KB"], later);
}

/** A bundle that does nothing but make a function's SDK clients. */
async function clientsAlone(name: StageName, folder: string) {
  // Inside the project, where the SDK is found.
  const entry = join("bench", `.floor-${name}.ts`);
  const imports = clients[name].map((one) => one.split(":"));
  const lines = imports.map(([client, from]) => `import { ${client} } from "@aws-sdk/${from}";`);
  const made = imports.map(([client]) => `new ${client}({})`);
  writeFileSync(entry, [...lines, `export const all = [${made.join(", ")}];`].join("\n"));
  try {
    return await unpackedBundle(entry, folder);
  } finally {
    rmSync(entry);
  }
}
