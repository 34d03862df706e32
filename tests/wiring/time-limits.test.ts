import { omit } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ReceivedCall } from "../../simulator/environment.ts";
import type { Fate } from "../../simulator/faults.ts";
import { type Plan, planOf, steadyPlan } from "../../simulator/plan.ts";
import { compilePrograms, leadIndex } from "../../simulator/program.ts";
import { simulate } from "../../simulator/simulate.ts";
import { isClaim } from "../helpers/ledger-table.ts";

const withIndex = await compilePrograms(leadIndex);
const programs = omit(withIndex, [leadIndex]);

/** Requests that each hold a lead and come at the same time, without any trouble. */
const calmPlan = (requests: number): Plan => steadyPlan(1, requests, 0);
const oneLead = calmPlan(1);
const withoutContact: Plan = {
  ...oneLead,
  arrivals: oneLead.arrivals.map((arrival) => ({ ...arrival, body: "{}", leads: [] })),
};

interface Given {
  readonly plan?: Plan;
  /** What becomes of other calls. */
  readonly others?: (call: ReceivedCall) => Fate | undefined;
}

/**
 * Simulates that one call gets no whole answer, however often it is tried. The simulation's clock measures all times, so a
 * busy machine changes none of them.
 * @param call stage, operation and, if need be, what its input holds: `notify UpdateItem pace#`
 * @param fate no answer, or one that stops after its first bytes
 */
async function without(call: string, fate: "silent" | "stalled", { plan = oneLead, others }: Given) {
  const [stage, operation, about = ""] = call.split(" ");
  let chosen: unknown;
  const isChosen = (one: ReceivedCall) => {
    if (one.stage !== stage || one.operation !== operation || !JSON.stringify(one.input).includes(about)) return false;
    // Every attempt of a call has the same input.
    chosen ??= one.input;
    return one.input === chosen;
  };
  const events: { readonly at: number; readonly what: string }[] = [];
  let invocations = 0;
  const { violations } = await simulate(plan, {
    programs: stage === leadIndex ? withIndex : programs,
    sabotage: {
      fate: (one) => (isChosen(one) ? fate : others?.(one)),
      before: (worker) => {
        if (worker === stage) invocations += 1;
      },
    },
    trace(line) {
      const [time = "", , what = ""] = line.split("  ");
      events.push({ at: Number.parseFloat(time), what });
    },
  });
  const times = (what: string) => events.filter((event) => event.what === what).map(({ at }) => at);
  const ends = times(`gives up ${operation}`);
  const begun = times(`${operation} (${fate})`);
  return {
    violations,
    attempts: begun.length,
    /** When the source got its first answer, in seconds after its first request. */
    firstAnswer: events.find(({ what }) => what.startsWith("is answered"))?.at ?? Number.NaN,
    /** What each attempt of a silent call got. */
    seconds: begun.map((time) => Number(((ends.find((end) => end > time) ?? Number.NaN) - time).toFixed(1))),
    outcome: {
      /** How often the call's function got messages. */
      invocations,
      posts: times("PostMessage").length,
      emails: times("SendEmail").length,
      /** What the source was answered. */
      statuses: events.flatMap(
        ({ what }) =>
          what
            .match(/^is answered (\d+)/)
            ?.slice(1)
            .map(Number) ?? [],
      ),
    },
  };
}

const slackRefuses = ({ operation }: ReceivedCall) => (operation === "PostMessage" ? "throttled" : undefined);
const askedAgain = { posts: 1, emails: 0, statuses: [503, 202], invocations: 0 };
const retriedLater = { posts: 1, emails: 0, statuses: [202], invocations: 2 };
const postedAtOnce = { ...retriedLater, invocations: 1 };
const emailedAtOnce = { posts: 0, emails: 1, statuses: [202], invocations: 1 };

type Expected = Partial<Awaited<ReturnType<typeof without>>["outcome"]>;
const cases: Readonly<Record<string, readonly [call: string, seconds: number[], outcome: Expected, given?: Given]>> = {
  "ingest's secret, and the source sends again": ["ingest GetParameters", [1, 1], askedAgain],
  "ingest's bucket, and the source sends again": ["ingest PutObject", [1.3, 1.3], askedAgain],
  "the settings of enrich's source, and the message is retried": ["enrich GetParameters", [1, 1], retriedLater],
  "enrich's read, and the message is retried": ["enrich GetObject", [2, 2], retriedLater],
  "enrich's write, and the message is retried": ["enrich PutObject", [2, 2], retriedLater],
  "enrich's dead letter queue, and the message is retried": [
    "enrich SendMessage",
    [2, 2],
    { posts: 0, invocations: 2 },
    { plan: withoutContact },
  ],
  "notify's bucket, and the message is retried": ["notify GetObject", [2, 2, 2], retriedLater],
  "notify's ledger, and the message is retried": ["notify UpdateItem stateBefore", [2, 2, 2, 2], { posts: 1 }],
  "the ledger's note of a post, and nothing is posted again": [
    "notify UpdateItem settledAt",
    [2, 2, 2, 2],
    { posts: 1 },
  ],
  "a send slot, and the lead is posted without one": ["notify UpdateItem pace#", [2], postedAtOnce],
  "the webhook's secret, and the lead is emailed": ["notify GetParameters", [1, 1], emailedAtOnce],
  "the outcome of an announcement, and nothing is announced again": ["notify PutObject", [1], postedAtOnce],
  "the outcome of a dead letter, and nothing is dead-lettered again": [
    "enrich PutObject outcomes/",
    [1],
    { posts: 0, invocations: 1 },
    { plan: withoutContact },
  ],
  "more messages of a burst, and every lead is announced": [
    "notify ReceiveMessage",
    [2, 2, 2],
    {},
    { plan: calmPlan(60) },
  ],
  "notify's own queue, and what was announced is not announced again": [
    "notify DeleteMessageBatch",
    [2, 2, 2],
    {},
    { plan: calmPlan(60) },
  ],
  "the lead index's read, and the message is retried": ["lead-index GetObject", [1, 1], { posts: 1 }],
  "the lead index's write, and the message is retried": ["lead-index BatchWriteItem", [1, 1], { posts: 1 }],
  "Slack, and the lead is emailed": ["notify PostMessage", [5], emailedAtOnce],
  "SES's suppression list, and the email is sent": [
    "notify GetSuppressedDestination",
    [2],
    emailedAtOnce,
    { others: slackRefuses },
  ],
  "SES, and the message is retried": [
    "notify SendEmail",
    [4],
    { ...emailedAtOnce, invocations: 2 },
    { others: slackRefuses },
  ],
};

const limits = suite("functions :: time limits");

for (const [name, [call, seconds, expected, given = {}]] of Object.entries(cases)) {
  limits(`${seconds.join(" s + ")} s for ${name}`, async () => {
    const silent = await without(call, "silent", given);
    assert.equal(silent.seconds, seconds);
    assert.equal({ ...silent.outcome, ...expected }, silent.outcome);
    assert.equal(silent.violations, []);
  });

  limits(`as many attempts if the answer stops: ${name}`, async () => {
    const stalled = await without(call, "stalled", given);
    assert.is(stalled.attempts, seconds.length);
    assert.equal(stalled.violations, []);
  });
}

limits("1 s in one attempt to give back a claim without an answer, and the message is retried", async () => {
  let claims = 0;
  const noneAnswered = ({ input }: ReceivedCall) => {
    if (isClaim(input)) claims += 1;
    return isClaim(input) && claims <= 4 ? "unanswered" : undefined;
  };
  const { seconds, outcome, violations } = await without("notify UpdateItem stateBefore,", "silent", {
    others: noneAnswered,
  });
  assert.equal([seconds, outcome.posts, violations], [[1], 1, []]);
});

for (const call of ["ingest GetParameters", "ingest PutObject"]) {
  for (const fate of ["silent", "stalled"] as const) {
    limits(`a source gets its answer within 5 s when ${call} is ${fate}`, async () => {
      const { firstAnswer } = await without(call, fate, {});
      assert.ok(firstAnswer < 5, String(firstAnswer));
    });
  }
}

limits("a source gets its answer within 5 s when the first GetParameters and every PutObject are silent", async () => {
  let asked = 0;
  const firstIsSilent = ({ stage, operation }: ReceivedCall) => {
    if (stage !== "ingest" || operation !== "GetParameters") return undefined;
    asked += 1;
    return asked === 1 ? "silent" : undefined;
  };
  const { firstAnswer, outcome } = await without("ingest PutObject", "silent", { others: firstIsSilent });
  assert.ok(firstAnswer > 3.6 && firstAnswer < 5, String(firstAnswer));
  assert.equal([outcome.statuses, asked], [[503, 202], 2]);
});

limits("every call of every function has a limit", async () => {
  const unlimited = new Set<string>();
  const seen = new Set<string>();
  for (let seed = 1; seed <= 30; seed += 1) {
    const fate = ({ stage, service, operation, requestTimeout, abortSignal }: ReceivedCall) => {
      seen.add(`${stage} ${service}`);
      if (requestTimeout === undefined && !abortSignal) unlimited.add(`${stage} ${operation}`);
      return undefined;
    };
    await simulate(planOf(seed), { programs: withIndex, sabotage: { fate } });
  }
  assert.equal([...unlimited], []);
  const clients = [
    ...[
      "ingest S3",
      "ingest SSM",
      "enrich S3",
      "enrich SQS",
      "enrich SSM",
      "notify S3",
      "notify SQS",
      "notify DynamoDB",
    ],
    ...["notify SSM", "notify SESv2", "notify Slack"],
    ...["lead-index S3", "lead-index SQS", "lead-index DynamoDB"],
  ];
  assert.equal([...seen].sort(), clients.sort());
});

limits.run();
