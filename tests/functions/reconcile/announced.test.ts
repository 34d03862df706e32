import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcementId } from "../../../functions/lead/announcement-id.ts";
import { checkEnrichedLead, type EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { enrichedKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { type AnnouncedPorts, type ListedObject, unannounced } from "../../../functions/reconcile/announced.ts";
import type { StoredObject } from "../../../functions/runtime/lead-store.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { at, listed, march, sortedBelow } from "./listings.ts";

const leadOf = (name: string, source = "website") => enrichedLead({ id: webhookLeadId(source, name), source });
const keyOf = ({ id }: EnrichedLead, day: string) => enrichedKey(id, new Date(`2026-03-${day}T12:00:00Z`));

interface Given {
  readonly objects: readonly (readonly [lead: EnrichedLead, day: string, createdAt: string])[];
  /** What is stored in place of a lead, by its id. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Ids of announcements that were sent. */
  readonly sent?: readonly string[];
  readonly destinations?: readonly string[];
}

/** Ports over a bucket and a ledger in memory, which remember what they were asked. */
function setUp({ objects, texts = {}, sent = [], destinations = ["#sales"] }: Given) {
  const listing = objects.map(([lead, day, createdAt]) => listed(keyOf(lead, day), createdAt));
  const leads = new Map(objects.map(([lead, day]) => [keyOf(lead, day), lead]));
  const asked = { keys: [] as string[], after: [] as (string | undefined)[], most: 0, reading: 0 };
  const ports: AnnouncedPorts = {
    objects: (prefix, after) => {
      asked.after.push(after);
      return sortedBelow<ListedObject>(listing, prefix, after);
    },
    async read({ key }) {
      asked.keys.push(key);
      asked.reading += 1;
      asked.most = Math.max(asked.most, asked.reading);
      await new Promise(setImmediate);
      asked.reading -= 1;
      const lead = leads.get(key);
      return { body: Buffer.from(texts[lead?.id ?? ""] ?? JSON.stringify(lead)) } as unknown as StoredObject;
    },
    checkEnrichedLead,
    ledger: {
      destinations: async () => destinations,
      sentOf: async (ids) => new Set(ids.filter((id) => sent.includes(id))),
    },
    messageDays: 3,
  };
  return { ports, asked };
}

const found = (lead: EnrichedLead, day: string) => ({
  key: keyOf(lead, day),
  leadId: lead.id,
  stage: "notify",
  reason: "not announced",
  isDecided: false,
  createdAt: at("05T12:00"),
});

const [jane, john] = [leadOf("jane"), leadOf("john")];
const announced = suite("reconcile announced");

announced("finds the leads that the ledger does not know as sent", async () => {
  const { ports } = setUp({
    objects: [
      [jane, "05", "05T12:00"],
      [john, "05", "05T12:00"],
    ],
    sent: [announcementId(john, "#sales")],
  });
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T00:00", "06T00:00"))), [found(jane, "05")]);
});

announced("the watermark: older objects are not read, and one of that very second is", async () => {
  const { ports, asked } = setUp({
    objects: [
      [jane, "05", "05T11:59"],
      [john, "05", "05T12:00"],
    ],
  });
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T12:00", "06T00:00"))), [found(john, "05")]);
  assert.equal(asked.keys, [keyOf(john, "05")]);
});

announced("the grace: objects that are not yet due are not read", async () => {
  const { ports, asked } = setUp({ objects: [[jane, "05", "05T12:00"]] });
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T00:00", "05T12:00"))), []);
  assert.equal(asked.keys, []);
});

announced("lists the days that messages can be about, and no earlier one", async () => {
  const { ports, asked } = setUp({
    objects: [
      [jane, "01", "05T12:00"],
      [john, "02", "05T12:00"],
    ],
  });
  // A lead that was enriched three days after it came is there; days before are not looked at.
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T00:00", "05T23:00"))), [found(john, "02")]);
  assert.equal(asked.after, ["enriched/dt=2026-03-02"]);
});

announced("a destination that changed since: an announcement at a former one counts", async () => {
  const { ports } = setUp({
    objects: [
      [jane, "05", "05T12:00"],
      [john, "05", "05T12:00"],
    ],
    sent: [announcementId(jane, "#old"), announcementId(john, "#sales")],
    destinations: ["#old", "#sales"],
  });
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T00:00", "06T00:00"))), []);
});

announced("without a history of routes nothing was ever announced", async () => {
  const { ports } = setUp({ objects: [[jane, "05", "05T12:00"]], destinations: [] });
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T00:00", "06T00:00"))), [found(jane, "05")]);
});

announced("leaves out smoke tests without reading them", async () => {
  const { ports, asked } = setUp({ objects: [[leadOf("jane", "smoke"), "05", "05T12:00"]] });
  assert.equal(await Array.fromAsync(unannounced(ports, march("05T00:00", "06T00:00"))), []);
  assert.equal(asked.keys, []);
});

announced("names a lead that notify rejects, as decided", async () => {
  const { ports } = setUp({
    objects: [
      [jane, "05", "05T12:00"],
      [john, "05", "05T12:00"],
    ],
    texts: { [jane.id]: "{}", [john.id]: JSON.stringify(jane) },
  });
  const all = await Array.fromAsync(unannounced(ports, march("05T00:00", "06T00:00")));
  assert.equal(
    all.map(({ reason, isDecided }) => [reason, isDecided]),
    [
      ["rejected InvalidLead", true],
      ["rejected InvalidLead", true],
    ],
  );
});

announced("fails when S3 fails, and takes no lead for decided", async () => {
  const { ports } = setUp({ objects: [[jane, "05", "05T12:00"]] });
  const read = async () => Promise.reject(new Error("S3 is down"));
  const work = Array.fromAsync(unannounced({ ...ports, read }, march("05T00:00", "06T00:00")));
  assert.match(String(await work.catch((error: unknown) => error)), /S3 is down/);
});

announced("bounded memory: reads 50 leads at once, and asks the ledger for no more", async () => {
  const many = Array.from({ length: 120 }, (_, index) => leadOf(String(index)));
  const { ports, asked } = setUp({ objects: many.map((lead) => [lead, "05", "05T12:00"]) });
  const sizes: number[] = [];
  const ledger = {
    ...ports.ledger,
    async sentOf(ids: readonly string[]) {
      sizes.push(ids.length);
      return new Set<string>();
    },
  };
  assert.is((await Array.fromAsync(unannounced({ ...ports, ledger }, march("05T00:00", "06T00:00")))).length, 120);
  assert.equal([asked.most, sizes], [50, [50, 50, 20]]);
});

announced.run();
