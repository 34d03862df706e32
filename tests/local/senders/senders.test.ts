import { mapKeys, mapValues } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../../environments/index.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { UnprovenRequestError } from "../../../functions/sources/door.ts";
import { readLead as readAnyLead } from "../../../functions/sources/general-reader.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import { makeSecrets, senders } from "../../../local/senders/index.ts";
import { type CrmLead, LeadSource } from "../../../local/senders/leads.ts";
import { tryPayload } from "../../../try/try-payload.ts";
import { passes } from "../../functions/sources/every-bit.ts";
import { sourceRequest } from "../../functions/sources/source-request.ts";
import { requestsOfAll, written } from "./requests.ts";

const now = new Date("2026-03-01T12:00:00.500Z");

/** Settings that senders must cope with. A format that needs some has no case without them. */
const cases: Partial<Record<SourceFormat, readonly object[]>> = {
  hmac: [{}, { header: "X-Sig", encoding: "base64", prefix: "v1=", signedContent: "{timestamp}.{body}" }],
  salesforce: [{ organizationId: "00DR00000000XcDMAS" }],
  token: [{}, { header: "X-Token" }],
};

/** All secrets of a format, those for its API included. */
function secretsOf(format: SourceFormat, seed: string): Readonly<Record<string, string>> {
  const { secrets, fetch }: SourceDeclaration = sourceFormats[format];
  return makeSecrets(format, [...secrets, ...(fetch?.secrets ?? [])], seed);
}

const people = new LeadSource(1);

/** A request of the format's sender. @param by the secrets that the sender has */
function sent(format: SourceFormat, settings: object, by: Readonly<Record<string, string>>) {
  const sender = senders[format];
  const source = { secrets: by, settings: { ...settings } };
  const event = { url: "http://127.0.0.1:3000/crm", eventId: "event", at: now };
  const body = sender.body([people.next()], source, event);
  const { method = "POST", url, headers } = sender.request(body, source, event);
  const { host, pathname, search } = new URL(url);
  return sourceRequest({
    method,
    path: pathname,
    query: search.slice(1),
    headers: { host, ...mapKeys({ ...headers }, (_, name) => name.toLowerCase()) },
    body: Buffer.from(body),
  });
}

const all = suite("senders");

all("send what is in requests.txt, which node tests/local/senders/requests.ts writes anew", () => {
  assert.fixture(requestsOfAll(), written());
});

all("HubSpot's secrets look like its own", () => {
  const { "access-token": token = "", "client-secret": secret = "" } = secretsOf("hubspot", "seed");
  assert.match(token, /^pat-na1-[0-9a-f-]{36}$/);
  assert.match(secret, /^[0-9a-f-]{36}$/);
});

for (const format of Object.keys(sourceFormats) as SourceFormat[]) {
  all(`${format} sends a new lead that its door lets in, and only with the secrets`, async () => {
    const declaration: SourceDeclaration = sourceFormats[format];
    const { door } = await declaration.door();
    const { [declaration.secrets[0]]: proof = "", ...others } = secretsOf(format, "seed");
    for (const given of cases[format] ?? [{}]) {
      const settings = filledSettings(declaration, given);
      const context = { secrets: [proof], otherSecrets: mapValues(others, (one) => [one]), settings, now };
      const accepts = (by: Readonly<Record<string, string>>) =>
        passes(() => door.verify(sent(format, settings, by), context), UnprovenRequestError);
      assert.ok(accepts(secretsOf(format, "seed")));
      const events = door.split(sent(format, settings, secretsOf(format, "seed")), context);
      assert.equal(
        events.map(({ kind }) => kind),
        ["lead"],
      );
      for (const by of [{}, secretsOf(format, "other")]) assert.not.ok(accepts(by));
    }
  });

  all(`${format} sends as many leads in a request as it says, and names those that its door finds`, async () => {
    const declaration: SourceDeclaration = sourceFormats[format];
    const { door } = await declaration.door();
    const { leadsInRequest, body, request, identity } = senders[format];
    for (const given of cases[format] ?? [{}]) {
      const settings = filledSettings(declaration, given);
      const source = { secrets: secretsOf(format, "seed"), settings: { ...settings } };
      const event = { url: "http://127.0.0.1:3000/crm", eventId: "event", at: now };
      const leads = Array.from({ length: leadsInRequest }, () => people.next());
      const text = body(leads, source, event);
      const headers = mapKeys({ ...request(text, source, event).headers }, (_, name) => name.toLowerCase());
      const events = door.split(sourceRequest({ headers, body: Buffer.from(text) }), { settings });
      assert.equal(events.length, leadsInRequest);
      const identities = events.map((one) => (one.kind === "lead" ? one.identity : []));
      if (identity)
        assert.equal(
          identities,
          leads.map((lead) => identity(lead, source)),
        );
      else assert.is(door.answer, undefined);
    }
  });
}

const person = {
  id: "7",
  first_name: "Jane",
  last_name: "Roe",
  email: "jane.roe@acme.example",
  phone: "+49 30 901820",
};
const full = { ...person, company: "Acme", website: "https://acme.example", employees: 120, country: "DE" };
/** What becomes of a lead that a format's sender sends. */
async function enriched(format: SourceFormat, lead: CrmLead) {
  const source = { secrets: secretsOf(format, "seed"), settings: { organizationId: "00D000000000001" } };
  const body = senders[format].body([lead], source, { url: "http://127.0.0.1:3000/crm", eventId: "event", at: now });
  assert.not.match(body, "undefined");
  const [tried] = await tryPayload(Buffer.from(body), { environment: environments.demo, source: format });
  const { name, email, phone, company, country, jobTitle, message, answers } = tried?.lead ?? {};
  const said = message ?? answers?.find(({ label }) => label === "Description")?.answer;
  return [name?.full, email?.address, phone?.e164, company, country, jobTitle, said];
}
for (const [format, { fetch }] of Object.entries<SourceDeclaration>(sourceFormats)) {
  if (fetch) continue;
  all(`${format} sends all that a lead has, and nothing that it lacks`, async () => {
    assert.equal(await enriched(format as SourceFormat, { ...full, job_title: "CTO", message: "Call me." }), [
      ...["Jane Roe", "jane.roe@acme.example", "+4930901820"],
      { name: "Acme", employees: 120, domain: "acme.example" },
      ...["DE", "CTO", "Call me."],
    ]);
    assert.equal(await enriched(format as SourceFormat, { id: "7", email: "jane.roe@acme.example" }), [
      ...[undefined, "jane.roe@acme.example", undefined, { domain: "acme.example" }],
      ...[undefined, undefined, undefined],
    ]);
  });
}

all("a sender takes a body of any shape where the general reader reads what it sends", async () => {
  for (const format of Object.keys(sourceFormats) as SourceFormat[]) {
    const { readLead } = await sourceFormats[format].reader();
    assert.is(senders[format].takesAnyShape ?? false, readLead === readAnyLead, format);
  }
});

all.run();
