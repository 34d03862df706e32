import { createHmac } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { doorOf, identityIn } from "../door-of.ts";
import { sourceRequest } from "../source-request.ts";
import { response } from "./payload.ts";

const secrets = ["old", "abc123"];
const now = new Date("2026-03-01T12:00:00.000Z");
const body = JSON.stringify(response);
const signed = (key = "abc123", content = body) => ({
  "typeform-signature": `sha256=${createHmac("sha256", key).update(content).digest("base64")}`,
});

const typeform = suite("typeform door");

typeform("accepts the documented example, and refuses one changed bit", async () => {
  const door = await doorOf("typeform", { secrets, now });
  const request = sourceRequest({ headers: signed(), body: Buffer.from(body) });
  assert.ok(door.accepts(request));
  assert.equal(door.acceptedChanges(request, { headers: ["typeform-signature"] }), []);
  for (const other of [[], ["old"]]) assert.not.ok(door.accepts(request, { secrets: other }));
  const hex = createHmac("sha256", "abc123").update(body).digest("hex");
  assert.not.ok(door.accepts({ ...request, headers: { "typeform-signature": `sha256=${hex}` } }));
});

typeform("announces a response once, whatever event brings it, and stores it as it was written", async () => {
  const { split } = await doorOf("typeform", { secrets, now });
  const identity = ["a3a12ec67a1365927098a606107fac15"];
  assert.equal(split(`\n${body} `), [{ kind: "lead", identity, json: body }]);
  assert.equal(identityIn(split({ ...response, event_id: "another" })), identity);
});

typeform("identifies a response without a token by its event, and without that by its content", async () => {
  const { split } = await doorOf("typeform", { secrets, now });
  const { form_response: _, ...withoutResponse } = response;
  assert.equal(identityIn(split(withoutResponse)), ["LtWXD3crgy"]);
  assert.equal(identityIn(split('{"event_type":"form_response"}')), ['{"event_type":"form_response"}']);
});

typeform("ignores every other event", async () => {
  const { split } = await doorOf("typeform", { secrets, now });
  for (const [type, reason] of [
    ["form_response_partial", "form_response_partial is no new lead"],
    ["Jane Roe", "an event of another kind is no new lead"],
    [undefined, "an event of another kind is no new lead"],
  ] as const) {
    assert.is(identityIn(split({ ...response, event_type: type })), reason);
  }
});

typeform.run();
