import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ParameterNotFound, type SSMClient } from "@aws-sdk/client-ssm";
import { Webhook } from "standardwebhooks";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { channelsOf } from "../../environments/environment.ts";
import { environments } from "../../environments/index.ts";
import { stageNames } from "../../flow.ts";
import { announcementId } from "../../functions/lead/announcement-id.ts";
import { webhookLeadId } from "../../functions/lead/lead-id.ts";
import { smoke } from "../../ops/commands/smoke.ts";
import { pipelineOf } from "../../ops/outputs.ts";
import { whereToLook } from "../../ops/smoke-test.ts";
import { alarmsOf } from "../../stacks/alarms.ts";
import { failureOf } from "../helpers/failure.ts";
import { enrichedLead } from "../helpers/leads.ts";
import { recordedTimeLimits } from "../helpers/time-limits.ts";
import { run, runLine } from "./ops-fixtures.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const parameter = "/leadwire/dev/sources/smoke/signing-secret";
const id = webhookLeadId("smoke", "event", 0);
const lead = enrichedLead({ id, source: "smoke", test: true });
const enrichedAt = `enriched/dt=2026-03-01/${id}.json`;
const pipeline = pipelineOf((name) => {
  if (name === "source_secret_parameters") return { smoke: [parameter] };
  if (name === "leads_bucket") return "leadwire-dev-leads-1";
  return `https://sqs.eu-west-3.amazonaws.com/1/${name}`;
}, "the test");

const accepted = () => Response.json({ leads: [{ key: `${id}.json`, status: "stored" }] }, { status: 202 });
const refused = (status: number) => () => Response.json({ error: { code: "C", message: "M." } }, { status });

interface Given {
  /** What each post is answered, the last one from then on. */
  readonly answers?: readonly (() => Response)[];
  /** Looks after which something is there; those that are not named are there at once. */
  readonly after?: Readonly<Record<string, number>>;
  readonly stored?: object;
  readonly item?: { readonly state: string; readonly by: string };
  readonly parameterValue?: string | Error;
  /** Whether S3 may say that an object is not there. @default true */
  readonly mayList?: boolean;
}

const awsError = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, $fault: "client", $metadata: { httpStatusCode } });

/** Runs the command for dev. Each wait takes half a second of the fake clock. */
async function smoked(given: Given = {}, { asJson = false, timeout = 60, of = pipeline } = {}) {
  const { answers = [accepted], after = {}, stored = lead, item = { state: "sent", by: "nobody" } } = given;
  const value = given.parameterValue ?? secret;
  let time = Date.parse("2026-03-01T12:00:00.000Z");
  const posts: { url: string; request: RequestInit }[] = [];
  const asked: unknown[] = [];
  const looks: Record<string, number> = {};
  const isThere = (name: string) => {
    looks[name] = (looks[name] ?? 0) + 1;
    return (looks[name] ?? 0) > (after[name] ?? 0);
  };
  const s3 = {
    send: async ({ input: { Bucket, Key } }: { input: { Bucket: string; Key: string } }) => {
      asked.push([Bucket, Key]);
      const isRaw = Key === `${id}.json`;
      if ((!isRaw && Key !== enrichedAt) || !isThere(isRaw ? "raw" : "enriched")) {
        throw given.mayList === false ? awsError("AccessDenied", 403) : awsError("NoSuchKey", 404);
      }
      const text = isRaw ? "{}" : JSON.stringify(stored);
      return { LastModified: new Date("2026-03-01T12:00:00.000Z"), Body: { transformToString: async () => text } };
    },
  };
  const dynamo = {
    send: async ({ input }: { input: { TableName: string; Key: { id: { S: string } } } }) => {
      asked.push(input);
      return isThere("ledger") ? { Item: { state: { S: item.state }, by: { S: item.by } } } : {};
    },
  };
  const ssm = {
    send: async ({ input }: { input: object }) => {
      asked.push(input);
      if (value instanceof Error) throw value;
      return { Parameter: { Value: value } };
    },
  };
  const outcome = await run(
    smoke,
    { env: { name: "dev", settings: environments.dev }, outputs: () => of, timeout, json: asJson },
    {
      s3: () => s3 as unknown as S3Client,
      dynamo: () => dynamo as unknown as DynamoDBClient,
      ssm: () => ssm as unknown as SSMClient,
      now: () => new Date(time),
      wait: async (milliseconds) => {
        time += milliseconds;
      },
      fetch: async (url, request) => {
        posts.push({ url, request });
        return (answers[posts.length - 1] ?? answers.at(-1) ?? accepted)();
      },
    },
  );
  assert.not.match(outcome.printed + outcome.warned, secret.slice(6));
  return { ...outcome, posts, asked };
}

const test = suite("ops smoke");

test("posts a signed lead and follows it to the ledger, with the seconds of each step", async () => {
  using time = recordedTimeLimits(() => new AbortController().signal);
  const { printed, code, asked, posts } = await smoked({ after: { raw: 1, enriched: 2, ledger: 3 } });
  assert.is(code, 0);
  assert.equal(printed.split("\n"), [
    `Smoke test of dev: ${id} came all the way in 3.0 s.`,
    "  answer           0.0 s  202",
    `  raw object       0.5 s  ${id}.json`,
    `  enriched object  1.5 s  ${enrichedAt}`,
    "  ledger item      3.0 s  sent by nobody",
  ]);
  assert.equal(asked[0], { Name: parameter, WithDecryption: true });
  assert.equal(asked.at(-1), {
    TableName: pipeline.ledgerTable,
    Key: { id: { S: announcementId(lead, "nobody") } },
    ConsistentRead: true,
  });
  const [{ url, request } = { url: "", request: {} }] = posts;
  assert.equal([posts.length, url], [1, `${pipeline.endpoint}/smoke`]);
  const { headers: _, body, signal, ...settings } = request;
  assert.equal(settings, { method: "POST", redirect: "error" });
  assert.equal([time.limits, signal?.aborted], [[10_000], false]);
  assert.equal(JSON.parse(String(body)), {
    type: "lead.created",
    timestamp: "2026-03-01T12:00:00.000Z",
    data: { email: "smoke-test@example.com", full_name: "Smoke Test", company: "Leadwire smoke test" },
  });
  const headers = request.headers as Record<string, string>;
  assert.is(headers["content-type"], "application/json");
  const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
  const signature = new Webhook(secret).sign(headers["webhook-id"] ?? "", at, String(request.body));
  assert.is(headers["webhook-signature"], signature);
});

test("posts again after 429 and 5xx, with the same event id", async () => {
  // The first post was stored, and its answer lost.
  const known = () => Response.json({ leads: [{ key: `${id}.json`, status: "known" }] }, { status: 200 });
  const { code, posts } = await smoked({ answers: [refused(503), refused(429), known] });
  const ids = posts.map(({ request }) => (request.headers as Record<string, string>)["webhook-id"]);
  assert.equal([code, ids.length, new Set(ids).size], [0, 3, 1]);
});

for (const [stage, problem, given, seen] of [
  ["ingest", 'the endpoint answered 401: {"error":{"code":"C","message":"M."}}', { answers: [refused(401)] }, 0],
  ["ingest", 'the endpoint answered 503: {"error":{"code":"C","message":"M."}}', { answers: [refused(503)] }, 0],
  ["ingest", "no raw object within 60 s", { after: { raw: 999 } }, 1],
  ["enrich", "no enriched object within 60 s", { after: { enriched: 999 } }, 2],
  ["enrich", "the enriched object is not marked as a test", { stored: { ...lead, test: undefined } }, 3],
  ["notify", "no ledger item within 60 s", { item: { state: "claimed", by: "" } }, 3],
  ["notify", "it was announced by slack, and must be by nobody", { item: { state: "sent", by: "slack" } }, 4],
] as const) {
  test(`fails at ${stage} if ${problem}, and says where to look`, async () => {
    const { printed, code } = await smoked(given);
    const lines = printed.split("\n");
    assert.is(code, 1);
    assert.match(lines[0] ?? "", ` stopped at ${stage}: ${problem}.`);
    assert.is(lines.filter((line) => line.startsWith("  ")).length, seen);
    assert.match(printed, `in the log group /aws/lambda/leadwire-dev-${stage},`);
    const queue = { ingest: undefined, enrich: "leads", notify: "notifications" }[stage];
    assert.is(/--outputs FILE --queue (.*)$/.exec(printed)?.[1], queue);
    const { printed: json } = await smoked(given, { asJson: true });
    const { stopped, seen: steps } = JSON.parse(json);
    assert.equal([stopped.stage, stopped.problem, steps.length], [stage, problem, seen]);
    assert.equal(stopped.logGroup, `/aws/lambda/leadwire-dev-${stage}`);
  });
}

test("waits for an object too if S3 may not say that it is not there yet", async () => {
  assert.is((await smoked({ mayList: false, after: { enriched: 2 } })).code, 0);
  const { printed } = await smoked({ mayList: false, after: { enriched: 999 } });
  assert.match(printed, "no enriched object within 60 s, or no permission to read it.");
  assert.match((await smoked({ mayList: false, after: { ledger: 999 } })).printed, "no ledger item within 60 s.");
});

test("fails when the endpoint gives no answer within the time", async () => {
  const silent = () => {
    throw new DOMException("Timed out.", "TimeoutError");
  };
  const { printed, posts } = await smoked({ answers: [silent] }, { timeout: 5 });
  assert.match(printed, "the lead stopped at ingest: the endpoint did not answer (TimeoutError).");
  assert.is(posts.length, 11);
});

test("names alarms that every environment has", () => {
  const names = alarmsOf(channelsOf(environments.dev)).map(({ name }) => `leadwire-dev-${name}`);
  const unknown = stageNames.flatMap((stage) => whereToLook("dev", stage).alarms).filter((one) => !names.includes(one));
  assert.equal(unknown, []);
});

test("signs with the first of several secrets", async () => {
  const { code, posts } = await smoked({ parameterValue: ` ${secret}\nwhsec_${"A".repeat(32)} ` });
  const { headers, body } = posts[0]?.request ?? {};
  const { "webhook-id": event = "", "webhook-signature": signature } = headers as Record<string, string>;
  const expected = new Webhook(secret).sign(event, new Date("2026-03-01T12:00:00.000Z"), String(body));
  assert.equal([code, signature], [0, expected]);
});

test("says that the secret is missing or none, and never what it holds", async () => {
  const gone = new ParameterNotFound({ message: "gone", $metadata: {} });
  const missing = await failureOf(smoked({ parameterValue: gone }));
  assert.match(missing.message, `${parameter} does not exist. Put one there`);
  const unusable = await failureOf(smoked({ parameterValue: "whsec_not base64!" }));
  assert.match(unusable.message, `${parameter} is no signing secret`);
  assert.not.match(unusable.message, "not base64");
});

test("refuses outputs of another environment, and of a stack without the source", async () => {
  for (const bucket of ["leadwire-prod-leads-1", "leadwire-dev2-leads-1"]) {
    const { message } = await failureOf(smoked({}, { of: { ...pipeline, bucket } }));
    assert.is(message, `The pipeline has the bucket ${bucket}, which is not one of dev.`);
  }
  const old = await failureOf(smoked({}, { of: { ...pipeline, sourceSecrets: {} } }));
  assert.match(old.message, "name no secret of the source smoke");
});

test("refuses an environment that is not deployed, and asks nobody", async () => {
  const { code, errors } = await runLine("smoke demo --outputs outputs.json");
  assert.is(code, 2);
  assert.match(errors, "dev, staging, prod");
});

test.run();
