import { mock } from "node:test";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { tryPayload } from "../../try/try-payload.ts";
import { failureOf } from "../helpers/failure.ts";

const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const jane = { id: "7", email: "jane@acme.example.com", shoe_size: "41" };

const trying = suite("trying a payload :: the leads in it");

trying("a file's leads are read by the general reader, each on its own", async () => {
  const [first, second, ...others] = await tryPayload(bytes([jane, { name: "Nobody" }]));
  assert.equal([first?.status, first?.lead?.email?.address], ["enriched", "jane@acme.example.com"]);
  assert.equal(first?.leftAside, ["shoe_size"]);
  assert.equal([second?.status, second?.lead], ["rejected", undefined]);
  assert.match(second?.reason ?? "", /^NoContact: /);
  assert.equal(others, []);
});

trying("a source's payload is split by its door, without a proof", async () => {
  const body = bytes({ type: "lead.created", timestamp: "2026-01-01T00:00:00Z", data: [jane, jane] });
  const leads = await tryPayload(body, { source: "website" });
  assert.equal(
    leads.map(({ lead }) => lead?.source),
    ["website", "website"],
  );
  assert.equal(
    (await tryPayload(body, { source: "standard-webhooks" })).map(({ status }) => status),
    ["enriched", "enriched"],
  );
});

trying("a payload that is rejected whole has one entry with the reason", async () => {
  for (const [body, code] of [
    ["{", "NotJson"],
    ["[]", "NoLeads"],
    ["3", "NotALead"],
  ] as const) {
    for (const source of [undefined, "crm"]) {
      const leads = await tryPayload(bytes(body), { source });
      assert.equal([leads.length, leads[0]?.status, leads[0]?.leftAside], [1, "rejected", []]);
      assert.match(leads[0]?.reason ?? "", new RegExp(`^${code}: `));
    }
  }
});

/** dev with other settings of a HubSpot source. */
const withHubSpot = (settings: object): Environment => ({
  ...environments.dev,
  sources: { crm: { format: "hubspot", ...settings } },
});
const created = (objectId: number) => ({
  eventId: 1,
  subscriptionType: "contact.creation",
  portalId: 62_515,
  objectId,
  occurredAt: 1_700_000_000_000,
});
const contact = bytes({ id: "1", properties: { email: "jane@acme.example.com", numemployees: "250", shoe: "41" } });

trying("a record is read alone also where the door answers nonsense with success", async () => {
  const record = bytes({ id: "9", field_data: [{ name: "email", values: ["jane@acme.example.com"] }] });
  const [alone] = await tryPayload(record, { source: "meta-lead-ads" });
  assert.is(alone?.lead?.email?.address, "jane@acme.example.com");
  const feed = bytes({ object: "page", entry: [{ id: "1", changes: [{ field: "feed", value: {} }] }] });
  assert.is((await tryPayload(feed, { source: "meta-lead-ads" }))[0]?.status, "ignored");
});

trying("an event that holds only ids is read with its record, and the record is read alone too", async () => {
  const events = bytes([created(1)]);
  const [without] = await tryPayload(events, { source: "hubspot" });
  assert.equal(without?.status, "rejected");
  assert.match(without?.reason ?? "", /^NotFetchable: .*--record FILE/);
  const [fetched] = await tryPayload(events, { source: "hubspot", record: contact });
  const [alone] = await tryPayload(contact, { source: "hubspot" });
  for (const one of [fetched, alone]) {
    assert.equal(
      [one?.status, one?.lead?.email?.address, one?.lead?.company?.employees],
      ["enriched", "jane@acme.example.com", 250],
    );
    assert.ok(one?.leftAside.some((path) => path.endsWith("shoe")));
  }
});

trying("an event that is no new lead, and a second one of the same lead, are ignored with the reason", async () => {
  const events = [created(1), { ...created(2), subscriptionType: "contact.deletion" }, created(1)];
  const leads = await tryPayload(bytes(events), { source: "hubspot", record: contact });
  assert.equal(
    leads.map(({ status }) => status),
    ["enriched", "ignored", "ignored"],
  );
  assert.is(leads[2]?.reason, "it is the same lead as one before it");
});

trying("a source's own fields, title and CRM hosts are the environment's, and else the format's", async () => {
  const body = bytes({ id: "1", properties: { email: "jane@acme.example.com", shoe: "41" } });
  const environment = withHubSpot({ title: "Our CRM", fields: { "Shoe size": "properties.shoe" } });
  const [lead] = await tryPayload(body, { source: "crm", environment });
  assert.equal([lead?.lead?.sourceTitle, lead?.lead?.source], ["Our CRM", "crm"]);
  assert.equal(lead?.lead?.answers, [{ label: "Shoe size", answer: "41" }]);
  const [plain] = await tryPayload(body, { source: "hubspot", environment });
  assert.equal([plain?.lead?.sourceTitle, plain?.lead?.answers], ["HubSpot", undefined]);
});

trying("a test lead is announced as one or ignored, as the environment says", async () => {
  const body = bytes({
    lead_id: "1",
    is_test: true,
    google_key: "k",
    user_column_data: [{ column_id: "EMAIL", string_value: "jane@acme.example.com" }],
  });
  const [announced] = await tryPayload(body, { source: "google-ads" });
  assert.equal([announced?.status, announced?.lead?.test], ["enriched", true]);
  const ads: Environment = {
    ...environments.dev,
    sources: { ads: { format: "google-ads", testLeads: "ignore" } },
  };
  const [skipped] = await tryPayload(body, { source: "ads", environment: ads });
  assert.equal([skipped?.status, skipped?.reason], ["ignored", "it is a test"]);
});

trying("the default country is the environment's", async () => {
  const body = bytes({ email: jane.email, phone: "030 23125014" });
  const inGermany = await tryPayload(body, { environment: { ...environments.dev, defaultCountry: "DE" } });
  assert.is(inGermany[0]?.lead?.phone?.e164, "+493023125014");
  assert.is((await tryPayload(body))[0]?.lead?.phone, undefined);
});

trying("the same payload gives the same result at any time", async () => {
  const first = await tryPayload(bytes([jane]), { source: "crm" });
  mock.timers.enable({ apis: ["Date"], now: 0 });
  const again = await tryPayload(bytes([jane]), { source: "crm" });
  mock.timers.reset();
  assert.equal(again, first);
});

trying("a name that is neither a source nor a format is refused, with the names there are", async () => {
  const { message } = await failureOf(tryPayload(bytes(jane), { source: "constructor" }));
  assert.match(
    message,
    /'constructor' is unknown\. Allowed: sources of the environment \(crm, website\) and formats \(/,
  );
});

trying.run();
