import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EnrichedLead } from "../../../functions/lead/enriched-lead.ts";
import { webhookLeadId } from "../../../functions/lead/lead-id.ts";
import type { Announce } from "../../../functions/notify/announce.ts";
import { type PeopleSettings, recognizingPeople } from "../../../functions/notify/people.ts";
import type { ClaimedLead } from "../../../functions/notify/prepare.ts";
import { awsError, recordedLog } from "../../helpers/fakes.ts";
import { bareLead } from "../../helpers/leads.ts";
import { counted, ledgerTable } from "../../helpers/ledger-table.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

const start = Date.parse("2026-05-03T12:00:00.000Z");
const day = 86_400_000;
const table = await ledgerTable();
let clock = start;
/** No two tests know the same people. */
let test = 0;

const people = suite("people");

people.after(() => table.stop());
people.before.each(() => {
  clock = start;
  test += 1;
});

const email = (name: string) => ({
  address: `${name}@${test}.example`,
  domain: `${test}.example`,
  freeMail: false,
  disposable: false,
});
const phone = (digit: number, extension?: string) => ({
  e164: `+4930${test}00000${digit}`,
  ...(extension && { extension }),
});

/** A lead with an id of its own that was received now. */
const leadOf = (name: string, changes: Partial<EnrichedLead> = {}): EnrichedLead => {
  const { phone: _, ...bare } = bareLead();
  const receivedAt = new Date(clock).toISOString();
  return { ...bare, id: webhookLeadId("crm", test, name), source: "crm", receivedAt, ...changes };
};
const claimed = (lead: EnrichedLead): ClaimedLead => ({
  lead,
  destination: "sales",
  claim: { ids: [], claimant: "me" },
  message: { messageId: "m", receiptHandle: "r", body: "", receiveCount: 1, attempt: 1, firstAttemptAt: undefined },
  mayBeRepeat: false,
  wasInterrupted: false,
});

type Seen = readonly (string | undefined)[];

/** Announces leads with a memory for people. Each answer says which source each lead's person was seen at before. */
function setUp(
  dynamo: Pick<DynamoDBClient, "send"> = table.dynamo,
  form: PeopleSettings["form"] = "card",
  limits = { look: 60_000, write: 60_000 },
) {
  const log = recordedLog();
  let during: () => Promise<Awaited<ReturnType<Announce>>> = async () => "announced";
  let seen: Seen = [];
  const announce = recognizingPeople(
    async (_destination, leads) => {
      seen = leads.map(
        ({ seenBefore }) => seenBefore && `${seenBefore.isLine ? "line: " : ""}${seenBefore.sourceTitle}`,
      );
      return during();
    },
    { days: 90, form },
    { dynamo: dynamo as DynamoDBClient, table: "ledger", log, now: () => clock, limits },
  );
  const run = async (leads: readonly EnrichedLead[], { destination = "sales", latest = clock + 60_000 } = {}) => {
    const [first, ...rest] = leads.map(claimed);
    assert.ok(first);
    const outcome = await announce(destination, [first, ...rest], clock, latest);
    return { outcome, seen };
  };
  return {
    log,
    run,
    seen: async (...leads: readonly EnrichedLead[]): Promise<Seen> => (await run(leads)).seen,
    meanwhile: (work: typeof during) => {
      during = work;
    },
  };
}

for (const [what, first, second, expected] of [
  ["the same address", () => ({ email: email("a") }), () => ({ email: email("a") }), "Google Ads"],
  ["the same number", () => ({ phone: phone(1) }), () => ({ phone: phone(1) }), "Google Ads"],
  [
    "an address that was a further one",
    () => ({ email: email("a"), otherEmails: [email("b").address] }),
    () => ({ email: email("b") }),
    "Google Ads",
  ],
  [
    "a number that is a further one now",
    () => ({ phone: phone(1) }),
    () => ({ phone: phone(2), otherPhones: [phone(1)] }),
    "Google Ads",
  ],
  [
    "another address and number",
    () => ({ email: email("a"), phone: phone(1) }),
    () => ({ email: email("b"), phone: phone(2) }),
    undefined,
  ],
  ["another extension", () => ({ phone: phone(1, "7") }), () => ({ phone: phone(1, "8") }), undefined],
] as const) {
  people(`a lead with ${what} is ${expected ? "the same person again" : "another person"}`, async () => {
    const { seen } = setUp();
    assert.equal(await seen(leadOf("one", { sourceTitle: "Google Ads", ...first() })), [undefined]);
    assert.equal(await seen(leadOf("two", second())), [expected]);
  });
}

people("a person is known by another execution environment, with the last lead's source and time", async () => {
  await setUp().seen(leadOf("one", { sourceTitle: "Google Ads", email: email("a") }));
  clock += day;
  await setUp().seen(leadOf("two", { sourceTitle: "Typeform", email: email("a") }));
  clock += day;
  assert.equal(await setUp().seen(leadOf("three", { email: email("a") })), ["Typeform"]);
});

people("a person who is known by several leads was seen with the last one", async () => {
  const { seen } = setUp();
  await seen(leadOf("one", { sourceTitle: "Google Ads", email: email("a") }));
  clock += day;
  await seen(leadOf("two", { sourceTitle: "Typeform", phone: phone(1) }));
  clock -= day / 2;
  await seen(leadOf("three", { sourceTitle: "HubSpot", phone: phone(2) }));
  clock += day;
  const otherPhones = [phone(1)];
  assert.equal(await seen(leadOf("four", { email: email("a"), phone: phone(2), otherPhones })), ["Typeform"]);
});

people("a look has a second and a write half of one", async () => {
  using time = recordedTimeLimits(() => new AbortController().signal);
  const announce = recognizingPeople(
    async () => "announced",
    { days: 90, form: "card" },
    { dynamo: table.dynamo, table: "ledger", log: recordedLog(), now: () => clock },
  );
  await announce("sales", [claimed(leadOf("one", { email: email("a") }))], clock, clock + 60_000);
  assert.equal(time.limits, [1000, 500]);
});

people("a lead of a file is remembered by the same title as its card has", async () => {
  const { seen } = setUp();
  await seen(leadOf("one", { source: "file", email: email("a") }));
  assert.equal(await seen(leadOf("two", { email: email("a") })), ["File"]);
});

people("a person is forgotten after the days of the settings, and not before", async () => {
  const { seen } = setUp();
  await seen(leadOf("one", { email: email("a") }));
  await seen(leadOf("two", { email: email("b") }));
  clock += 90 * day - 1000;
  assert.equal(await seen(leadOf("three", { email: email("a") })), ["crm"]);
  clock += 2000;
  assert.equal(await seen(leadOf("four", { email: email("b") })), [undefined]);
});

people("the same lead is not the same person again, and says again what it said before", async () => {
  const { seen } = setUp();
  const [one, two] = [
    leadOf("one", { sourceTitle: "Google Ads", email: email("a") }),
    leadOf("two", { email: email("a") }),
  ];
  assert.equal([await seen(one), await seen(one)], [[undefined], [undefined]]);
  assert.equal([await seen(two), await seen(two)], [["Google Ads"], ["Google Ads"]]);
});

people("a lead that no channel took is not remembered", async () => {
  const { seen, meanwhile, run } = setUp();
  meanwhile(async () => ({ kind: "unavailable", cause: {} }));
  const { outcome } = await run([leadOf("one", { email: email("a") })]);
  assert.equal(outcome, { kind: "unavailable", cause: {} });
  meanwhile(() => Promise.reject(new TypeError("broken")));
  await run([leadOf("two", { email: email("a") })]).catch(() => {});
  meanwhile(async () => "announced");
  assert.equal(await seen(leadOf("three", { email: email("a") })), [undefined]);
});

people(
  "of two leads of a person in a message, the one that came later is the second, whatever their order",
  async () => {
    const { seen } = setUp();
    const first = leadOf("one", { sourceTitle: "Google Ads", email: email("a") });
    clock += 1000;
    const second = leadOf("two", { sourceTitle: "Typeform", email: email("a") });
    assert.equal(await seen(second, first), ["Google Ads", undefined]);
    assert.equal(await seen(leadOf("three", { email: email("a") })), ["Typeform"]);
  },
);

people("two leads of a person that are announced at the same time at two destinations know each other", async () => {
  const { run, meanwhile } = setUp(table.dynamo, "line");
  const both = Promise.withResolvers<"announced">();
  let begun = 0;
  meanwhile(() => {
    begun += 1;
    if (begun === 2) both.resolve("announced");
    return both.promise;
  });
  const one = run([leadOf("one", { sourceTitle: "Google Ads", email: email("a") })]);
  const two = run([leadOf("two", { sourceTitle: "Typeform", email: email("a") })], { destination: "vip" });
  await Promise.all([one, two]);
  const { seen } = await two;
  assert.equal(seen.length, 1);
  assert.ok(["Google Ads", "Typeform"].includes(String(seen[0])), "and it is a card, because nobody saw one there");
});

people("a line is enough where people saw the earlier lead, and another destination gets a card", async () => {
  const { run } = setUp(table.dynamo, "line");
  const lead = (name: string) => leadOf(name, { email: email("a") });
  assert.equal((await run([lead("one")])).seen, [undefined]);
  assert.equal((await run([lead("two")])).seen, ["line: crm"]);
  assert.equal((await run([lead("three")], { destination: "vip" })).seen, ["crm"]);
  assert.equal((await run([lead("four")], { destination: "vip" })).seen, ["line: crm"]);
});

people("a test lead is no person, and does not make one", async () => {
  const { seen } = setUp();
  await seen(leadOf("one", { email: email("a"), test: true }));
  assert.equal(await seen(leadOf("two", { email: email("a") })), [undefined]);
  assert.equal(await seen(leadOf("three", { email: email("a"), test: true })), [undefined]);
});

people("leads of a message cost one look, and a write for each 25 contacts", async () => {
  const { calls, dynamo } = counted(table.dynamo);
  const { seen } = setUp(dynamo);
  await seen(leadOf("one", { email: email("a"), phone: phone(1) }));
  assert.equal(calls.splice(0), ["BatchGetItemCommand", "BatchWriteItemCommand"]);
  await seen(...Array.from({ length: 50 }, (_, index) => leadOf(`more ${index}`, { email: email(`m${index}`) })));
  assert.equal(calls, ["BatchGetItemCommand", "BatchWriteItemCommand", "BatchWriteItemCommand"]);
});

people("leads of which each has many contacts are looked up in parts", async () => {
  const otherEmails = ["b", "c", "d", "e", "f"];
  const many = (kind: string) =>
    Array.from({ length: 50 }, (_, index) =>
      leadOf(`${kind} ${index}`, {
        email: email(`a${index}`),
        otherEmails: otherEmails.map((name) => email(`${name}${index}`).address),
      }),
    );
  const { seen } = setUp();
  await seen(...many("first"));
  assert.equal(
    await seen(...many("second")),
    Array.from({ length: 50 }, () => "crm"),
  );
});

people(
  "leads are announced without it when the table fails, is slow, or there is no time, and the log names nobody",
  async () => {
    await setUp().seen(leadOf("one", { email: email("a") }));
    const failing = setUp({ send: () => Promise.reject(awsError("ThrottlingException", 400)) });
    assert.equal(await failing.seen(leadOf("two", { email: email("a") })), [undefined]);
    assert.equal(
      failing.log.lines.map(({ level, message, context }) => [level, message, context.errorClass]),
      [
        ["warn", "people not looked up, leads are announced without it", "ThrottlingException"],
        ["warn", "people not remembered, their next leads do not say so", "ThrottlingException"],
      ],
    );
    assert.not.match(JSON.stringify(failing.log.lines), /example|person#/);
    const { calls, dynamo } = counted(table.dynamo);
    const late = setUp(dynamo);
    assert.equal((await late.run([leadOf("three", { email: email("a") })], { latest: clock })).seen, [undefined]);
    assert.equal(calls, ["BatchWriteItemCommand"]);
  },
);

people("a look that is not answered ends within the time of the post", async () => {
  const silent = ((_command: unknown, { abortSignal }: { readonly abortSignal: AbortSignal }) =>
    new Promise((_, reject) => abortSignal.addEventListener("abort", () => reject(abortSignal.reason)))) as never;
  const { run, log } = setUp({ send: silent }, "card", { look: 60_000, write: 1 });
  // Timers of a signal do not keep the process alive.
  const alive = setInterval(() => {}, 1000);
  assert.is((await run([leadOf("one", { email: email("a") })], { latest: clock + 50 })).outcome, "announced");
  clearInterval(alive);
  assert.equal(
    log.lines.map(({ context }) => context.errorClass),
    ["TimeoutError", "TimeoutError"],
  );
});

people("the table holds hashes of people and no address, number or name", async () => {
  const lead = leadOf("one", { email: email("jane.roe"), phone: phone(1), name: { full: "Jane Roe" } });
  await setUp().seen(lead);
  const { Items = [] } = await table.dynamo.send(new ScanCommand({ TableName: "ledger" }));
  const own = Items.filter((item) => item.lead?.S === lead.id);
  assert.is(own.length, 2);
  for (const item of own) {
    assert.equal(Object.keys(item).sort(), ["destination", "expiresAt", "id", "lead", "receivedAt", "source"]);
    assert.match(item.id?.S ?? "", /^person#[0-9a-f]{40}$/);
    assert.is(item.expiresAt?.N, String(start / 1000 + 90 * 86_400));
  }
  assert.not.match(JSON.stringify(own), /jane|roe|4930|example/i);
});

people.run();
