import { suite } from "uvu";
import * as assert from "uvu/assert";
import { doorOf, identityIn } from "../door-of.ts";
import { ingestOf } from "../ingest-of.ts";
import { sourceRequest } from "../source-request.ts";
import { lead } from "./payload.ts";

const secrets = ["old", "Kz7-secret_key"];
const now = new Date("2026-03-01T12:00:00.000Z");
const post = (body: string) => sourceRequest({ body: Buffer.from(body) });

const google = suite("google ads door");

google("accepts the documented example, and refuses one changed bit of the key", async () => {
  const { accepts, acceptedChanges } = await doorOf("google-ads", { secrets, now });
  assert.ok(accepts(post(lead)));
  assert.equal(acceptedChanges(post(lead), { textInBody: '"google_key": "Kz7-secret_key"' }), []);
  for (const other of [[], ["old"], [""]]) assert.not.ok(accepts(post(lead), { secrets: other }));
});

google("takes the key from nowhere but its own field", async () => {
  const { accepts } = await doorOf("google-ads", { secrets, now });
  for (const body of [
    {},
    { key: "Kz7-secret_key" },
    { google_key: ["Kz7-secret_key"] },
    { data: { google_key: "Kz7-secret_key" } },
    [{ google_key: "Kz7-secret_key" }],
  ]) {
    assert.not.ok(accepts(post(JSON.stringify(body))));
  }
});

google("announces a lead once, by Google's id of it", async () => {
  const { split } = await doorOf("google-ads", { secrets, now });
  const id = "TeSter-7c5a-4e1b";
  assert.equal(identityIn(split(lead)), [id]);
  assert.equal(identityIn(split({ lead_id: id, google_key: "k", api_version: "1.1" })), [id]);
  assert.equal(identityIn(split('{"google_key":"k","form_id":1}')), ['{"form_id":1}'], "the content, without the key");
});

google("says which leads are tests", async () => {
  const { split } = await doorOf("google-ads", { secrets, now });
  const isTest = (body: object) => split(body).map((event) => event.kind === "lead" && event.isTest);
  assert.equal([{ is_test: true }, { is_test: false }, { is_test: "false" }, {}].map(isTest), [
    [true],
    [undefined],
    [undefined],
    [undefined],
  ]);
});

google("stores a lead without its key, wherever the key stands, and byte for byte but for that", async () => {
  const { split } = await doorOf("google-ads", { secrets, now });
  const stored = (body: string) => split(body).map((event) => event.kind === "lead" && event.json)[0];
  for (const [body, json] of [
    ['{"google_key":"k"}', "{}"],
    ['{"google_key":"k","a":1.0}', '{"a":1.0}'],
    ['{ "a": 12345678901234567890 ,\n"google_key" : "k"\n}', '{ "a": 12345678901234567890 }'],
    ['{"a":"é\\u00e9,\\"google_key\\":\\"k\\"","google_key":"k}\\",{","b":{"c":[1,{"d":","}]}}', undefined],
    ['{"google_key":"k","google_key":"l","goo\\u0067le_key":"m","b":2}', '{"b":2}'],
    ["{}", "{}"],
  ] as const) {
    const expected = json ?? '{"a":"é\\u00e9,\\"google_key\\":\\"k\\"","b":{"c":[1,{"d":","}]}}';
    assert.is(stored(body), expected);
  }
  assert.not.match(String(stored(lead)), "secret_key");
  assert.is(stored(lead), lead.replace(/\n {2}"google_key": "[^"]*",/, ""));
});

google("answers as Google documents it, and leaves the key in no object, log or answer", async () => {
  const { post, stored, traces } = ingestOf("google-ads", "Kz7-secret_key", now);
  assert.equal(await post(lead), [200, "{}"]);
  assert.equal(await post(lead), [200, "{}"], "again");
  assert.is((await post(lead.replace("Kz7-", "Kz8-")))[0], 401);
  assert.is((await post(lead.slice(1)))[0], 400);
  assert.is((await post(`${lead.slice(0, -1)},"x":${"[".repeat(40)}${"]".repeat(40)}}`))[0], 400);
  assert.is(stored().length, 1);
  assert.is(stored()[0]?.metadata.test, "true");
  assert.not.match(traces(), /secret_key/);
});

google("stores no test leads where the environment ignores them", async () => {
  const { post, stored } = ingestOf("google-ads", "Kz7-secret_key", now, { testLeads: "ignore" });
  assert.equal([await post(lead), stored()], [[200, "{}"], []]);
  await post(lead.replace('"is_test": true', '"is_test": false'));
  assert.is(stored().length, 1);
});

google.run();
