import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classifySlackAnswer, slackRefusals } from "../../../../../functions/notify/channels/slack/classify.ts";

const refused = (reason: string, remedy: object) => ({ status: "refused", reason, ...remedy });
const unknown = (reason: string) => ({ status: "unknown", reason });
const limited = (retryAfterSeconds: number) => ({
  status: "refused",
  reason: "rate_limited",
  remedy: "wait",
  retryAfterSeconds,
});

const slack = suite("slack answers");

const words = [
  ["invalid_payload", 400, "fault"],
  ["invalid_blocks", 400, "fault"],
  ["invalid_blocks_format", 400, "fault"],
  ["invalid_attachments", 400, "fault"],
  ["msg_too_long", 400, "fault"],
  ["msg_blocks_too_long", 400, "fault"],
  ["no_text", 400, "fault"],
  ["too_many_attachments", 400, "fault"],
  ["message_limit_exceeded", 403, "needsPerson"],
  ["user_not_found", 400, "needsPerson"],
  ["action_prohibited", 403, "needsPerson"],
  ["posting_to_general_channel_denied", 403, "needsPerson"],
  ["invalid_token", 403, "needsPerson"],
  ["channel_not_found", 404, "needsPerson"],
  ["no_service", 404, "needsPerson"],
  ["no_service_id", 404, "needsPerson"],
  ["no_active_hooks", 404, "needsPerson"],
  ["no_team", 404, "needsPerson"],
  ["team_disabled", 403, "needsPerson"],
  ["channel_is_archived", 410, "needsPerson"],
] as const;

for (const [word, status, kind] of words) {
  slack(
    `${status} ${word} is ${kind} and proves that nobody saw the message, and ${word} of a server in trouble does not`,
    () => {
      assert.equal(
        classifySlackAnswer({ status, body: word, retryAfter: null }),
        refused(word, { remedy: "giveUp", kind }),
      );
      assert.equal(classifySlackAnswer({ status: 502, body: word, retryAfter: null }), unknown(word));
    },
  );
}

slack("the table of Slack's words is tested as a whole", () => {
  assert.equal(
    words.map(([word]) => word),
    Object.keys(slackRefusals),
  );
});

for (const [status, body, retryAfter, expected] of [
  [200, "ok", null, { status: "delivered" }],
  [429, "", "30", limited(30)],
  [429, "rate_limited", null, limited(1)],
  [429, "rate_limited", "soon", limited(1)],
  [429, "rate_limited", "9999999", limited(900)],
  [429, "<html>Too many requests</html>", "2", limited(2)],
  [500, "rollup_error", null, refused("rollup_error", { remedy: "retry" })],
  [500, "fatal_error", null, unknown("fatal_error")],
  [500, "internal_error", null, unknown("internal_error")],
  [500, "", null, unknown("http_500")],
  [502, "<html>Bad gateway</html>", null, unknown("http_502")],
  [503, "<html>Service unavailable</html>", null, unknown("http_503")],
  [503, "service_unavailable", "120", unknown("service_unavailable")],
  [504, "", null, unknown("http_504")],
  [400, "", null, unknown("http_400")],
  [403, "<html>Forbidden</html>", null, unknown("http_403")],
  [404, "<html>Jane Roe</html>", null, unknown("http_404")],
  [404, "a".repeat(60), null, unknown("a".repeat(60))],
  [404, "a".repeat(61), null, unknown("http_404")],
  [408, "", null, unknown("http_408")],
  [408, "request_timeout", null, unknown("request_timeout")],
  [421, "", null, unknown("http_421")],
  [499, "", null, unknown("http_499")],
  [302, "", null, unknown("http_302")],
  [201, "ok", null, unknown("ok")],
  [200, "no_service", null, unknown("no_service")],
  [200, "welcome", null, unknown("welcome")],
  [200, "<html>Welcome to the hotel's network</html>", null, unknown("http_200")],
] as const) {
  slack(`${status} ${body.slice(0, 20) || "without a body"} ${retryAfter ?? ""} is ${JSON.stringify(expected)}`, () => {
    assert.equal(classifySlackAnswer({ status, body, retryAfter }), expected);
  });
}

slack.run();
