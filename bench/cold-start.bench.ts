/**
 * How long the import of each function's bundle takes in a fresh process, against a bundle that imports the same SDK
 * clients and makes one of each. Beside it the sizes.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionSettings } from "./shared/function-settings.ts";
import { median, timed } from "./shared/measure.ts";
import { printTable } from "./shared/table.ts";
import { unpackedBundle } from "./shared/unpacked.ts";

const runs = 15;
const clients = {
  ingest: ["S3Client:client-s3", "SSMClient:client-ssm"],
  enrich: ["S3Client:client-s3", "SQSClient:client-sqs"],
  notify: [
    "S3Client:client-s3",
    "SSMClient:client-ssm",
    "SQSClient:client-sqs",
    "DynamoDBClient:client-dynamodb",
    "SESv2Client:client-sesv2",
  ],
} as const;
/** Nobody answers there: an import makes clients and no calls. */
const settings = functionSettings("http://127.0.0.1:9");

const folder = mkdtempSync(join(tmpdir(), "leadwire-bench-"));
const importing = join(folder, "import.mjs");
writeFileSync(
  importing,
  "const t = performance.now(); await import(process.env.BUNDLE); console.log(performance.now() - t);",
);

try {
  const rows: (string | number)[][] = [];
  for (const [name, imports] of Object.entries(clients)) {
    const floorEntry = join("bench", `.floor-${name}.ts`);
    const lines = imports.map((one) => one.split(":"));
    writeFileSync(
      floorEntry,
      [
        ...lines.map(([client, from]) => `import { ${client} } from "@aws-sdk/${from}";`),
        `export const all = [${lines.map(([client]) => `new ${client}({})`).join(", ")}];`,
      ].join("\n"),
    );
    try {
      const own = await unpackedBundle(`functions/${name}/index.ts`, join(folder, name));
      const floor = await unpackedBundle(floorEntry, join(folder, `floor-${name}`));
      const took = { own: [] as number[], floor: [] as number[] };
      for (let run = 0; run < runs; run += 1) {
        for (const which of ["own", "floor"] as const) {
          const { stdout } = timed(importing, { ...settings, BUNDLE: (which === "own" ? own : floor).module });
          took[which].push(Number(stdout));
        }
      }
      const [ours, least] = [median(took.own), median(took.floor)];
      rows.push([name, ours, least, ours / least, own.moduleBytes / 1024, own.zipBytes / 1024]);
    } finally {
      rmSync(floorEntry);
    }
  }
  printTable(
    `Import of each bundle in a fresh process, median of ${runs}`,
    ["function", "ms", "floor: SDK clients alone (ms)", "ratio", "index.mjs (KB)", "zip (KB)"],
    rows,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
