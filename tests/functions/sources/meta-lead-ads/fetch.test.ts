import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fetchRecord } from "../../../../functions/sources/meta-lead-ads/fetch.ts";
import { createApi } from "../../../../local/apis/meta-lead-ads.ts";
import { LeadSource } from "../../../../local/senders/leads.ts";
import { recordIdOf } from "../../../../local/senders/record-id.ts";
import { failureOf } from "../../../helpers/failure.ts";
import { httpServer } from "../../../helpers/http-server.ts";

const token = "EAAB-token";
const lead = new LeadSource(1).next();
const api = createApi(token);
const fetching = (id: string, given = token, apiUrl = api.url) =>
  fetchRecord(
    { leadgen_id: id },
    {
      secrets: { "access-token": given },
      settings: { apiUrl, graphVersion: "v24.0" },
      signal: AbortSignal.timeout(5000),
    },
  );

const meta = suite("meta lead ads fetch");
meta.before(async () => {
  await api.start();
  api.put(lead);
});
meta.after(() => api.stop());

meta("gets the answers of a lead's form", async () => {
  const { campaign_name, field_data } = JSON.parse(await fetching(String(recordIdOf(lead))));
  assert.equal([campaign_name, field_data[1]], ["Spring 2026", { name: "email", values: [lead.email] }]);
});

meta("has a record for the lead of the test button, and tries the token with it", async () => {
  assert.match(await fetching("444444444444"), "test@example.com");
  assert.is((await failureOf(fetching("444444444444", "old"))).code, "AccessRefused");
});

for (const [what, status, error, code] of [
  ["a lead that is not there", 400, { code: 100, error_subcode: 33 }, "RecordNotFound"],
  ["a revoked token", 400, { code: 190, error_subcode: 460 }, "AccessRefused"],
  ["too many calls of the app", 403, { code: 4 }, "FetchFailed"],
  ["an outage", 500, { code: 2 }, "FetchFailed"],
  ["an outage without a code", 502, "<html>", "FetchFailed"],
  ["an unknown field", 400, { code: 100 }, "FetchRefused"],
  ["nothing that it says", 400, null, "FetchRefused"],
] as const) {
  meta(`understands an answer of ${what} as ${code}`, async () => {
    await using other = await httpServer((_, response) => {
      response.writeHead(status).end(typeof error === "string" ? error : JSON.stringify({ error }));
    });
    assert.is((await failureOf(fetching("1", token, other.url))).code, code);
  });
}

for (const [what, code, codes] of [
  ["a refused token", "AccessRefused", [10, 102, 190, 200, 299]],
  ["too many calls", "FetchFailed", [4, 17, 32, 341, 368, 613, 80_000, 80_014]],
  ["an outage", "FetchFailed", [1, 2]],
  ["none of them", "FetchRefused", [3, 5, 9, 11, 100, 101, 199, 300, 79_999, 80_015]],
] as const) {
  meta(`takes the codes of ${what} for that, and asks at the version that the environment names`, async () => {
    let error = 0;
    const asked: unknown[] = [];
    await using other = await httpServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(400).end(JSON.stringify({ error: { code: error } }));
    });
    for (error of codes) assert.is((await failureOf(fetching("1", token, other.url))).code, code, String(error));
    assert.is(asked[0], "/v24.0/1?fields=id,created_time,campaign_name,form_id,platform,field_data");
  });
}

meta.run();
