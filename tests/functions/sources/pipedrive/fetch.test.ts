import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fetchRecord } from "../../../../functions/sources/pipedrive/fetch.ts";
import { createApi } from "../../../../local/apis/pipedrive.ts";
import { type CrmLead, LeadSource } from "../../../../local/senders/leads.ts";
import { organizationIdOf, recordIdOf } from "../../../../local/senders/record-id.ts";
import { failureOf } from "../../../helpers/failure.ts";

const token = "api-token";
const lead: CrmLead = { ...new LeadSource(1).next(), company: "Acme" };
const [person, organization] = [recordIdOf(lead), organizationIdOf(lead)];
const api = createApi(token);
const fetching = (data: object, given = token) =>
  fetchRecord(
    { meta: { entity: "lead" }, data },
    { secrets: { "api-token": given }, settings: { apiUrl: api.url }, signal: AbortSignal.timeout(5000) },
  );
const found = async (data: object) => {
  const record = JSON.parse(await fetching(data));
  return [record.person?.emails[0].value, record.organization?.name];
};

const pipedrive = suite("pipedrive fetch");
pipedrive.before(async () => {
  await api.start();
  api.put(lead);
});
pipedrive.after(() => api.stop());

pipedrive("gets the person and the organization of a lead", async () => {
  assert.equal(await found({ person_id: person, organization_id: organization }), [lead.email, "Acme"]);
});

pipedrive("gets the person's organization when the lead names none", async () => {
  assert.equal(await found({ person_id: person, organization_id: null }), [lead.email, "Acme"]);
});

pipedrive("gets what is there of a lead that has only one of them, or neither", async () => {
  assert.equal(await found({ person_id: null, organization_id: organization }), [undefined, "Acme"]);
  assert.equal(await found({ title: "Nobody" }), [undefined, undefined]);
});

pipedrive("needs the person, and not the organization", async () => {
  assert.equal(await found({ person_id: person, organization_id: 5 }), [lead.email, undefined]);
  assert.is((await failureOf(fetching({ person_id: 5, organization_id: organization }))).code, "RecordNotFound");
});

pipedrive("says that the token is refused, and honours the limit of the API", async () => {
  assert.is((await failureOf(fetching({ person_id: person }, "old"))).code, "AccessRefused");
  api.mode = "limited";
  try {
    const { code, retryAfterSeconds } = await failureOf(fetching({ person_id: person }));
    assert.equal([code, retryAfterSeconds], ["FetchFailed", 30]);
  } finally {
    api.mode = "up";
  }
});

pipedrive.run();
