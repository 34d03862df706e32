import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createOutcomeOf } from "../../../functions/enrich/leads-in-object.ts";
import { enrichedKey, memberLeadId, rawKey, rawObjectLeadId, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { RawLead } from "../../../functions/lead/raw-lead.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { type EnrichedPorts, type ListedVersion, unenriched } from "../../../functions/reconcile/enriched.ts";
import type { Finding } from "../../../functions/reconcile/finding.ts";
import { readerOf } from "../../../functions/sources/index.ts";
import type { FilledSettings } from "../../../functions/sources/settings.ts";
import { at, listedVersion, march, sortedBelow } from "./listings.ts";

const person = '{"email":"jane@acme.example"}';

interface Given {
  readonly versions: readonly ListedVersion[];
  /** What raw versions hold, by version id. @default a valid lead */
  readonly texts?: Readonly<Record<string, string>>;
  /** Keys of enriched leads after `enriched/dt=`. */
  readonly enriched?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly settings?: FilledSettings;
  readonly fetchedLead?: (event: RawLead) => Promise<RawLead>;
}

function setUp({ versions, texts = {}, enriched = [], metadata = {}, settings, fetchedLead }: Given) {
  const keys = enriched.map((key) => ({ key: `enriched/dt=${key}.json` }));
  const asked = { prefixes: [] as string[], found: [] as string[], read: [] as string[], most: 0, reading: 0 };
  const ports: EnrichedPorts = {
    rootVersions: () => sortedBelow(versions),
    objects: (prefix) => {
      asked.prefixes.push(prefix);
      return sortedBelow(keys, prefix);
    },
    async find(key) {
      asked.found.push(key);
      const isThere = keys.some((one) => one.key === key);
      return isThere ? { body: Buffer.from("{}"), etag: "e1", createdAt: new Date(), metadata: {} } : undefined;
    },
    async read({ key, versionId = "", etag }) {
      asked.read.push(`${key}@${versionId}`);
      asked.reading += 1;
      asked.most = Math.max(asked.most, asked.reading);
      await new Promise(setImmediate);
      asked.reading -= 1;
      const text = texts[versionId] ?? person;
      if (text === "gone") throw new RejectedError("ObjectGone", "It is no longer there.");
      return { body: Buffer.from(text), etag, createdAt: new Date(), metadata };
    },
    settingsOf: async () => settings,
    outcomeOf: createOutcomeOf({
      loadEnrichment: () => import("../../../functions/enrich/enrich-lead.ts"),
      readerOf: (format) => readerOf(format),
      fetchedLead: fetchedLead ?? (async (event) => event),
      domainKind: async () => ({ freeMail: false, disposable: false }),
      defaultCountry: undefined,
      now: () => new Date(),
    }),
  };
  return { ports, asked };
}

const found = (key: string, leadId: string, changes: Partial<Finding> = {}) => ({
  key,
  versionId: "v1",
  leadId,
  stage: "enrich",
  reason: "not enriched",
  isDecided: false,
  createdAt: at("05T12:00"),
  ...changes,
});

const id = (name: string, source = "website") => webhookLeadId(source, name);
const sorted = (...names: string[]) => names.map((name) => id(name)).sort();
const keyOn5 = (leadId: string) => enrichedKey(leadId, at("05T12:00"));
const day5 = march("05T00:00", "06T00:00");
const enriched = suite("reconcile enriched");

enriched("finds the raw leads that have no enriched one on their day, by listings alone", async () => {
  const [first = "", second = "", third = ""] = sorted("a", "b", "c");
  const [crm, file] = [id("a", "crm"), rawObjectLeadId("a.json", "etag-v1")];
  const { ports, asked } = setUp({
    versions: [
      listedVersion("a.json", "05T12:00"),
      listedVersion(rawKey(crm), "05T12:00"),
      listedVersion(rawKey(first), "05T12:00"),
      listedVersion(rawKey(second), "05T12:00"),
      listedVersion(rawKey(third), "05T12:00"),
    ],
    enriched: [crm, file, first, third].map((one) => `2026-03-05/${one}`),
  });
  assert.equal(await Array.fromAsync(unenriched(ports, day5)), [found(rawKey(second), second)]);
  // The one that is missing is asked for, because it can have been enriched while the listings were read.
  assert.equal([asked.found, asked.read], [[file, second].map(keyOn5), [`${rawKey(second)}@v1`]]);
});

enriched("merges several days, each listed once, and looks at no other day", async () => {
  const ids = sorted("a", "b", "c", "d", "e", "f");
  const days = ["05", "06", "07"];
  const { ports, asked } = setUp({
    versions: ids.map((one, index) => listedVersion(rawKey(one), `${days[index % 3]}T12:00`)),
    enriched: ids.slice(0, 5).map((one, index) => `2026-03-${days[index % 3]}/${one}`),
  });
  const last = ids[5] ?? "";
  assert.equal(await Array.fromAsync(unenriched(ports, march("05T00:00", "08T00:00"))), [
    found(rawKey(last), last, { createdAt: at("07T12:00") }),
  ]);
  assert.equal(
    asked.prefixes.sort(),
    days.map((day) => `enriched/dt=2026-03-${day}/`),
  );
});

enriched("a lead that was enriched on another day is missing on its own", async () => {
  const { ports } = setUp({
    versions: [listedVersion(rawKey(id("a")), "05T12:00")],
    enriched: [`2026-03-04/${id("a")}`],
  });
  assert.equal(await Array.fromAsync(unenriched(ports, day5)), [found(rawKey(id("a")), id("a"))]);
});

enriched("the watermark and the grace: versions outside the window are neither looked up nor read", async () => {
  const [first = "", second = "", third = ""] = sorted("a", "b", "c");
  const { ports, asked } = setUp({
    versions: [
      listedVersion(rawKey(first), "05T11:59"),
      listedVersion(rawKey(second), "05T12:00"),
      listedVersion(rawKey(third), "05T13:00"),
    ],
  });
  const all = await Array.fromAsync(unenriched(ports, march("05T12:00", "05T13:00")));
  assert.equal(all, [found(rawKey(second), second)]);
  assert.equal(asked.read, [`${rawKey(second)}@v1`]);
});

enriched("versions of files: each content of one name is a lead of its own", async () => {
  const versions = [listedVersion("lead.json", "05T12:00", "v2"), listedVersion("lead.json", "05T11:00", "v1")];
  const [newer, older] = [rawObjectLeadId("lead.json", "etag-v2"), rawObjectLeadId("lead.json", "etag-v1")];
  const one = setUp({ versions, enriched: [`2026-03-05/${newer}`] });
  assert.equal(await Array.fromAsync(unenriched(one.ports, day5)), [
    found("lead.json", older, { createdAt: at("05T11:00") }),
  ]);
  assert.equal(one.asked.read, ["lead.json@v1"]);
  const both = setUp({ versions });
  assert.equal(
    (await Array.fromAsync(unenriched(both.ports, day5))).map(({ leadId, versionId }) => [leadId, versionId]),
    [
      [newer, "v2"],
      [older, "v1"],
    ],
  );
});

enriched("several leads in a file: each is looked for, and the missing one is named", async () => {
  const fileId = rawObjectLeadId("leads.json", "etag-v1");
  const ids = [0, 1, 2].map((index) => memberLeadId(fileId, index, 3));
  const given = {
    versions: [listedVersion("leads.json", "05T12:00")],
    texts: { v1: `[${person},${person},${person}]` },
  };
  const { ports } = setUp({ ...given, enriched: [`2026-03-05/${ids[0]}`, `2026-03-05/${ids[2]}`] });
  assert.equal(await Array.fromAsync(unenriched(ports, day5)), [found("leads.json", ids[1] ?? "")]);
  // The leads of a file are worked on one after the other.
  const all = setUp(given);
  let working = 0;
  const outcomeOf = async () => {
    working += 1;
    await new Promise(setImmediate);
    working -= 1;
    return { ignored: String(working) };
  };
  const each = await Array.fromAsync(unenriched({ ...all.ports, outcomeOf }, day5));
  assert.equal(
    each.map(({ leadId, reason }) => [leadId, reason]),
    ids.map((one) => [one, "ignored: 0"]),
  );
});

enriched("rejected leads are named with their code, and are decided", async () => {
  const fileId = rawObjectLeadId("leads.json", "etag-v1");
  const { ports } = setUp({
    versions: [
      listedVersion("leads.json", "05T12:00", "v1"),
      listedVersion("leads.json", "05T12:00", "v2"),
      listedVersion("leads.json", "05T12:00", "v3"),
      listedVersion("leads.json", "05T12:00", "v4"),
    ],
    texts: { v1: `[{"name":"nobody"},${person}]`, v2: "a,b\n1,2", v3: "gone", v4: `{"name":"nobody"}` },
    enriched: [`2026-03-05/${memberLeadId(fileId, 1, 2)}`],
  });
  const all = await Array.fromAsync(unenriched(ports, day5));
  assert.equal(
    all.map(({ versionId, leadId, reason, isDecided }) => [versionId, leadId, reason, isDecided]),
    [
      ["v1", memberLeadId(fileId, 0, 2), "rejected NoContact", true],
      ["v2", rawObjectLeadId("leads.json", "etag-v2"), "rejected IsCsv", true],
      ["v3", rawObjectLeadId("leads.json", "etag-v3"), "rejected ObjectGone", true],
      ["v4", rawObjectLeadId("leads.json", "etag-v4"), "rejected NoContact", true],
    ],
  );
});

enriched("ignored events are named with the rule, and are decided", async () => {
  const change = setUp({
    versions: [listedVersion("change.json", "05T12:00")],
    texts: { v1: `{"type":"contact.deleted","data":${person}}` },
  });
  const [{ reason = "", isDecided } = {}] = await Array.fromAsync(unenriched(change.ports, day5));
  assert.equal([reason, isDecided], ["ignored: the event says that something was changed or deleted", true]);

  const settings: FilledSettings = { fields: {}, crmHosts: [], testLeads: "ignore", title: "Shop" };
  const versions = [listedVersion(rawKey(id("a")), "05T12:00")];
  const test = setUp({ versions, metadata: { test: "true" }, settings });
  assert.equal(await Array.fromAsync(unenriched(test.ports, day5)), [
    found(rawKey(id("a")), id("a"), { reason: "ignored: test lead", isDecided: true }),
  ]);
  const announced = setUp({ versions, metadata: { test: "true" }, settings: { ...settings, testLeads: "announce" } });
  assert.equal(await Array.fromAsync(unenriched(announced.ports, day5)), [found(rawKey(id("a")), id("a"))]);
});

enriched(
  "what cannot be decided is not decided: a lead whose record is not fetched, or that crashes the rules",
  async () => {
    const { ports } = setUp({
      versions: [listedVersion(rawKey(id("a")), "05T12:00")],
      fetchedLead: async () => Promise.reject(new TypeError("jane@acme.example")),
    });
    assert.equal(await Array.fromAsync(unenriched(ports, day5)), [
      found(rawKey(id("a")), id("a"), { reason: "not enriched: TypeError" }),
    ]);
  },
);

enriched("leaves out smoke tests without reading them", async () => {
  const { ports, asked } = setUp({ versions: [listedVersion(rawKey(id("a", "smoke")), "05T12:00")] });
  assert.equal(await Array.fromAsync(unenriched(ports, day5)), []);
  assert.equal([asked.prefixes, asked.found, asked.read], [[], [], []]);
});

enriched("bounded memory: reads 50 objects at once, and goes on only when their findings are taken", async () => {
  const names = Array.from({ length: 120 }, (_, index) => String(index));
  const { ports, asked } = setUp({ versions: names.map((name) => listedVersion(rawKey(id(name)), "05T12:00")) });
  const findings = unenriched(ports, day5);
  await findings.next();
  assert.equal([asked.read.length, asked.most], [50, 50]);
  assert.is((await Array.fromAsync(findings)).length, 119);
  assert.is(asked.most, 50);
});

enriched("what somebody deleted is named and not to be sent again, whatever the stages made of it", async () => {
  const key = `${id("deleted")}.json`;
  const versions = [
    { ...listedVersion(key, "05T10:00"), isDeleted: true },
    { ...listedVersion("fair.json", "05T11:00"), isDeleted: true },
  ];
  const { ports, asked } = setUp({ versions });
  const all = await Array.fromAsync(unenriched(ports, day5));
  assert.equal(
    all.map((one) => [one.key, one.reason, one.isDecided]),
    [
      ["fair.json", "ignored: deleted", true],
      [key, "ignored: deleted", true],
    ],
  );
  assert.equal(asked.read, []);
});

enriched.run();
