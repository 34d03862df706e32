import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fetchRecord } from "../../../../functions/sources/hubspot/fetch.ts";
import { createApi } from "../../../../local/apis/hubspot.ts";
import { type CrmLead, LeadSource } from "../../../../local/senders/leads.ts";
import { recordIdOf } from "../../../../local/senders/record-id.ts";
import { failureOf } from "../../../helpers/failure.ts";

const token = "pat-na1-token";
const lead: CrmLead = { ...new LeadSource(1).next(), first_name: "Jane" };
const event = { portalId: 33, objectId: recordIdOf(lead), subscriptionType: "contact.creation", eventId: 99 };

const api = createApi(token);
const fetching = (change: object = {}, { given = token, fields = {} } = {}) =>
  fetchRecord(
    { ...event, ...change },
    {
      secrets: { "access-token": given },
      settings: { apiUrl: api.url, fields },
      signal: AbortSignal.timeout(5000),
    },
  );

const hubspot = suite("hubspot fetch");
hubspot.before(async () => {
  await api.start();
  api.put(lead);
});
hubspot.after(() => api.stop());

hubspot("gets the contact with the properties that a card has a use for", async () => {
  const { id, properties } = JSON.parse(await fetching());
  assert.is(id, String(event.objectId));
  assert.equal([properties.firstname, properties.email], ["Jane", lead.email]);
  assert.is(properties.hs_language, null);
  const asked =
    "firstname lastname email hs_additional_emails phone mobilephone company website numemployees country jobtitle message " +
    "hs_language hs_analytics_source hs_analytics_first_url utm_source utm_medium utm_campaign utm_term utm_content hs_object_id";
  assert.equal(Object.keys(properties).toSorted(), asked.split(" ").toSorted());
});

hubspot("asks for the environment's own fields too", async () => {
  const { properties } = JSON.parse(
    await fetching({}, { fields: { message: "properties.what_for", budget: "budget" } }),
  );
  assert.equal([properties.what_for, properties.budget], [null, null]);
});

hubspot("says that a contact is missing, or that the token is refused", async () => {
  const codes = [await failureOf(fetching({ objectId: 5 })), await failureOf(fetching({}, { given: "old" }))];
  assert.equal(
    codes.map(({ code }) => code),
    ["RecordNotFound", "AccessRefused"],
  );
});

hubspot("stays below the path of contacts", async () => {
  assert.is((await failureOf(fetching({ objectId: `../contacts/${event.objectId}` }))).code, "RecordNotFound");
});

hubspot("honours the limit of the API", async () => {
  api.mode = "limited";
  try {
    const { code, retryAfterSeconds } = await failureOf(fetching());
    assert.equal([code, retryAfterSeconds], ["FetchFailed", 30]);
  } finally {
    api.mode = "up";
  }
});

hubspot("has a record for the contact of the test button, and tries the token with it", async () => {
  const test = { eventId: 1, objectId: 123 };
  assert.is(JSON.parse(await fetching(test)).properties.email, "test@example.com");
  assert.is((await failureOf(fetching(test, { given: "old" }))).code, "AccessRefused");
});

hubspot.run();
