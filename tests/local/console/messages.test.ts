import type { AlarmStatus, Mail } from "local-aws";
import { snsSender } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { consoleApp } from "../../../local/console/app.ts";
import type { ConsoleContext } from "../../../local/console/context.ts";
import type { AlarmNow } from "../../../local/console/shapes/alarms.ts";
import type { MailsView, MailView } from "../../../local/console/shapes/mail.ts";
import type { SlackChannel, SlackMessage } from "../../../local/console/shapes/slack.ts";
import { Slack } from "../../../local/slack/slack.ts";
import { firstSnapshot } from "./first-snapshot.ts";

const slack = new Slack("up");
for (const channel of ["sales", "vip"]) slack.webhookUrl(channel);
for (let number = 1; number <= 60; number += 1) {
  const payload = { text: `message ${number}`, blocks: [{ type: "divider" }] };
  slack.messages.push({ number, channel: "sales", at: number, leadIds: [], leadRefs: [], payload });
}

const mailOf = (messageId: string, changes: Partial<Mail>): Mail => ({
  messageId,
  at: 100,
  from: "leads@example.com",
  replyTo: [],
  destination: { to: ["team@example.com"], cc: [], bcc: [] },
  subject: `Subject ${messageId}`,
  body: { text: "text" },
  ...changes,
});
const html = "<!doctype html><html><head></head><body><script>alert(1)</script></body></html>";
const mails = [
  mailOf("one", {
    body: { text: "text", html },
    replyTo: ["reply@example.com"],
    destination: { to: ["team@example.com"], cc: ["cc@example.com"], bcc: ["bcc@example.com"] },
    headers: [{ name: "X-Leads", value: "crm-1" }],
  }),
  mailOf("two", { from: snsSender }),
  mailOf("three", {}),
];

const alarm = {
  name: "leadwire-dev-depth",
  description: "Meaning. First step.",
  metric: { namespace: "AWS/SQS", name: "Depth", dimensions: {} },
  statisticName: "Maximum",
  comparison: { words: "greater than" },
  threshold: 2,
  evaluationPeriods: 3,
  datapointsToAlarm: undefined,
  periodSeconds: 60,
  actions: { OK: [], ALARM: ["arn:aws:sns:eu-central-1:1:leadwire-dev-alarms"], INSUFFICIENT_DATA: [] },
};
const alarms = [
  {
    alarm,
    state: "ALARM",
    changed: {
      from: "OK",
      to: "ALARM",
      reason: "Threshold Crossed: 1 datapoint [4.0 (27/11/26 13:14:30)] was greater.",
      at: new Date(5000),
    },
    datapoints: [{ at: new Date(Date.now() - 10_000), value: 1 / 3 }],
  },
  { alarm: { ...alarm, actions: { ALARM: ["arn:leadwire-dev-notices"] } }, state: "OK", datapoints: [] },
] as unknown as readonly AlarmStatus[];

const platform = { slack, mails: () => mails, monitoring: { alarms } };
const app = consoleApp({ environment: "dev", platform } as unknown as ConsoleContext);

const json = async <T>(path: string) => (await (await app.request(path)).json()) as T;
const snapshot = <T>(path: string) => firstSnapshot<T>(app, path);

const messages = suite("the console's pages of messages");

messages("Slack: lists every channel, with its latest message and no trouble while Slack is up", async () => {
  assert.equal(await snapshot<SlackChannel[]>("/api/slack/live"), [
    { name: "sales", count: 60, latest: 60 },
    { name: "vip", count: 0, latest: 0 },
  ]);
});

messages("Slack: gives the latest 50 messages of a channel, or those after a number", async () => {
  const latest = await json<SlackMessage[]>("/api/slack/messages/sales");
  assert.equal([latest.length, latest[0]?.number, latest.at(-1)?.number], [50, 11, 60]);
  assert.equal(await json("/api/slack/messages/sales?after=59"), [
    { number: 60, at: 60, text: "message 60", blocks: [{ type: "divider" }] },
  ]);
  assert.equal(await json("/api/slack/messages/vip"), []);
});

messages("Slack: says what is wrong in every mode but up, and of the channel that fails alone", async () => {
  const trouble = async () => (await snapshot<SlackChannel[]>("/api/slack/live")).map((channel) => channel.trouble);
  for (const mode of ["down", "limited", "slow", "resetting", "silent", "uncertain"] as const) {
    slack.mode = mode;
    for (const one of await trouble()) assert.match(one ?? "", "Slack ");
  }
  slack.mode = "up";
  for (const [failure, said] of [
    ["answered 5xx", "every message is answered with 503"],
    ["silent", "it takes messages and answers nothing"],
  ] as const) {
    slack.failureOf = (channel) => (channel === "vip" ? failure : undefined);
    const [sales, vip] = await trouble();
    assert.is(sales, undefined);
    assert.match(vip ?? "", said);
  }
  slack.failureOf = () => undefined;
});

messages("Mail: keeps sales mail and alarm mail apart, the newest first", async () => {
  const sales = await snapshot<MailsView>("/api/mail/live/sales");
  assert.equal(sales.counts, { sales: 2, alarms: 1 });
  assert.equal(sales.mails, [
    { id: "three", at: 100_000, to: "team@example.com", subject: "Subject three" },
    { id: "one", at: 100_000, to: "team@example.com", subject: "Subject one" },
  ]);
  const { counts, mails: ofAlarms } = await snapshot<MailsView>("/api/mail/live/alarms");
  assert.equal([counts, ofAlarms.map(({ id }) => id)], [{ sales: 2, alarms: 1 }, ["two"]]);
});

messages("Mail: gives text and headers as data, and the HTML as a document in which nothing runs", async () => {
  const { hasHtml, text, headers } = await json<MailView>("/api/mail/message/one");
  assert.equal([hasHtml, text], [true, "text"]);
  assert.equal(headers.split("\n"), [
    ...["From: leads@example.com", "To: team@example.com", "Cc: cc@example.com", "Bcc: bcc@example.com"],
    ...["Reply-To: reply@example.com", "Subject: Subject one", "Date: Thu, 01 Jan 1970 00:01:40 GMT"],
    "X-Leads: crm-1",
  ]);
  const { headers: few } = await json<MailView>("/api/mail/message/three");
  assert.not.match(few, /Cc|Reply-To/);

  const answer = await app.request("/api/mail/message/one/html");
  assert.is(await answer.text(), html.replace("<head>", '<head><base target="_blank">'));
  assert.is(
    answer.headers.get("content-security-policy"),
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
  );
  assert.is(answer.headers.get("x-content-type-options"), "nosniff");
});

messages("Mail: lists the latest 100 mails", async () => {
  mails.push(...Array.from({ length: 120 }, (_, number) => mailOf(String(number), {})));
  const { mails: listed } = await snapshot<MailsView>("/api/mail/live/sales");
  mails.splice(-120);
  assert.equal([listed.length, listed[0]?.id, listed.at(-1)?.id], [100, "119", "20"]);
});

messages("Mail: says that a mail is gone, or has no HTML", async () => {
  assert.is((await json<MailView>("/api/mail/message/three")).hasHtml, false);
  for (const path of ["other", "other/html", "three/html"]) {
    const answer = await app.request(`/api/mail/message/${path}`);
    assert.equal([answer.status, await answer.json()], [404, { error: "This mail is no longer kept." }]);
  }
});

messages("Alarms: says what each is about and whom it reaches", async () => {
  const about = {
    name: "leadwire-dev-depth",
    description: "Meaning. First step.",
    condition: "AWS/SQS Depth: Maximum of 60 s greater than 2, in 3 of 3 periods",
    threshold: 2,
  };
  assert.equal(await json("/api/alarms"), [
    { ...about, severity: "page" },
    { ...about, severity: "email" },
  ]);
});

messages("Alarms: follows state, latest change and the metric", async () => {
  const [first, second] = await snapshot<AlarmNow[]>("/api/alarms/live");
  assert.equal(first?.changed, { at: 5000, from: "OK", reason: "Threshold Crossed: 1 datapoint was greater." });
  const [[ago = 0, value] = []] = first?.points ?? [];
  assert.ok(ago >= 9 && ago <= 30, `${ago} s ago`);
  assert.equal([first?.state, value], ["ALARM", 0.3333]);
  assert.equal(second, { state: "OK", points: [] });
});

messages.run();
