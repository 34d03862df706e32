import { hash } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { unannouncedSuffix } from "../../flow.ts";
import { announcementId } from "../../functions/lead/announcement-id.ts";
import type { EnrichedLead } from "../../functions/lead/enriched-lead.ts";
import { enrichedKey, rawKey } from "../../functions/lead/lead-id.ts";
import { personIds } from "../../functions/lead/person.ts";
import { indexItems } from "../../functions/lead-index/items.ts";
import { erase } from "../../ops/commands/erase.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { leadOutcome } from "../helpers/outcomes.ts";
import { FakeSqs } from "./fake-sqs.ts";
import { run } from "./ops-fixtures.ts";

type Json = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, { readonly S?: string; readonly SS?: readonly string[] }>>;

interface Entry {
  readonly key: string;
  readonly version: string;
  /** Undefined for a delete marker. */
  readonly text: string | undefined;
  readonly at: Date;
}

const outputs = (name: string) =>
  name === "leads_bucket" ? "leadwire-dev-leads-1" : `https://sqs.eu-west-3.amazonaws.com/1/${name}`;
export const pipeline = pipelineOf(outputs, "the test", ["lead_index_table", "lead_index_events_queue_url"]);
export const settings = {
  ...environments.dev,
  defaultCountry: "DE",
  consumers: { "lead-index": { timeoutSeconds: 12 } },
};
const storedAt = new Date("2026-03-01T12:00:00Z");
const table = (name: string) => (name === pipeline.ledgerTable ? "ledger" : "index");
const keyOf = (item: Item) => `${item.id?.S} ${item.entry?.S ?? ""}`;

const defaults = { dryRun: false, indexSeconds: 12, defaultCountry: "DE" };

/** A pipeline in memory: a bucket with versions, two tables and the queues. */
export class FakePipeline {
  /** The oldest first. */
  readonly entries: Entry[] = [];
  readonly items = { ledger: new Map<string, Item>(), index: new Map<string, Item>() };
  readonly sqs = new FakeSqs();
  readonly calls: string[] = [];
  /** Warnings of the last erasure. */
  readonly warnings: string[] = [];
  /** Called when the command waits, with seconds. */
  waited: (seconds: number) => void = () => {};
  /** Throws for calls that fail. */
  fault: (name: string, input: Json) => void = () => {};
  #versions = 0;

  constructor() {
    this.put("ledger", { id: { S: "ledger#routes" }, destinations: { SS: ["sales", "support"] } });
  }

  store(key: string, text: string | undefined, at = storedAt): string {
    this.#versions += 1;
    const version = `v${this.#versions}`;
    this.entries.push({ key, text, version, at });
    return version;
  }

  put(name: "ledger" | "index", item: Item): void {
    this.items[name].set(keyOf(item), item);
  }

  index(key: string, text: string): void {
    for (const { id, entry, value } of indexItems(key, { body: Buffer.from(text), metadata: {} })) {
      this.put("index", { id: { S: id }, entry: { S: entry }, ...(value && { value: { S: value } }) });
    }
  }

  /** Stores everything that an announced lead leaves. @param raw left out for a lead of a file */
  announce(lead: EnrichedLead, raw: string | undefined = JSON.stringify({ email: lead.email?.address })): void {
    const key = enrichedKey(lead.id, storedAt);
    if (raw) this.store(rawKey(lead.id), raw);
    this.store(key, JSON.stringify(lead));
    this.index(key, JSON.stringify(lead));
    this.put("ledger", {
      id: { S: announcementId(lead, "sales") },
      state: { S: "sent" },
      settledAt: { S: "2026-03-01T12:00:02.900Z" },
    });
    for (const id of personIds(lead)) this.put("ledger", { id: { S: id }, lead: { S: lead.id } });
  }

  outcomes(key: string, ...ids: readonly string[]): void {
    const isUnannounced = key.endsWith(unannouncedSuffix);
    const changes = isUnannounced ? ({ outcome: "deadLettered", reason: "OutageTooLong" } as const) : {};
    const text = ids.map((id) => `${JSON.stringify(leadOutcome({ id, ...changes }))}\n`).join("");
    this.store(key, text);
    this.index(key, text);
  }

  deadLetter(url: string, key: string, versionId?: string, attributes: Readonly<Record<string, string>> = {}): void {
    const body = JSON.stringify({ detail: { bucket: { name: "b" }, object: { key, "version-id": versionId } } });
    this.sqs.add(url, `${key} ${versionId}`, { body, ...attributes });
  }

  /** Everything that is stored, as text. */
  all(): string {
    const items = [...this.items.ledger.values(), ...this.items.index.values()].map((item) => JSON.stringify(item));
    const urls = [...Object.values(pipeline.queues).flatMap((queue) => queue?.deadLettersUrl ?? [])];
    const letters = [...urls, pipeline.undeliveredEventsUrl].flatMap((url) => this.sqs.bodies(url));
    return [...this.entries.map(({ key, text }) => `${key} ${text}`), ...items, ...letters].join("\n");
  }

  async erase(who: string, options: Partial<typeof defaults> = {}) {
    const wait = async (milliseconds: number) => {
      this.calls.push(`wait ${milliseconds / 1000}`);
      this.waited(milliseconds / 1000);
    };
    const credentials = async () => ({ accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret" });
    const s3 = Object.assign(
      this.#client(S3Client, (name, input) => this.#bucket(name, input)),
      { config: { credentials } },
    );
    const dynamo = this.#client(DynamoDBClient, (name, input) => this.#table(name, input));
    const sqs = Object.assign(Object.create(SQSClient.prototype) as SQSClient, {
      send: (command: Parameters<SQSClient["send"]>[0]) => {
        if (command.constructor.name === "DeleteMessageCommand") this.calls.push("DeleteMessage");
        return this.sqs.client().send(command);
      },
    });
    const { dryRun, indexSeconds, defaultCountry } = { ...defaults, ...options };
    const consumers = { "lead-index": { timeoutSeconds: indexSeconds } };
    const env = { name: "dev", settings: { ...settings, defaultCountry, consumers } } as const;
    const values = { env, who, outputs: () => pipeline, dryRun };
    const ports = {
      s3: () => s3,
      dynamo: () => dynamo,
      sqs: () => sqs,
      now: () => new Date("2026-03-05T12:00:00Z"),
      wait,
      warn: (line: string) => void this.warnings.push(line),
    };
    this.warnings.splice(0);
    return { ...(await run(erase, values, ports)), warned: this.warnings.join("\n") };
  }

  #client<Client extends object>(type: { readonly prototype: Client }, answer: (name: string, input: Json) => Json) {
    return Object.assign(Object.create(type.prototype) as Client, {
      send: async (command: object & { readonly input: Json }) => {
        const { input } = command;
        const name = command.constructor.name.replace("Command", "");
        this.fault(name, input);
        if (/^(?:Put|Delete|BatchWrite)/.test(name))
          this.calls.push(
            `${name} ${typeof input.Key === "string" ? input.Key : input.TableName ? table(String(input.TableName)) : ""}`,
          );
        await new Promise(setImmediate);
        return answer(name, input);
      },
    });
  }

  #bucket(name: string, input: Json): Json {
    assert.is(input.Bucket, pipeline.bucket);
    const {
      Key = "",
      VersionId,
      Prefix = "",
      Delimiter,
      Body,
      ContentType,
      StartAfter = "",
    } = input as Readonly<Record<string, string>>;
    const latest = (key: string) => this.entries.findLast((entry) => entry.key === key);
    if (name === "PutObject") {
      assert.is(ContentType, "application/json");
      return { VersionId: this.store(Key, Body) };
    }
    if (name === "DeleteObject") {
      const found = this.entries.findIndex(({ key, version }) => key === Key && version === VersionId);
      if (found >= 0) this.entries.splice(found, 1);
      return {};
    }
    const listed = this.entries
      .filter(({ key }) => key.startsWith(Prefix) && !(Delimiter && key.includes(Delimiter)))
      .reverse()
      .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
      .map((entry) => ({ ...entry, shown: this.#shown(entry), IsLatest: latest(entry.key) === entry }));
    const [versions, markers] = [true, false].map((isVersion) =>
      listed
        .filter(({ text }) => (text !== undefined) === isVersion)
        .map(({ shown, IsLatest }) => ({ ...shown, IsLatest })),
    );
    if (name === "ListObjectVersions") return { Versions: versions, DeleteMarkers: markers };
    if (name === "ListObjectsV2")
      return { Contents: versions?.filter(({ IsLatest, Key: key }) => IsLatest && key > StartAfter) };
    const found = VersionId ? this.entries.find((one) => one.key === Key && one.version === VersionId) : latest(Key);
    if (found?.text === undefined) throw new NoSuchKey({ message: "gone", $metadata: {} });
    return {
      ...this.#shown(found),
      Metadata: {},
      Body: { transformToByteArray: async () => Buffer.from(found.text ?? "") },
    };
  }

  #shown({ key, version, text = "", at }: Entry) {
    return { Key: key, VersionId: version, ETag: `"${hash("md5", text)}"`, Size: text.length, LastModified: at };
  }

  #table(name: string, input: Json): Json {
    const items = this.items[table(String(input.TableName))];
    if (name === "Query") {
      const { ":id": id } = input.ExpressionAttributeValues as Item;
      return { Items: [...items.values()].filter((item) => item.id?.S === id?.S) };
    }
    if (name === "BatchGetItem") {
      const [[of, { Keys }] = ["", { Keys: [] }]] = Object.entries(
        input.RequestItems as Record<string, { Keys: Item[] }>,
      );
      return { Responses: { [of]: Keys.flatMap((key) => this.items[table(of)].get(keyOf(key)) ?? []) } };
    }
    if (name === "BatchWriteItem") {
      for (const [to, requests] of Object.entries(
        input.RequestItems as Record<string, { PutRequest: { Item: Item } }[]>,
      )) {
        for (const { PutRequest } of requests) this.put(table(to), PutRequest.Item);
      }
      return {};
    }
    const key = keyOf(input.Key as Item);
    const found = items.get(key);
    if (name === "GetItem") return { Item: found };
    items.delete(key);
    return input.ReturnValues === "ALL_OLD" ? { Attributes: found } : {};
  }
}
