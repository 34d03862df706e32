import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rawObjectLeadId, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { inTime } from "../helpers/in-time.ts";
import { allAnnouncedOnce, drop, keysIn, sendSigned, startTarget, type Target } from "./security-fixtures.ts";

let target: Target;
const keys = suite("security :: keys");
keys.before(async () => {
  target = await startTarget();
});
keys.after(() => target.stop());

const lead = { email: "ada@example.com", name: "Ada Byron" };
const announced = (count: number): Promise<string[]> => {
  const ids: string[] = [];
  return inTime(`${count} announcements`, (resolve) => {
    target.leadAudit.on("notified", ({ leadId }) => {
      ids.push(leadId);
      if (ids.length === count) resolve(ids);
    });
  });
};
const belowEnriched = async () => (await keysIn(target)).filter((key) => key.startsWith("enriched/"));

keys("at the root that imitate enriched/ or a webhook's are files like others, each announced once", async () => {
  const names = [
    "enriched%2fdt=2026-01-01%2fx.json",
    "enriched∕dt=2026-01-01∕x.json",
    "enriched",
    "enriched\\dt=2026-01-01\\x.json",
    "website-d41d8cd98f00b204e9800998ecf8427e.json",
    "__proto__",
    "<!channel> `0123456789ab`.json",
  ];
  const all = announced(names.length);
  for (const name of names) await drop(target, name, { ...lead, id: name });
  const ids = await all;
  assert.ok(ids.every((id) => /^file-[0-9a-f]{32}$/.test(id)));
  await allAnnouncedOnce(target);
  const enriched = await belowEnriched();
  assert.is(enriched.length, new Set(ids).size);
  for (const key of enriched) assert.match(key, /^enriched\/dt=\d{4}-\d\d-\d\d\/file-[0-9a-f]{32}\.json$/);
  assert.not.match(JSON.stringify(target.slack.messages.map(({ payload }) => payload)), /<!channel>/);
});

keys("in other folders are nobody's business", async () => {
  const before = target.gateway.counts.get("sqs:SendMessage");
  for (const key of ["archive/x.json", "/x.json", "Enriched/x.json", "a/enriched/x.json"])
    await drop(target, key, lead);
  await target.crm.sendLead("website", lead);
  await allAnnouncedOnce(target);
  assert.is(
    (target.gateway.counts.get("sqs:SendMessage") ?? 0) - (before ?? 0),
    2,
    "the events of the one genuine lead",
  );
  assert.equal(target.deadLetters.contents(), []);
});

keys("are all that says where a lead comes from: metadata is not believed", async () => {
  const metadata = {
    "correlation-id": "<!channel> ada@example.com",
    source: `website <!channel> ${"x".repeat(200)}`,
    "received-at": "+275760-09-13T00:00:00.000Z",
  };
  const [before, keysBefore] = [target.slack.messages.length, await belowEnriched()];
  const all = announced(3);
  await drop(target, "1.json", lead, metadata);
  await drop(target, "2.json", lead, { ...metadata, source: "website", "received-at": "9999-12-31T23:59:59.999Z" });
  await drop(target, "3.json", lead, { source: "", "received-at": "=cmd|' /C calc'!A0" });
  await all;
  const texts = JSON.stringify(target.slack.messages.slice(before).map(({ payload }) => payload));
  assert.not.match(texts, /channel|website|9999|275760|calc/);
  assert.equal(target.deadLetters.contents(), []);
  assert.not.match(await target.logs.text(), /<!channel>|ada@example|calc/);
  const made = (await belowEnriched()).filter((key) => !keysBefore.includes(key));
  assert.is(made.length, 3);
  for (const key of made) assert.match(key, /\/file-[0-9a-f]{32}\.json$/);
});

keys("of a webhook's leads hold no part of what the request says", async () => {
  const before = await keysIn(target);
  const eventId = "enriched/dt=2026-01-01/../ada@example.com";
  const signed = target.crm.sign("website", JSON.stringify(lead), eventId);
  assert.is((await sendSigned(target, signed)).status, 202);
  await allAnnouncedOnce(target);
  const id = webhookLeadId("website", eventId, 0);
  assert.is(rawObjectLeadId(`${id}.json`, ""), id);
  assert.match(
    (await keysIn(target)).filter((key) => !before.includes(key)).join(" "),
    new RegExp(`^enriched/dt=\\d{4}-\\d\\d-\\d\\d/${id}.json ${id}.json$`),
  );
});

keys.run();
