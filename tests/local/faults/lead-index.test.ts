import { join } from "node:path";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../../environments/index.ts";
import { enrichedPrefix, outcomesPrefix } from "../../../flow.ts";
import type { LeadOutcome } from "../../../functions/lead/outcome.ts";
import { type IndexItem, indexItems, leadEntriesId } from "../../../functions/lead-index/items.ts";
import { FaultSwitch } from "../../../local/faults/fault-switch.ts";
import type { FaultName } from "../../../local/faults/faults.ts";
import { LeadAudit } from "../../../local/lead-audit.ts";
import { type Platform, startPlatform } from "../../../local/platform.ts";
import { queuesEmpty } from "../../../local/queues.ts";
import { seededRandom } from "../../../local/random.ts";
import { synthesize } from "../../../stacks/synthesize.ts";
import { testPatience } from "../../helpers/running-pipeline.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";

/** Calls that fail, are answered twice or not at all, and what comes twice or late. */
const mix: Readonly<Partial<Record<FaultName, number>>> = {
  "s3-unavailable": 0.1,
  "dynamodb-throttling": 0.1,
  "dynamodb-answer-lost": 0.2,
  "events-doubled": 0.3,
  "events-reordered": 0.3,
  "messages-doubled": 0.3,
  "messages-reordered": 0.5,
};
const queue = "leadwire-dev-lead-index-events";

/** A pipeline with the index, whose faults are drawn from a seed. */
async function start(seed: number) {
  const folder = tempFolder();
  const consumers = { "lead-index": { batchSize: 10 } };
  const dev = { ...environments.dev, api: { requestsPerSecond: 1000, burst: 2000 }, consumers };
  await synthesize(folder, { stacks: ["leadwire-dev"], environments: { ...environments, dev } });
  const switches = new FaultSwitch(seededRandom(seed));
  const platform = await startPlatform({
    stackDir: join(folder, "stacks/leadwire-dev"),
    seed,
    intercept: switches.intercept,
    delivery: {
      duplicates: () => switches.delivery.duplicates(),
      reordered: (items) => switches.delivery.reordered(items),
    },
  });
  switches.attach(platform);
  return { platform, switches, leadAudit: new LeadAudit(platform) };
}

/** The items that the index must have of what is stored, and the items that it has; each sorted. */
async function itemsOf({ bucket, stack, clientSettings }: Platform) {
  const s3 = new S3Client({ ...clientSettings(), forcePathStyle: true });
  const expected: IndexItem[] = [];
  for (const Prefix of [enrichedPrefix, outcomesPrefix]) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix })) {
      for (const { Key = "" } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        expected.push(...indexItems(Key, { body: (await Body?.transformToByteArray()) ?? new Uint8Array() }));
      }
    }
  }
  const actual: IndexItem[] = [];
  const table = { TableName: String(stack.output("lead_index_table")) };
  for await (const { Items = [] } of paginateScan({ client: new DynamoDBClient(clientSettings()) }, table)) {
    for (const { id, entry, value } of Items)
      actual.push({ id: id?.S ?? "", entry: entry?.S ?? "", value: value?.S ?? "" });
  }
  const sorted = (items: readonly IndexItem[]) => items.map(({ id, entry, value }) => `${id} ${entry} ${value}`).sort();
  return { expected: sorted(expected), actual: sorted(actual), items: actual };
}

const outcomeIn = (json: string) => (JSON.parse(json) as LeadOutcome).outcome;

const index = suite("lead index :: with faults");
index("knows each stored lead and each outcome once, whatever failed, came twice or came late", async () => {
  const { platform, switches, leadAudit } = await start(14);
  try {
    for (const [name, share] of Object.entries(mix)) await switches.turnOn(name as FaultName, share);
    await platform.crm.sendLeads(30);
    await queuesEmpty(platform, { patience: 5000, busy: () => switches.underWay > 0 });
    switches.turnAllOff();
    await platform.crm.sendLeads(2);
    await leadAudit.settled(testPatience);
    const isIndexing = () => Object.values(platform.inspectQueue(queue)).some((messages) => messages.length > 0);
    assert.ok(await queuesEmpty(platform, { patience: testPatience, calm: 500, busy: isIndexing }));
    const { expected, actual, items } = await itemsOf(platform);
    assert.equal(actual, expected);
    const leads = new Set(items.flatMap(({ id, entry }) => (id.startsWith("person#") ? [entry] : [])));
    assert.ok(leads.size >= 2, `${leads.size} leads`);
    const states = [...leads].map((lead) =>
      items.filter(({ id }) => id === leadEntriesId(lead)).map(({ value }) => outcomeIn(value)),
    );
    // An outcome is best effort, and a lead is announced once.
    assert.equal([...new Set(states.flat())], ["announced"]);
    assert.ok(states.every(({ length }) => length <= 1));
    assert.ok([...switches.strikes.values()].every((strikes) => strikes > 0) && switches.strikes.size >= 6);
  } finally {
    await platform.stop();
  }
});
index.run();
