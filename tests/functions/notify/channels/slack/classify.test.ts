import { suite } from "uvu";
import * as assert from "uvu/assert";
import { classifySlackAnswer } from "../../../../../functions/notify/channels/slack/classify.ts";

const refused = (reason: string, remedy: "retry" | "giveUp") => ({ status: "refused", reason, remedy });
const unknown = (reason: string) => ({ status: "unknown", reason });
const limited = (retryAfterSeconds: number) => ({
  status: "refused",
  reason: "rate_limited",
  remedy: "wait",
  retryAfterSeconds,
});

const slack = suite("slack answers");

for (const [status, body, retryAfter, expected] of [
  [200, "ok", null, { status: "delivered" }],
  [429, "", "30", limited(30)],
  [429, "rate_limited", null, limited(1)],
  [429, "rate_limited", "soon", limited(1)],
  [400, "invalid_payload", null, refused("invalid_payload", "giveUp")],
  [403, "action_prohibited", null, refused("action_prohibited", "giveUp")],
  [404, "no_service", null, refused("no_service", "giveUp")],
  [404, "<html>Jane Roe</html>", null, refused("http_404", "giveUp")],
  [410, "channel_is_archived", null, refused("channel_is_archived", "giveUp")],
  [500, "rollup_error", null, refused("rollup_error", "retry")],
  [503, "<html>Service unavailable</html>", null, refused("http_503", "retry")],
  [500, "", null, unknown("http_500")],
  [502, "<html>Bad gateway</html>", null, unknown("http_502")],
  [504, "", null, unknown("http_504")],
  [302, "", null, refused("http_302", "giveUp")],
  [201, "ok", null, unknown("ok")],
  [200, "welcome", null, unknown("welcome")],
  [200, "<html>Welcome to the hotel's network</html>", null, unknown("http_200")],
  [404, "a".repeat(60), null, refused("a".repeat(60), "giveUp")],
  [404, "a".repeat(61), null, refused("http_404", "giveUp")],
] as const) {
  slack(`${status} ${body.slice(0, 20) || "without a body"} ${retryAfter ?? ""} is ${JSON.stringify(expected)}`, () => {
    assert.equal(classifySlackAnswer({ status, body, retryAfter }), expected);
  });
}

slack.run();
