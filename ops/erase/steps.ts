import { DeleteItemCommand, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { partition, sum } from "es-toolkit";
import { mapValues } from "es-toolkit/object";
import { consumerTuning, environmentTuning } from "../../environments/environment.ts";
import { leadEntriesId } from "../../functions/lead-index/items.ts";
import { createListings } from "../../functions/reconcile/listings.ts";
import { mapLimited } from "../../functions/runtime/concurrency.ts";
import { createLeadStore } from "../../functions/runtime/lead-store.ts";
import { createdIn, deleteDeadLetters, type HeldDeadLetter, heldElsewhere } from "../dead-letters.ts";
import { OpsError } from "../errors.ts";
import { indexItemsOf } from "../lead-index.ts";
import { deadLetterSources, deadLettersUrl } from "../redrive.ts";
import { type Contacts, type Erasure, erasureKey, type Version } from "./find.ts";
import type { Place } from "./place.ts";

/**
 * A step of an erasure, which can be repeated. `run` deletes and returns the count, or only counts in a dry run. `waitSeconds` must
 * pass before it, so that functions that read what was deleted before have ended.
 */
export type Step = readonly [what: string, run: () => Promise<number>, waitSeconds?: number];

/** Calls at the same time. */
const callsAtOnce = 10;
const sumOf = async <Item>(items: readonly Item[], work: (item: Item) => Promise<number>) =>
  sum(await mapLimited(items, callsAtOnce, work));

/**
 * The steps of an erasure, in their order. Raw leads go before enriched ones, because a raw lead without an enriched one would be
 * enriched again; enriched ones before the ledger, because a lead that the ledger does not know would be announced again; and the
 * index last, because it knows the leads.
 */
export function stepsOf(erasure: Erasure, person: Contacts, dryRun: boolean, place: Place): readonly Step[] {
  const { pipeline, table, environment, ports } = place;
  const { leads, people } = erasure;
  const dynamo = ports.dynamo(pipeline.region);
  const { removeVersions, removeLines } = createBucketEraser(erasure, dryRun, place);
  const removeItem = async (TableName: string, key: Readonly<Record<string, string>>) => {
    const input = { TableName, Key: mapValues({ ...key }, (text) => ({ S: text })) };
    if (dryRun) return (await dynamo.send(new GetItemCommand(input))).Item ? 1 : 0;
    return (await dynamo.send(new DeleteItemCommand({ ...input, ReturnValues: "ALL_OLD" }))).Attributes ? 1 : 0;
  };
  const removeFromIndex = async () => {
    const ofPeople = people.flatMap((id) => leads.map((entry) => ({ id, entry })));
    const ofLeads = await Array.fromAsync(indexItemsOf(dynamo, table, ...leads.map(leadEntriesId)));
    const items = [...ofLeads, ...ofPeople];
    const count = await sumOf(items, ({ id, entry }) => removeItem(table, { id, entry }));
    await removeItem(table, erasureKey(person));
    return count;
  };
  const { enrich, notify } = environmentTuning(environment);
  const indexSeconds = consumerTuning(environment)["lead-index"]?.timeoutSeconds ?? 0;
  const ofLedger = [...erasure.ledger, ...people];
  return [
    ["versions of raw objects", () => sumOf(erasure.raw, removeVersions)],
    [
      "versions of fetched and enriched objects",
      () => sumOf(erasure.objects, (key) => removeVersions({ key })),
      enrich.timeoutSeconds,
    ],
    ["dead letters", () => removeDeadLetters(erasure, dryRun, place), Math.max(notify.timeoutSeconds, indexSeconds)],
    ["lines of outcomes", () => sumOf(erasure.outcomes, removeLines)],
    ["items of the ledger", () => sumOf(ofLedger, (id) => removeItem(pipeline.ledgerTable, { id }))],
    ["items of the lead index", removeFromIndex, erasure.outcomes.length > 0 ? indexSeconds : 0],
  ];
}

function createBucketEraser({ leads }: Erasure, dryRun: boolean, { pipeline, ports }: Place) {
  const { bucket: Bucket, region } = pipeline;
  const s3 = ports.s3(region);
  const { entriesOf } = createListings(s3, Bucket);
  const { find } = createLeadStore(s3, Bucket);
  const removeEach = async (Key: string, ids: readonly string[]) => {
    for (const VersionId of dryRun ? [] : ids) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  };
  return {
    /** Deletes one version of an object, or all; with the last one also the delete markers. */
    async removeVersions({ key, versionId }: Version): Promise<number> {
      const { versions, markers } = await entriesOf(key);
      const wanted = versions.filter((id) => versionId === undefined || id === versionId);
      await removeEach(key, wanted.length === versions.length ? [...wanted, ...markers] : wanted);
      return wanted.length;
    },
    /** Removes the leads' lines from an object of outcomes. Its event makes the index put the items of the others again. */
    async removeLines(Key: string): Promise<number> {
      const text = Buffer.from((await find(Key))?.body ?? "").toString("utf8");
      const lines = text.split("\n").filter(Boolean);
      const [own, rest] = partition(lines, (line) => leads.includes(JSON.parse(line).id));
      if (rest.length > 0 && !dryRun) {
        const Body = rest.map((line) => `${line}\n`).join("");
        await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/json" }));
      }
      const { versions, markers } = await entriesOf(Key);
      await removeEach(Key, rest.length > 0 ? versions.slice(1) : [...versions, ...markers]);
      return own.length;
    },
  };
}

/** Deletes the dead letters that name the leads or their objects. @throws OpsError DeadLettersHeld */
async function removeDeadLetters({ leads, raw }: Erasure, dryRun: boolean, { pipeline, ports }: Place) {
  const sqs = ports.sqs(pipeline.region);
  const isErased = (letter: HeldDeadLetter) => {
    const { key, versionId } = createdIn(letter) ?? {};
    return leads.includes(letter.leadId ?? "") || raw.some((one) => one.key === key && one.versionId === versionId);
  };
  let [removed, hidden] = [0, 0];
  for (const source of deadLetterSources(pipeline)) {
    const { deleted, elsewhere } = await deleteDeadLetters(sqs, deadLettersUrl(pipeline, source), isErased, dryRun);
    removed += deleted;
    hidden += elsewhere;
  }
  if (hidden > 0 && !dryRun) throw new OpsError("DeadLettersHeld", heldElsewhere(hidden));
  return removed;
}
