import { json } from "node:stream/consumers";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackCard } from "../../../../../functions/notify/channels/slack/card.ts";
import { slackDigest } from "../../../../../functions/notify/channels/slack/digest.ts";
import { openSlack } from "../../../../../functions/notify/channels/slack/index.ts";
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
    variable: <Value>(name: string) => (name === "SLACK" ? settings : undefined) as Value,
    secret: async (parameter) => `${url}${parameter}`,
    log: recordedLog(),
  });

const slack = suite("open Slack");

slack("waits for as many seconds as the settings say", () => {
  assert.is(open().patienceMilliseconds, 10_000);
});

slack("posts a card for one lead and a digest for several to the webhook of the destination", async () => {
  const received: unknown[] = [];
  await using server = await httpServer(async (request, response) => {
    received.push(request.url, await json(request));
    response.end("ok");
  });
  const { post } = open(server.url);
  assert.equal(await post({ destination: "emea", leads: [one] }, never), { status: "delivered" });
  assert.equal(await post({ destination: "sales", leads: [one, one] }, never), { status: "delivered" });
  assert.equal(received, ["/emea/webhook-url", slackCard(one), "/sales/webhook-url", slackDigest([one, one])]);
});

slack("takes the answer by Slack's rules", async () => {
  await using server = await httpServer((_, response) => response.writeHead(404).end("no_service"));
  const outcome = await open(server.url).post({ destination: "emea", leads: [one] }, never);
  assert.equal(outcome, { status: "refused", reason: "no_service", remedy: "giveUp", kind: "needsPerson" });
});

slack("throws for a destination without a webhook, which is a fault of the stack", async () => {
  const error = await failureOf(open().post({ destination: "nowhere", leads: [one] }, never));
  assert.instance(error, MissingSettingError);
  assert.match(error.message, "SLACK names no webhook for nowhere");
});

slack.run();
