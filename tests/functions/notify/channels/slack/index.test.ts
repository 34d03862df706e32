import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackCard } from "../../../../../functions/notify/channels/slack/card.ts";
import { slackDigest } from "../../../../../functions/notify/channels/slack/digest.ts";
import { openSlack } from "../../../../../functions/notify/channels/slack/index.ts";
import { Variable } from "../../../../../functions/runtime/names.ts";
import { MissingSettingError } from "../../../../../functions/runtime/settings.ts";
import { failureOf } from "../../../../helpers/failure.ts";
import { recordedLog } from "../../../../helpers/fakes.ts";
import { httpServer } from "../../../../helpers/http-server.ts";
import { enrichedLead } from "../../../../helpers/leads.ts";

const settings = {
  defaultChannel: "sales",
  routes: [],
  webhookParameters: { sales: "/sales/webhook-url", emea: "/emea/webhook-url" },
  patienceSeconds: 10,
};
const one = { lead: enrichedLead(), mayBeRepeat: false };
const never = new AbortController().signal;

/** Opens Slack with the settings. Each parameter holds the server's URL and its own name as the path. */
const open = (url = "") =>
  openSlack({
    variable: <Value>(name: string) => (name === Variable.slack ? settings : undefined) as Value,
    secret: async (parameter) => `${url}${parameter}`,
    log: recordedLog(),
  });

const slack = suite("open Slack");

slack("waits for as many seconds as the settings say", () => {
  assert.is(open().patienceMilliseconds, 10_000);
});

slack("composes a card for one lead and a digest for several", () => {
  const { compose } = open();
  assert.equal(compose([one]), slackCard(one));
  assert.equal(compose([one, one]), slackDigest([one, one]));
});

slack("posts to the webhook of the destination", async () => {
  const asked: unknown[] = [];
  await using server = await httpServer((request, response) => {
    asked.push(request.url);
    response.end("ok");
  });
  const { post, classify } = open(server.url);
  assert.equal(classify(await post("emea", slackCard(one), never)), { status: "delivered" });
  assert.equal(asked, ["/emea/webhook-url"]);
});

slack("throws for a destination without a webhook, which is a fault of the stack", async () => {
  const error = await failureOf(open().post("nowhere", slackCard(one), never));
  assert.instance(error, MissingSettingError);
  assert.match(error.message, "SLACK names no webhook for nowhere");
});

slack.run();
