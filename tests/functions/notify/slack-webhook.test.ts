import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classify, postToSlack } from "../../../functions/notify/slack-webhook.ts";
import { SecretMissingError } from "../../../functions/runtime/secrets.ts";
import { httpServer } from "../../helpers/http-server.ts";

const message = { text: "New lead", blocks: [] };
const at = (url: string) => async () => url;
const refused = (reason: string, remedy: "retry" | "giveUp") => ({ status: "refused", reason, remedy });
const limited = (retryAfterSeconds: number) => ({
  status: "refused",
  reason: "rate_limited",
  remedy: "wait",
  retryAfterSeconds,
});

const webhook = suite("slack webhook");

for (const [status, body, retryAfter, expected] of [
  [200, "ok", null, { status: "delivered" }],
  [429, "", "30", limited(30)],
  [429, "rate_limited", null, limited(1)],
  [400, "invalid_payload", null, refused("invalid_payload", "giveUp")],
  [403, "action_prohibited", null, refused("action_prohibited", "giveUp")],
  [404, "no_service", null, refused("no_service", "giveUp")],
  [410, "channel_is_archived", null, refused("channel_is_archived", "giveUp")],
  [500, "rollup_error", null, refused("rollup_error", "retry")],
  [503, "<html>Service unavailable</html>", null, refused("http_503", "retry")],
  [502, "<html>Bad gateway</html>", null, { status: "unknown", reason: "http_502" }],
  [504, "", null, { status: "unknown", reason: "http_504" }],
  [302, "", null, refused("http_302", "giveUp")],
  [200, "welcome", null, { status: "unknown", reason: "welcome" }],
  [200, "<html>Welcome to the hotel's network</html>", null, { status: "unknown", reason: "http_200" }],
] as const) {
  webhook(`takes ${status} ${body.slice(0, 20) || "without a body"} for ${JSON.stringify(expected)}`, () => {
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
  assert.equal(await postToSlack(at(`${slack.url}/services/T/B/secret`), message), { status: "delivered" });
  assert.is(received, 'POST application/json; charset=utf-8 {"text":"New lead","blocks":[]}');
});

webhook("does not know what became of a message that was never answered", async () => {
  await using slack = await httpServer(() => {});
  assert.equal(await postToSlack(at(slack.url), message, AbortSignal.timeout(50)), {
    status: "unknown",
    reason: "TimeoutError",
  });
});

webhook("does not know what became of a message whose connection broke", async () => {
  await using slack = await httpServer((request) => request.socket.destroy());
  assert.is((await postToSlack(at(slack.url), message)).status, "unknown");
});

webhook("is refused for the moment by a server that is not there", async () => {
  let url = "";
  {
    await using gone = await httpServer(() => {});
    url = gone.url;
  }
  assert.equal(await postToSlack(at(url), message), refused("ECONNREFUSED", "retry"));
});

webhook("is refused for good without a usable URL, and does not show it", async () => {
  assert.equal(
    await postToSlack(at("not a url/secret"), message),
    refused("webhook URL not usable: ERR_INVALID_URL", "giveUp"),
  );
});

webhook("is refused for good when the URL cannot be read", async () => {
  const missing = () => Promise.reject(new SecretMissingError("/leadwire/dev/slack/sales/webhook-url"));
  assert.equal(await postToSlack(missing, message), refused("webhook URL not usable: SecretMissing", "giveUp"));
});

webhook("is refused when the URL is not read in time, or no time is left to post", async () => {
  const alive = setTimeout(() => {}, 1000);
  const silent = () => new Promise<string>(() => {});
  assert.equal(
    await postToSlack(silent, message, AbortSignal.timeout(20)),
    refused("webhook URL not usable: TimeoutError", "giveUp"),
  );
  clearTimeout(alive);
  assert.equal(
    await postToSlack(at("http://127.0.0.1:9"), message, AbortSignal.abort()),
    refused("no_time_left", "giveUp"),
  );
});

webhook.run();
