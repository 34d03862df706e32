import { suite } from "uvu";
import * as assert from "uvu/assert";
import { doorOf, identityIn } from "../door-of.ts";
import { sourceRequest } from "../source-request.ts";

const secrets = ["old-token", "Zx8-new_token"];
const now = new Date("2026-03-01T12:00:00.000Z");
const lead = { email: "jane.roe@acme.example" };
const post = (headers: Record<string, string>) => sourceRequest({ headers, body: Buffer.from(JSON.stringify(lead)) });

const token = suite("token door");

for (const [settings, header, value] of [
  [{}, "authorization", "Bearer Zx8-new_token"],
  [{ header: "X-Api-Key" }, "x-api-key", "Zx8-new_token"],
] as const) {
  token(`accepts the token in ${header}, and refuses one changed bit`, async () => {
    const door = await doorOf("token", { secrets, now, settings });
    const request = post({ [header]: value });
    assert.ok(door.accepts(request));
    const changes = door.acceptedChanges(request, { headers: [header], parts: [] });
    // Schemes have no case, so a changed fifth bit of one of the letters of "Bearer" is no change.
    const ofCase = [...(header === "authorization" ? "Bearer" : "")].map((_, index) => `${header} ${index * 8 + 5}`);
    assert.equal(changes, ofCase);
    for (const other of [[], ["old-token"], [""]]) assert.not.ok(door.accepts(request, { secrets: other }));
  });
}

token("does not look for the token in another header, nor for a bearer where the token stands alone", async () => {
  const bearer = await doorOf("token", { secrets, now });
  const named = await doorOf("token", { secrets, now, settings: { header: "X-Api-Key" } });
  assert.not.ok(bearer.accepts(post({ authorization: "Zx8-new_token" })));
  assert.not.ok(bearer.accepts(post({ "x-api-key": "Zx8-new_token" })));
  assert.not.ok(named.accepts(post({ authorization: "Bearer Zx8-new_token" })));
  assert.not.ok(named.accepts(post({ "x-api-key": "Bearer Zx8-new_token" })));
});

token("identifies leads by their content, or by the field that the environment names", async () => {
  const byContent = await doorOf("token", { secrets, now });
  const byField = await doorOf("token", { secrets, now, settings: { idField: "email" } });
  assert.equal(identityIn(byContent.split(lead)), ["content", JSON.stringify(lead)]);
  assert.equal(identityIn(byField.split(lead)), ["id", "jane.roe@acme.example"]);
});

token("takes a lead for a test that has a test's flag", async () => {
  const { split } = await doorOf("token", { secrets, now });
  const tests = [{ is_test: true }, { isTest: "true" }, { testLead: true }, { is_test: false }, { test: "yes" }];
  assert.equal(
    tests.map((flag) => split({ ...lead, ...flag }).some((event) => event.kind === "lead" && event.isTest)),
    [true, true, true, false, false],
  );
});

token("ignores what says that it is a change or a deletion", async () => {
  const { split } = await doorOf("token", { secrets, now });
  assert.match(String(identityIn(split({ ...lead, event: "contact.updated" }))), "changed or deleted");
});

token.run();
