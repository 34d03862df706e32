import { hash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { memberLeadId, rawKey, rawObjectLeadId, webhookLeadId } from "../../functions/lead/lead-id.ts";
import { isIndexed } from "../../functions/lead-index/items.ts";
import { erase } from "../../ops/commands/erase.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { failureOf } from "../helpers/failure.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { FakePipeline, pipeline, settings } from "./erase-fixtures.ts";
import { run, runLine } from "./ops-fixtures.ts";

const { leads, notifications } = pipeline.queues;
const plain = { phone: undefined, otherEmails: [], otherPhones: [], name: undefined };
const email = (address: string) => ({ address, domain: "acme.example", freeMail: false, disposable: false });
/** A lead with an email address and nothing else of a person. */
const leadOf = (number: number, address = "jane@acme.example", changes = {}) =>
  enrichedLead({ ...plain, id: webhookLeadId("website", number), email: email(address), ...changes });
const fileId = (key: string, text: string) => rawObjectLeadId(key, hash("md5", text));
const counts = (printed: string) =>
  [...printed.matchAll(/(?:deleted|would delete) (\d+)/g)].map(([, count]) => Number(count));
/** What is printed of the steps that delete. */
const steps = (counts: readonly number[], verb = "deleted") =>
  [
    ...["versions of raw objects", "versions of fetched and enriched objects", "dead letters", "lines of outcomes"],
    ...["items of the ledger", "items of the lead index"],
  ].map((what, index) => `${verb} ${counts[index]} ${what}`);

/** Two announced leads of Jane, one of them in a digest with John's. */
function janeAndJohn() {
  const fake = new FakePipeline();
  const [first, second, john] = [leadOf(1), leadOf(2), leadOf(3, "john@acme.example")];
  for (const lead of [first, second, john]) fake.announce(lead);
  // The first line of its object was written more than a minute before.
  fake.outcomes("outcomes/dt=2026-03-01/115859999-1.json", first.id);
  fake.outcomes("outcomes/dt=2026-03-01/120159999-2.json", second.id, john.id);
  fake.deadLetter(notifications.deadLettersUrl, `enriched/dt=2026-03-01/${first.id}.json`);
  return { fake, first, second, john };
}

const erasing = suite("ops erase");

erasing("deletes all that is stored of a person, and nothing of others", async () => {
  const { fake, first, second, john } = janeAndJohn();
  const other = new FakePipeline();
  other.announce(john);
  // An object of others in the same minute keeps all of its versions.
  for (const one of [fake, other, fake, other]) one.outcomes("outcomes/dt=2026-03-01/120003000-4.json", john.id);
  other.outcomes("outcomes/dt=2026-03-01/120159999-2.json", john.id);
  const { printed, warned, code } = await fake.erase("Jane <JANE@Acme.example>");
  assert.equal([code, warned], [0, ""]);
  const record = fake.entries.pop();
  const [one, two, ...lines] = printed.split("\n");
  assert.equal([one, two].sort(), [first.id, second.id].sort());
  assert.equal(lines, [
    ...steps([2, 2, 1, 2, 3, 4]),
    `record: ${record?.key}`,
    "Not deleted: Slack messages, sent emails, copies in a warehouse, and Athena's results until they expire.",
  ]);
  const sorted = (one: FakePipeline) => one.all().split("\n").sort();
  assert.equal(sorted(fake), sorted(other));
  assert.match(record?.key ?? "", /^erasures\/\d{8}T\d{9}Z\.json$/);
  const { deleted, ...rest } = JSON.parse(record?.text ?? "");
  assert.equal(rest, { erasedAt: "2026-03-05T12:00:00.000Z", accessKeyId: "ASIAEXAMPLE", leads: 2 });
  assert.is(deleted["dead letters"], 1);
});

erasing("deletes raw leads, then enriched ones, then what knows of them, and waits for functions between", async () => {
  const { fake } = janeAndJohn();
  await fake.erase("jane@acme.example");
  const kinds = fake.calls.filter((call) => call !== "wait 0").map((call) => call.replace(/(?<= \w+)[/-].*/, ""));
  assert.equal(
    kinds.filter((kind, index) => kind !== kinds[index - 1]),
    [
      "BatchWriteItem ",
      "DeleteObject website",
      "wait 10",
      "DeleteObject enriched",
      "wait 30",
      "DeleteMessage",
      "PutObject outcomes",
      "DeleteObject outcomes",
      "DeleteItem ledger",
      "wait 12",
      "DeleteItem index",
      "PutObject erasures",
    ],
  );
});

erasing("waits for the index's function too, if it may take longer than notify", async () => {
  const { fake } = janeAndJohn();
  await fake.erase("jane@acme.example", { indexSeconds: 40 });
  assert.equal(
    fake.calls.filter((call) => /^wait [1-9]/.test(call)),
    ["wait 10", "wait 40", "wait 40"],
  );
  const without = new FakePipeline();
  without.announce(leadOf(1));
  await without.erase("jane@acme.example");
  assert.equal(
    without.calls.filter((call) => /^wait [1-9]/.test(call)),
    ["wait 10", "wait 30"],
  );
});

erasing("remembers for as long as leads are kept what an interrupted run was to delete", async () => {
  const { fake } = janeAndJohn();
  fake.fault = (name) => {
    if (name === "DeleteObject") throw new Error("interrupted");
  };
  await failureOf(fake.erase("jane@acme.example"));
  fake.fault = () => {};
  const { printed } = await fake.erase("jane@acme.example", { dryRun: true });
  assert.equal(counts(printed), [2, 2, 1, 2, 3, 4], "what an earlier run remembered counts once");
  const seconds = Date.parse("2026-03-05T12:00:00Z") / 1000 + settings.leadRetentionDays * 86_400;
  assert.match(fake.all(), `"expiresAt":{"N":"${seconds}"}`);
});

erasing("--dry-run changes nothing, and counts the same", async () => {
  const { fake } = janeAndJohn();
  const before = fake.all();
  const { printed, code } = await fake.erase("jane@acme.example", { dryRun: true });
  const lines = printed.split("\n").slice(2, -1);
  assert.equal([code, lines, fake.all(), fake.calls], [0, steps([2, 2, 1, 2, 3, 4], "would delete"), before, []]);
  assert.equal(fake.sqs.visible(notifications.deadLettersUrl).length, 1);
});

erasing("finds nothing a second time, and ends with 0", async () => {
  const { fake } = janeAndJohn();
  await fake.erase("jane@acme.example");
  fake.calls.splice(0);
  const { printed, code } = await fake.erase("jane@acme.example");
  assert.equal([code, counts(printed)], [0, [0, 0, 0, 0, 0, 0]]);
  assert.not.ok(
    fake.calls.some((call) => call.startsWith("wait")),
    "nobody waits for nothing",
  );
});

for (const [form, number] of [
  ["+49 30 123456", { e164: "+4930123456" }],
  ["0049 (30) 12-34-56", { e164: "+4930123456" }],
  ["030 123456", { e164: "+4930123456" }],
  ["030/123456 Durchwahl 42", { e164: "+4930123456", extension: "42" }],
] as const) {
  erasing(`finds a person by ${form}`, async () => {
    const fake = new FakePipeline();
    const lead = leadOf(1, undefined, { email: undefined, phone: number });
    fake.announce(lead, "{}");
    const { printed } = await fake.erase(form);
    assert.is(printed.split("\n")[0], lead.id);
    assert.not.match(fake.all(), lead.id);
  });
}

erasing("deletes every version, and the delete markers with the last one", async () => {
  const fake = new FakePipeline();
  const lead = leadOf(1);
  fake.announce(lead);
  fake.store(`${lead.id}.json`, undefined);
  fake.store(`${lead.id}.json`, `{"email":"jane@acme.example"}`);
  fake.store(`fetched/${lead.id}.json`, `{"email":"jane@acme.example"}`);
  const outcomes = "outcomes/dt=2026-03-01/120001999-1.json";
  fake.outcomes(outcomes, lead.id);
  fake.store(outcomes, undefined);
  fake.outcomes(outcomes, lead.id);
  const { printed } = await fake.erase("jane@acme.example");
  assert.equal(counts(printed).slice(0, 2), [2, 2]);
  assert.equal(
    fake.entries.map(({ key }) => key).filter((key) => !key.startsWith("erasures/")),
    [],
  );
});

erasing("forgets a person whose enriched lead is gone", async () => {
  const fake = new FakePipeline();
  fake.announce(leadOf(1));
  fake.entries.splice(0);
  await fake.erase("jane@acme.example");
  assert.not.match(fake.all(), "person#");
});

erasing("forgets every address and number of a person's leads", async () => {
  const fake = new FakePipeline();
  fake.announce(leadOf(1, "jane@acme.example", { otherEmails: ["jane@home.example"], phone: { e164: "+4930123456" } }));
  await fake.erase("jane@home.example");
  assert.not.match(fake.all(), "person#");
});

erasing("leads that share only another address are left and named, and the exit code is 1", async () => {
  const fake = new FakePipeline();
  const [own, shared] = [
    leadOf(1, "jane@acme.example", { otherEmails: ["office@acme.example", "team@acme.example"] }),
    leadOf(2, "office@acme.example", { otherEmails: ["team@acme.example"] }),
  ];
  for (const lead of [own, shared]) fake.announce(lead);
  const { warned, code } = await fake.erase("jane@acme.example");
  assert.equal([code, warned], [1, `${shared.id} is left: it names only another address or number of these leads.`]);
  assert.not.match(fake.all(), own.id);
  assert.match(fake.all(), `enriched/dt=2026-03-01/${shared.id}.json`);
});

erasing("several addresses and numbers of a person can be named together, and each must be one", async () => {
  const fake = new FakePipeline();
  const byPhone = leadOf(2, undefined, { email: undefined, phone: { e164: "+4930123456" } });
  for (const lead of [leadOf(1), byPhone, leadOf(3, "jane@home.example")]) fake.announce(lead, "{}");
  const named = "Jane@acme.example, 030 123456, jane@HOME.example";
  const failure = await failureOf(fake.erase(`${named}, Jane`));
  assert.match(failure.message, "It is no email address");
  assert.is((await fake.erase(named)).code, 0);
  assert.not.match(fake.all(), /website-|person#/);
});

const two = JSON.stringify([{ email: "jane@acme.example" }, { email: "john@acme.example" }]);
const [janeId, johnId] = [0, 1].map((index) => memberLeadId(fileId("list.json", two), index, 2));

erasing(
  "a file goes when its other leads are enriched, with the enriched leads of every day of the person",
  async () => {
    const fake = new FakePipeline();
    const another = fake.store("list.json", `{"email":"another@acme.example"}`);
    const version = fake.store("list.json", two);
    const marker = fake.store("list.json", undefined);
    for (const one of [another, version]) fake.deadLetter(leads.deadLettersUrl, "list.json", one);
    fake.announce(leadOf(0, "jane@acme.example", { id: janeId, source: "file" }), "");
    fake.announce(leadOf(0, "john@acme.example", { id: johnId, source: "file" }), "");
    const earlier = [
      `enriched/dt=2026-02-10/${janeId}.json`,
      JSON.stringify(leadOf(0, "jane@acme.example", { id: janeId, source: "file" })),
    ] as const;
    fake.store(...earlier);
    fake.index(...earlier);
    const { code } = await fake.erase("jane@acme.example");
    assert.is(code, 0);
    assert.not.match(fake.all(), "jane");
    const left = fake.entries.filter(({ key }) => !key.startsWith("erasures/"));
    assert.equal(
      left.map(({ key, version }) => `${key} ${version}`),
      [another, marker].map((one) => `list.json ${one}`).concat(`enriched/dt=2026-03-01/${johnId}.json v5`),
    );
    assert.equal(fake.sqs.visible(leads.deadLettersUrl), [`list.json ${another}`]);
  },
);

const keptWarning = "list.json is kept with its leads: it holds others that were never enriched.";

erasing("a file of which nothing was ever enriched is kept and named, and the exit code is 1", async () => {
  const fake = new FakePipeline();
  fake.store("list.json", two);
  const { warned, code } = await fake.erase("jane@acme.example");
  assert.equal([code, warned], [1, keptWarning]);
  assert.match(fake.all(), "jane@acme.example");
});

erasing(
  "a file with others that were never enriched is kept with its leads and named, and the exit code is 1",
  async () => {
    const fake = new FakePipeline();
    fake.store("list.json", two);
    fake.announce(leadOf(0, "jane@acme.example", { id: janeId, source: "file" }), "");
    fake.announce(leadOf(1));
    const { warned, code, printed } = await fake.erase("jane@acme.example");
    assert.equal([code, warned], [1, keptWarning]);
    assert.is(printed.split("\n")[0], leadOf(1).id);
    assert.match(fake.all(), `enriched/dt=2026-03-01/${janeId}.json`);
    assert.not.match(fake.all(), leadOf(1).id);
  },
);

erasing("a file goes although it says of another lead that it was changed, which is no lead", async () => {
  const fake = new FakePipeline();
  const text = JSON.stringify([
    { email: "jane@acme.example" },
    { type: "contact.deleted", data: { email: "john@acme.example" } },
  ]);
  const id = memberLeadId(fileId("list.json", text), 0, 2);
  fake.store("list.json", text);
  fake.announce(leadOf(0, "jane@acme.example", { id, source: "file" }), "");
  const { code, warned } = await fake.erase("jane@acme.example");
  assert.equal([code, warned], [0, ""]);
  assert.not.match(fake.all(), "jane");
});

erasing(
  "every version of a file that is kept is kept, also of a day on which all of its leads were enriched",
  async () => {
    const fake = new FakePipeline();
    fake.store("list.json", two, new Date("2026-02-27T12:00:00Z"));
    fake.store("list.json", two);
    fake.announce(leadOf(0, "jane@acme.example", { id: janeId, source: "file" }), "");
    fake.announce(leadOf(0, "john@acme.example", { id: johnId, source: "file" }), "");
    const { code } = await fake.erase("jane@acme.example");
    assert.is(code, 1);
    assert.is(fake.entries.filter(({ key }) => key === "list.json").length, 2);
    assert.match(fake.all(), `enriched/dt=2026-03-01/${janeId}.json`);
  },
);

erasing(
  "finds leads that were never enriched, in raw objects and in fetched records, and their dead letters",
  async () => {
    const fake = new FakePipeline();
    const [inText, thin, other] = [1, 2, 3].map((number) => webhookLeadId("website", number));
    const first = fake.store(`${inText}.json`, `{"notes":"(0049) 30/123456, mail: Jane@ACME.example!"}`);
    fake.store(`${thin}.json`, `{"objectId":1}`);
    fake.store(`fetched/${thin}.json`, `{"remarks":"jane@acme.example"}`);
    fake.store(`${other}.json`, `{"notes":"john@acme.example"}`);
    fake.deadLetter(leads.deadLettersUrl, `${inText}.json`, first, {
      errorClass: "NoContact",
      correlationId: `${inText}`,
    });
    fake.deadLetter(leads.deadLettersUrl, `${other}.json`, "v4");
    fake.outcomes("outcomes/dt=2026-03-01/120001000-1-unannounced.json", `${inText}`);
    const { printed, code } = await fake.erase("jane@acme.example");
    assert.equal([code, counts(printed).slice(0, 3)], [0, [2, 1, 1]]);
    assert.not.match(fake.all(), new RegExp(`jane|${inText}|${thin}`, "i"));
    assert.equal(fake.sqs.visible(leads.deadLettersUrl), [`${other}.json v4`]);
  },
);

erasing("deletes what enrich makes of a lead meanwhile", async () => {
  const fake = new FakePipeline();
  const lead = leadOf(1);
  fake.store(rawKey(lead.id), `{"email":"jane@acme.example"}`);
  fake.waited = () => {
    fake.waited = () => {};
    fake.store(`enriched/dt=2026-03-01/${lead.id}.json`, JSON.stringify(lead));
  };
  await fake.erase("jane@acme.example");
  assert.not.match(fake.all(), "jane");
});

for (const [number, defaultCountry, text] of [
  ["+1 800 234 5678", "US", "(800) 234-5678"],
  ["+1 202 555 0143", "DE", "(202) 555-0143"],
] as const) {
  erasing(`finds ${number} where ${text} is written and the country is ${defaultCountry}`, async () => {
    const fake = new FakePipeline();
    fake.store(`${webhookLeadId("website", 1)}.json`, `{"notes":"call ${text}"}`);
    await fake.erase(number, { defaultCountry });
    assert.not.match(fake.all(), text);
  });
}

erasing("names files that enrich cannot read", async () => {
  const fake = new FakePipeline();
  fake.store("people.csv", "name,email\nJane,jane@acme.example");
  const { warned, code } = await fake.erase("jane@acme.example");
  assert.match(warned, "people.csv cannot be read");
  assert.is(code, 0);
});

/** A person with announced leads, one that was never enriched and one of a file, beside John's lead. */
function janeEverywhere() {
  const { fake } = janeAndJohn();
  fake.announce(leadOf(4, "jane@acme.example", { otherEmails: ["jane@home.example"] }));
  const text = JSON.stringify({ notes: "jane@acme.example" });
  fake.deadLetter(
    leads.deadLettersUrl,
    `${webhookLeadId("website", 9)}.json`,
    fake.store(`${webhookLeadId("website", 9)}.json`, text),
  );
  fake.announce(leadOf(0, "jane@acme.example", { id: fileId("jane.json", text), source: "file" }), "");
  fake.deadLetter(leads.deadLettersUrl, "jane.json", fake.store("jane.json", text));
  return fake;
}

erasing("a second run leaves nothing of the person, wherever the first one ended", async () => {
  const whole = janeEverywhere();
  let calls = 0;
  whole.fault = () => {
    calls += 1;
  };
  whole.sqs.fault = () => void whole.fault("SQS", {});
  await whole.erase("jane@acme.example");
  const stored = (fake: FakePipeline) =>
    fake
      .all()
      .split("\n")
      .filter((one) => !one.startsWith("erasures/"))
      .sort();
  const rest = stored(whole);
  assert.not.match(rest.join(), /jane|erasure#/i);
  assert.ok(calls > 60, `${calls} calls`);
  for (let last = 0; last < calls; last += 1) {
    const fake = janeEverywhere();
    let left = last;
    const end = new Error("The process ended.");
    fake.fault = () => {
      left -= 1;
      if (left < 0) throw end;
    };
    fake.sqs.fault = () => {
      left -= 1;
      return left < 0 ? end : undefined;
    };
    assert.is(await failureOf(fake.erase("jane@acme.example")), end);
    fake.fault = () => {};
    fake.sqs.fault = () => undefined;
    // What the dead process holds of the dead letters can be received again.
    fake.sqs.now += 3_600_000;
    assert.is((await fake.erase("jane@acme.example")).code, 0, `ended after ${last} calls`);
    assert.equal(stored(fake), rest, `ended after ${last} calls`);
  }
});

erasing("leaves nothing that the index writes of what it had read before", async () => {
  const { fake, first, john } = janeAndJohn();
  fake.outcomes("outcomes/dt=2026-03-01/120001999-3-unannounced.json", first.id, john.id);
  let now = 0;
  const read = new Map<string, { readonly key: string; readonly text: string; readonly at: number }>();
  const write = (latest: number) => {
    for (const [version, { key, text, at }] of read) {
      if (at > latest) continue;
      fake.index(key, text);
      read.delete(version);
    }
  };
  fake.fault = () => {
    for (const { key, version, text } of fake.entries)
      if (text !== undefined && isIndexed(key)) read.set(version, { key, text, at: now });
  };
  fake.waited = (seconds) => {
    now += seconds;
    write(now - settings.consumers["lead-index"].timeoutSeconds);
  };
  await fake.erase("jane@acme.example");
  write(now);
  assert.not.match(fake.all(), new RegExp(`jane|${first.id}`, "i"));
  assert.match(fake.all(), `lead#${john.id}`);
});

erasing("stops while another command holds dead letters", async () => {
  const { fake } = janeAndJohn();
  fake.deadLetter(leads.deadLettersUrl, "john.json");
  const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
  const receive = { QueueUrl: leads.deadLettersUrl, WaitTimeSeconds: 1, VisibilityTimeout: 600 };
  await fake.sqs.client().send(new ReceiveMessageCommand(receive));
  assert.is((await fake.erase("jane@acme.example", { dryRun: true })).code, 0);
  const failure = await failureOf(fake.erase("jane@acme.example"));
  assert.match(failure.message, "1 more are held by another or an interrupted command");
  const stopped = "Stopped at dead letters. These and all later steps are left. Run the command again to continue.";
  assert.equal(fake.warnings, [stopped]);
});

erasing("refuses what is no address or number, without showing it, and an environment without the index", async () => {
  const { message } = await failureOf(new FakePipeline().erase("Jane"));
  assert.match(message, "It is no email address and no phone number.");
  assert.not.match(message, "Jane");
  const without = () => pipelineOf((name) => (name === "leads_bucket" ? "leadwire-dev-1" : name), "the test");
  const env = { name: "dev", settings } as const;
  const values = { env, who: "jane@acme.example", outputs: without, dryRun: true };
  assert.match(
    (await failureOf(run(erase, values, {}))).message,
    "dev has no consumer lead-index. Add it to consumers in environments/dev.ts and deploy.",
  );
});

erasing("is a command of ops", async () => {
  const { printed } = await runLine("erase --help");
  assert.match(printed, "Deletes what is stored of a person");
});
erasing.run();
