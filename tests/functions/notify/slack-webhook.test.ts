import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classify, postToSlack, slackWebhook } from "../../../functions/notify/slack-webhook.ts";
import { SecretMissingError } from "../../../functions/shared/secrets.ts";
import { httpServer } from "../../helpers/http-server.ts";

const message = { text: "New lead", blocks: [] };
const webhook = suite("slack webhook");

for (const [status, body, retryAfter, expected] of [
  [200, "ok", null, { status: "delivered" }],
  [429, "", "30", { status: "refused", reason: "rate_limited", retryAfterSeconds: 30 }],
  [429, "rate_limited", null, { status: "refused", reason: "rate_limited", retryAfterSeconds: 1 }],
  [400, "invalid_payload", null, { status: "refused", reason: "invalid_payload" }],
  [403, "action_prohibited", null, { status: "refused", reason: "action_prohibited" }],
  [404, "no_service", null, { status: "refused", reason: "no_service" }],
  [410, "channel_is_archived", null, { status: "refused", reason: "channel_is_archived" }],
  [500, "rollup_error", null, { status: "refused", reason: "rollup_error" }],
  [502, "<html>Bad gateway</html>", null, { status: "refused", reason: "http_502" }],
  [302, "", null, { status: "refused", reason: "http_302" }],
  [200, "<html>Welcome to the hotel's network</html>", null, { status: "unknown", reason: "http_200" }],
] as const) {
  webhook(`takes ${status} ${body.slice(0, 20) || "without a body"} for ${expected.status}`, () => {
    assert.equal(classify(status, body, retryAfter), expected);
  });
}

webhook("posts the message as JSON", async () => {
  let received = "";
  await using slack = await httpServer(async (request, response) => {
    received = `${request.method} ${request.headers["content-type"]} `;
    for await (const chunk of request) received += chunk;
    response.end("ok");
  });
  assert.equal(await postToSlack(`${slack.url}/services/T/B/secret`, message), { status: "delivered" });
  assert.is(received, 'POST application/json; charset=utf-8 {"text":"New lead","blocks":[]}');
});

webhook("does not know what became of a message that was never answered", async () => {
  await using slack = await httpServer(() => {});
  assert.equal(await postToSlack(slack.url, message, 50), { status: "unknown", reason: "TimeoutError" });
});

webhook("does not know what became of a message whose connection broke", async () => {
  await using slack = await httpServer((request) => request.socket.destroy());
  assert.is((await postToSlack(slack.url, message)).status, "unknown");
});

webhook("is refused by a server that is not there", async () => {
  let url = "";
  {
    await using gone = await httpServer(() => {});
    url = gone.url;
  }
  assert.equal(await postToSlack(url, message), { status: "refused", reason: "ECONNREFUSED" });
});

webhook("is refused without a usable URL, and does not show it", async () => {
  const outcome = await postToSlack("not a url/secret", message);
  assert.equal(outcome, { status: "refused", reason: "ERR_INVALID_URL" });
});

webhook("is refused when the URL cannot be read", async () => {
  const post = slackWebhook(() => Promise.reject(new SecretMissingError("/leadwire/dev/slack/webhook-url")));
  assert.equal(await post(message), { status: "refused", reason: "webhook URL not readable: SecretMissing" });
});

webhook.run();
