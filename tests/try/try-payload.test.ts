import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../environments/index.ts";
import { tryPayload } from "../../try/try-payload.ts";

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

trying("the default country is the environment's", async () => {
  const body = bytes({ email: jane.email, phone: "030 23125014" });
  const inGermany = await tryPayload(body, { environment: { ...environments.dev, defaultCountry: "DE" } });
  assert.is(inGermany[0]?.lead?.phone?.e164, "+493023125014");
  assert.is((await tryPayload(body))[0]?.lead?.phone, undefined);
});

trying("the same payload gives the same result at any time", async () => {
  const first = await tryPayload(bytes([jane]), { source: "crm" });
  await new Promise((resolve) => setTimeout(resolve, 2));
  assert.equal(await tryPayload(bytes([jane]), { source: "crm" }), first);
});

trying("a name that is neither a source nor a format is refused, with the names there are", async () => {
  try {
    await tryPayload(bytes(jane), { source: "constructor" });
    assert.unreachable();
  } catch (error) {
    assert.match(
      String(error),
      /'constructor' is unknown\. Allowed: sources of the environment \(crm, website\) and formats \(/,
    );
  }
});

trying.run();
