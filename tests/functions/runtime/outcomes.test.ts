import type { S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fits } from "../../../functions/lead/fields.ts";
import { outcomeSchema } from "../../../functions/lead/outcome.ts";
import { RejectedError } from "../../../functions/lead/rejection.ts";
import { createOutcomeWriter, type NewOutcome, withOutcome } from "../../../functions/runtime/outcomes.ts";
import { awsError, recordedLog, recordedMeter } from "../../helpers/fakes.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

const id = `website-${"a".repeat(32)}`;
const at = Date.parse("2026-03-01T23:59:59.500Z");
const ignored: NewOutcome = { id, outcome: "ignored", at, reason: "test lead", test: true };
const announced: NewOutcome = {
  id,
  outcome: "announced",
  at: at + 1000,
  receivedAt: "2026-03-01T23:59:58.000Z",
  channel: "slack",
  destination: "sales",
};

interface Put {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: string;
  readonly ContentType: string;
}

/** A writer on an S3 that answers as is said. */
function setUp(answer: (count: number) => Promise<unknown> = async () => ({})) {
  const puts: (Put & { readonly abortSignal: AbortSignal })[] = [];
  const [log, meter] = [recordedLog(), recordedMeter()];
  const send = ({ input }: { input: Put }, { abortSignal }: { abortSignal: AbortSignal }) =>
    answer(puts.push({ ...input, abortSignal }));
  const writer = createOutcomeWriter({ send } as unknown as S3Client, "leads", { log, meter });
  const records = () =>
    puts.map(({ Body }) =>
      Body.split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    );
  return { ...writer, puts, records, log, meter };
}

const outcomes = suite("outcome writer");

outcomes("writes one object with a line for each outcome, below the day of the first one", async () => {
  const never = new AbortController().signal;
  using time = recordedTimeLimits(() => never);
  const { add, write, puts, records } = setUp();
  add([ignored]);
  add([announced]);
  await write();
  assert.equal(records(), [
    [
      {
        schemaVersion: 1,
        id,
        source: "website",
        outcome: "ignored",
        happenedAt: "2026-03-01T23:59:59.500Z",
        reason: "test lead",
        test: true,
      },
      {
        schemaVersion: 1,
        id,
        source: "website",
        outcome: "announced",
        happenedAt: "2026-03-02T00:00:00.500Z",
        receivedAt: "2026-03-01T23:59:58.000Z",
        milliseconds: 2500,
        channel: "slack",
        destination: "sales",
      },
    ],
  ]);
  assert.equal([puts[0]?.Bucket, puts[0]?.ContentType], ["leads", "application/json"]);
  assert.equal([puts[0]?.abortSignal === never, time.limits], [true, [1000]]);
  assert.match(puts[0]?.Key ?? "", /^outcomes\/dt=2026-03-01\/235959500-[0-9a-f]{16}-unannounced\.json$/);
});

outcomes("have a key that says whether all of them are announcements", async () => {
  const deadLettered: NewOutcome = { ...ignored, outcome: "deadLettered" };
  for (const [added, end] of [
    [[announced], /-[0-9a-f]{16}\.json$/],
    [[announced, announced], /-[0-9a-f]{16}\.json$/],
    [[announced, deadLettered], /-unannounced\.json$/],
    [[ignored], /-unannounced\.json$/],
  ] as const) {
    const { add, write, puts } = setUp();
    add(added);
    await write();
    assert.match(puts[0]?.Key ?? "", end);
  }
});

for (const receivedAt of ["0000-01-01T00:00:00.000Z", "2026-03-02T00:00:30.000Z"]) {
  outcomes(`fit the schema when the lead says that it was received at ${receivedAt}`, async () => {
    const { add, write, records } = setUp();
    add([ignored, { ...announced, receivedAt }]);
    await write();
    for (const record of records().flat()) assert.ok(fits(outcomeSchema, record), JSON.stringify(record));
  });
}

outcomes("of the same time are in objects of their own", async () => {
  const { add, write, puts } = setUp();
  for (const one of [ignored, { ...ignored, id: `website-${"b".repeat(32)}` }]) {
    add([one]);
    await write();
  }
  assert.is(new Set(puts.map(({ Key }) => Key)).size, 2);
});

outcomes("are written once, and nothing is written without any", async () => {
  const { add, write, puts } = setUp();
  await write();
  add([ignored]);
  await write();
  await write();
  assert.is(puts.length, 1);
});

outcomes("that cannot be written are logged and counted, and the next ones are written", async () => {
  const { add, write, records, log, meter } = setUp((count) =>
    count === 1 ? Promise.reject(awsError("AccessDenied", 403)) : Promise.resolve({}),
  );
  add([ignored, announced]);
  await write();
  assert.equal(
    log.lines.map(({ level, context }) => [level, context.outcomes, context.errorClass]),
    [["warn", 2, "AccessDenied"]],
  );
  assert.equal(meter.counts, { OutcomesNotWritten: 2 });
  add([announced]);
  await write();
  assert.equal(records().at(-1)?.length, 1);
});

outcomes("that are no outcomes are logged too: nothing that a caller adds makes it fail", async () => {
  const { add, write, puts, meter } = setUp();
  add([{ ...ignored, at: Number.NaN }]);
  await write();
  assert.equal([puts, meter.counts], [[], { OutcomesNotWritten: 1 }]);
});

outcomes("may be written while others are, and the last write waits for all of them", async () => {
  const answers = [Promise.withResolvers<object>(), Promise.withResolvers<object>()];
  const { add, write, puts } = setUp((count) => answers[count - 1]?.promise ?? Promise.resolve({}));
  let ended = 0;
  const writes = [ignored, announced].map(async (one) => {
    add([one]);
    await write();
    ended += 1;
  });
  assert.equal([puts.length, ended], [2, 0]);
  answers[1]?.resolve({});
  await answers[1]?.promise;
  assert.is(ended, 0);
  answers[0]?.reject(awsError("SlowDown", 503));
  await Promise.all(writes);
  assert.is(ended, 2);
});

outcomes.run();

const letters = suite("outcome of a dead letter");
const rejection = new RejectedError("NoContact", "Neither an address nor a number.");

/** Dead-letters with an outcome. @returns what was added after each send */
async function deadLetter(send: () => Promise<void>, correlationId: string | undefined) {
  const added: NewOutcome[] = [];
  const sending = withOutcome(send, { add: (more) => void added.push(...more) }, () => at);
  const error = await sending({ body: "{}" }, rejection, correlationId).catch((thrown: unknown) => thrown);
  return { added, error };
}

letters("says its class, and not its reason, in which a sender's words can be", async () => {
  const { added } = await deadLetter(async () => {}, id);
  assert.equal(added, [{ id, outcome: "deadLettered", at, reason: "NoContact" }]);
});

letters("there is none if SQS did not take it, and the failure stays", async () => {
  const refused = awsError("ServiceUnavailable", 503);
  const { added, error } = await deadLetter(() => Promise.reject(refused), id);
  assert.equal([added, error === refused], [[], true]);
});

letters("there is none for a message that names no object", async () => {
  assert.equal((await deadLetter(async () => {}, undefined)).added, []);
});

letters.run();
