import { EventEmitter } from "node:events";
import { mock } from "node:test";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadRef, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { LeadAudit } from "../../local/lead-audit.ts";
import type { Platform } from "../../local/platform.ts";
import type { Notification } from "../../local/summary.ts";

const [ada, ben, cem, dan] = ["ada", "ben", "cem", "dan"].map((name) => webhookLeadId("crm", name)) as [
  string,
  string,
  string,
  string,
];

/** A run of fakes, and what its audit says. */
function fakeRun() {
  const [api, crm, slack, gateway, deadLetters] = Array.from({ length: 5 }, () => new EventEmitter());
  const platform = {
    api,
    gateway,
    deadLetters,
    chats: { slack: Object.assign(slack ?? {}, { messages: [1, 2] }) },
    crm: Object.assign(crm ?? {}, { requests: { begun: 5, settled: 4, refused: { 401: 1 } } }),
    denials: { entries: [{ count: 2 }, { count: 1 }] },
  } as unknown as Platform;
  const audit = new LeadAudit(platform);
  const notified: Notification[] = [];
  audit.on("notified", (notification) => notified.push(notification));
  const call = (service: string, operation: string, parameters: object, status = 200) =>
    gateway?.emit("answered", { call: { service, operation, parameters }, answer: { status } });
  return {
    audit,
    notified,
    /** An answer to a request that came at a time. */
    answer: (status: number, at: number, ...ids: string[]) =>
      api?.emit("answered", {
        request: { receivedAt: new Date(at) },
        answer: { status, body: Buffer.from(JSON.stringify(ids.map((id) => `${id}.json`))) },
      }),
    sent: (accepted: boolean, ...leadIds: string[]) => crm?.emit("sent", { accepted, leadIds }),
    put: (Key: string, status?: number) => call("s3", "PutObject", { Key }, status),
    message: (at: number, leadIds: string[], leadRefs: string[] = []) =>
      slack?.emit("message", { at, leadIds, leadRefs }),
    mail: (text: string, status?: number) =>
      call("ses", "SendEmail", { Content: { Simple: { Headers: [{ Name: "Leads", Value: text }] } } }, status),
    /** A letter that says nothing of its lead but its object. */
    crashed: (body: string) => deadLetters?.emit("arrived", { body, messageAttributes: {} }),
    letter: (id: string) =>
      deadLetters?.emit("arrived", { body: "", messageAttributes: { correlationId: { StringValue: id } } }),
  };
}

const audits = suite("the audit of a run's leads");

audits("follows leads from their answers to messages, mails and dead letters", () => {
  const { audit, notified, answer, put, message, mail, letter, crashed } = fakeRun();
  answer(202, 1000, ada, ben, dan);
  answer(401, 1000, cem);
  for (const id of [ada, ben]) put(`${id}.json`);
  put(`enriched/dt=2026-03-01/${ada}.json`);
  put(`outcomes/dt=2026-03-01/${ben}.json`);
  put(`enriched/dt=2026-03-01/${ben}.json`, 503);
  message(1500, [ada], [leadRef(ada), "0123456789ab"]);
  mail(leadRef(ada));
  mail(ben, 400);
  letter(ben);
  crashed(`{"key":"${dan}.json"}`);
  const { wallMs: _, ...summary } = audit.summary("dev");
  assert.equal(summary, {
    env: "dev",
    sent: 5,
    refused: { 401: 1 },
    deniedCalls: 3,
    slackMessages: 2,
    accepted: 3,
    stored: 2,
    enriched: 1,
    slack: 1,
    email: 0,
    deadLettered: 2,
    inProgress: 1,
    lost: 0,
    duplicates: 1,
    latencyMs: { p50: 500, p99: 500, max: 500 },
  });
  assert.equal(
    notified.map(({ leadId, channel }) => [leadId, channel]),
    [
      [ada, "slack"],
      [ada, "email"],
    ],
  );
  assert.is(notified[0]?.milliseconds, 500);
});

audits("takes leads for accepted of which only their source says so, and no smoke test for a lead", () => {
  const { audit, sent, answer, message, notified } = fakeRun();
  sent(true, ada);
  sent(false, ben);
  answer(202, 1000, webhookLeadId("smoke", "test"));
  const { accepted, lost } = audit.summary("dev");
  assert.equal([accepted, lost], [1, 1]);
  assert.is(audit.summary("dev", true).inProgress, 2);
  message(1500, [cem]);
  assert.is(notified[0]?.milliseconds, undefined);
});

audits("has settled when every accepted lead is announced or a dead letter, or when it is told to end", async () => {
  const { audit, answer, message, letter } = fakeRun();
  answer(202, 1000, ada, ben);
  let isSettled = false;
  const settled = audit.settled(1e6).then(() => {
    isSettled = true;
  });
  message(1500, [ada]);
  await Promise.resolve();
  assert.is(isSettled, false);
  letter(ben);
  await settled;
  assert.is(isSettled, true);
  answer(202, 1000, cem);
  const ending = new AbortController();
  const ended = audit.settled(1e6, ending.signal);
  ending.abort();
  await ended;
});

audits("has waited long enough after a time without any progress", async () => {
  const { audit, answer, put } = fakeRun();
  answer(202, 1000, ada);
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    let isSettled = false;
    const settled = audit.settled(1000).then(() => {
      isSettled = true;
    });
    mock.timers.tick(900);
    put(`${ada}.json`);
    mock.timers.tick(999);
    await Promise.resolve();
    assert.is(isSettled, false);
    mock.timers.tick(1);
    await settled;
  } finally {
    mock.timers.reset();
  }
});

audits.run();
