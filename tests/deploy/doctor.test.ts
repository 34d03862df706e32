import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { made } from "../../deploy/doctor/check.ts";
import { tools } from "../../deploy/doctor/checks.ts";
import { busiest, checkParameterThroughput } from "../../deploy/doctor/quotas.ts";
import { secretsOf } from "../../deploy/doctor/secrets.ts";
import { doctor } from "../../deploy/doctor.ts";
import { concurrencyOf, type Environment } from "../../environments/environment.ts";
import { deployedNames, environments } from "../../environments/index.ts";
import { state } from "../../environments/state.ts";
import { Output, webhookOutput } from "../../flow.ts";
import { createClient } from "../../functions/runtime/clients.ts";
import { httpServer } from "../helpers/http-server.ts";
import { synthesizedStack } from "../helpers/synth.ts";
import { recordedTimeLimits, recordedTimers } from "../helpers/time-limits.ts";
import { withVariables } from "../helpers/variables.ts";
import { account, answering, healthy } from "../ops/email-fixtures.ts";
import { Workplace } from "./deploy-fixtures.ts";

const { dev, prod } = environments;
const boundary = `arn:aws:iam::${prod.accountId}:policy/leadwire-prod-functions-boundary`;
const secretPath = "T0/B0/not-to-be-shown";
const madeUp = (parameter: string) => {
  if (parameter.endsWith("signing-secret")) return `whsec_${"c2VjcmV0".repeat(5)}`;
  return parameter.includes("slack")
    ? `https://hooks.slack.com/services/${secretPath}`
    : "https://events.pagerduty.com/a/b";
};

/** An account in which all is well for prod. */
const well = {
  account: prod.accountId,
  concurrency: 1000,
  highThroughput: "true",
  bucketStatus: 200,
  parameters: Object.fromEntries(
    secretsOf("prod", prod).map(({ parameter }) => [parameter, { Value: madeUp(parameter), Type: "SecureString" }]),
  ),
  subscriptions: Object.fromEntries(prod.alarmEmails.map((email) => [email, "arn:aws:sns:us-east-1:1:topic:id"])),
  /** Subscriptions to the topic of notices that differ. */
  notices: {} as Readonly<Record<string, string>>,
  topics: ["alarms", "notices"] as readonly string[],
  hasBoundary: true,
  /** What IAM says when it does not show the boundary. */
  withoutBoundary: "NoSuchEntity",
  ses: healthy as Readonly<Record<string, unknown>>,
  slack: { status: 400, body: "no_text" },
  placeholders: [] as readonly string[],
};
type Account = typeof well;

const json = (response: ServerResponse, body: unknown) => response.end(JSON.stringify(body));
const refuse = (response: ServerResponse, status: number, code: string) =>
  response
    .writeHead(status)
    .end(`<ErrorResponse><Error><Code>${code}</Code><Message>No.</Message></Error></ErrorResponse>`);

/** Answers what doctor asks AWS, and keeps which services it asked. */
const answer =
  (aws: Account, asked: string[]) =>
  (headers: Readonly<Record<string, unknown>>, method: string, body: string, response: ServerResponse) => {
    const service = String(headers.authorization).split("/")[3] ?? "";
    asked.push(service);
    if (method === "HEAD") {
      const isAsked = headers["x-amz-expected-bucket-owner"] === state.accountId;
      return response.writeHead(isAsked ? aws.bucketStatus : 400).end();
    }
    if (service === "lambda") return json(response, { AccountLimit: { ConcurrentExecutions: aws.concurrency } });
    if (service === "sts") {
      return response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${aws.account}</Account><Arn>arn:me</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    }
    if (service === "iam") {
      const query = new URLSearchParams(body);
      const isKnown = aws.hasBoundary && query.get("Action") === "GetPolicy" && query.get("PolicyArn") === boundary;
      return isKnown ? response.end("<GetPolicyResponse/>") : refuse(response, 404, aws.withoutBoundary);
    }
    if (service === "sns") {
      const topic = new URLSearchParams(body).get("TopicArn")?.split(":leadwire-prod-")[1] ?? "";
      if (!aws.topics.includes(topic)) return refuse(response, 404, "NotFound");
      const members = Object.entries({ ...aws.subscriptions, ...(topic === "notices" && aws.notices) }).map(
        ([email, arn]) => `<member><Endpoint>${email}</Endpoint><SubscriptionArn>${arn}</SubscriptionArn></member>`,
      );
      return response.end(
        `<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions>${members.join("")}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>`,
      );
    }
    if (String(headers["x-amz-target"]).endsWith("GetServiceSetting")) {
      return json(response, { ServiceSetting: { SettingValue: aws.highThroughput } });
    }
    const { Names } = JSON.parse(body) as { Names: string[] };
    if (Names.length > 10) return response.writeHead(400).end("{}");
    const found = Names.filter((Name) => Name in aws.parameters);
    return json(response, { Parameters: found.map((Name) => ({ Name, ...aws.parameters[Name] })) });
  };

/** Runs `doctor prod` against an account that is well but for the changes. */
async function examined(changes: Partial<Account> = {}) {
  const aws = { ...well, ...changes };
  const asked: string[] = [];
  const posted: { url: string; body: unknown; redirect: unknown }[] = [];
  const respond = answer(aws, asked);
  await using server = await httpServer(async (request, response) =>
    respond(request.headers, request.method ?? "", await text(request), response),
  );
  const lines: string[] = [];
  const variables = {
    PATH: `${join(new Workplace().folder, "bin")}:/usr/bin:/bin`,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: "made-up",
    AWS_SECRET_ACCESS_KEY: "made-up",
    npm_config_user_agent: "npm/11.6.0 node/v24.0.0",
  };
  return await withVariables(variables, async () => {
    const code = await doctor.run(
      { environment: "prod" },
      {
        print: (line) => void lines.push(line),
        s3: (region) => createClient(S3Client, { milliseconds: 10_000, region, maxAttempts: 1 }),
        ssm: (region) => createClient(SSMClient, { milliseconds: 10_000, region, maxAttempts: 1 }),
        placeholders: () => aws.placeholders,
        ses: answering(aws.ses).ports.ses,
        fetch: async (url, { body, redirect } = {}) => {
          posted.push({ url: String(url), body, redirect });
          return new Response(aws.slack.body, { status: aws.slack.status });
        },
      },
    );
    const printed = lines.join("\n");
    return { code, printed, todo: printed.split("To do:\n")[1]?.split("\n") ?? [], asked, posted };
  });
}

const examining = suite("npm run doctor");

examining("where all is well ends with 0, and asks Slack with a message that nobody sees", async () => {
  using time = recordedTimeLimits(() => new AbortController().signal);
  const { code, printed, todo, posted } = await examined();
  assert.equal([code, todo, time.limits], [0, [], [10_000, 10_000]]);
  assert.match(printed, /Tools {2,}Node 24\S*, npm 11\.6\.0, terraform 1\.11\.4/);
  assert.match(printed, /Secrets +6 of 6 are well/);
  assert.match(printed, "All is well.");
  const post = { url: `https://hooks.slack.com/services/${secretPath}`, body: "{}", redirect: "manual" };
  assert.equal(posted, [post, post]);
  assert.not.match(printed, /not-to-be-shown|whsec_/);
});

const [first = ""] = Object.keys(well.parameters);
const { [first]: _, ...withoutFirst } = well.parameters;
const slackParameter = "/leadwire/prod/slack/sales/webhook-url";
const withSecret = (parameter: string, Value: string, Type = "SecureString") => ({
  parameters: { ...well.parameters, [parameter]: { Value, Type } },
});
const [alarmEmail = ""] = prod.alarmEmails;

for (const [what, changes, sentence] of [
  [
    "a state bucket that does not exist",
    { bucketStatus: 404 },
    /^- The state bucket leadwire-\S+ does not exist: deploy/,
  ],
  ["a state bucket of others", { bucketStatus: 403 }, /^- The credentials may not read the state bucket/],
  [
    "a new account's concurrency",
    { concurrency: 10 },
    /^- Lambda runs 10 invocations at once in us-east-1, .* need 600: ask/,
  ],
  [
    "a missing secret",
    { parameters: withoutFirst },
    new RegExp(`^- The secret ${first} does not exist: run aws ssm put-`),
  ],
  ["an empty secret", withSecret(first, " "), new RegExp(`^- The secret ${first} does not exist`)],
  [
    "a secret in clear text",
    withSecret(first, madeUp(first), "String"),
    /is a String, which is not encrypted: run aws ssm/,
  ],
  ["a signing secret that is none", withSecret(first, "not-to-be-shown"), /looks wrong, it must be whsec_ and 24/],
  [
    "a webhook of another service",
    withSecret(slackParameter, "https://example.com/not-to-be-shown"),
    /slack\/sales.* looks wrong/,
  ],
  [
    "an unconfirmed address",
    { subscriptions: { [alarmEmail]: "PendingConfirmation" } },
    /has not confirmed all alarms: follow/,
  ],
  [
    "an address without subscription",
    { subscriptions: {} },
    /is not subscribed to all alarms: deploy leadwire-prod\.$/,
  ],
  [
    "a permissions boundary that does not exist",
    { hasBoundary: false },
    /^- The policy leadwire-prod-functions-boundary, .* does not exist: apply leadwire-ci first/,
  ],
  [
    "a permissions boundary that may not be looked at",
    { hasBoundary: false, withoutBoundary: "AccessDenied" },
    /^- Boundary could not be checked: /,
  ],
  [
    "an address that confirmed one topic of two",
    { notices: { [alarmEmail]: "PendingConfirmation" } },
    /has not confirmed all alarms: follow the links/,
  ],
  ["a topic that is not deployed yet", { topics: ["alarms"] }, /^- Not all alarms of prod reach somebody yet: deploy/],
  [
    "a stack that is not deployed",
    { topics: [] },
    /^- Not all alarms of prod reach somebody yet: deploy leadwire-prod\.$/,
  ],
  ["paused email", { ses: account({ SendingEnabled: false }) }, /^- Sending is paused/],
] as const) {
  examining(`${what} is one sentence with what to do`, async () => {
    const { code, printed, todo } = await examined(changes);
    assert.is(code, 1);
    assert.is(todo.length, 1, todo.join("\n"));
    assert.match(todo[0] ?? "", sentence);
    assert.not.match(printed, "not-to-be-shown");
  });
}

examining(
  "SSM's standard throughput is a problem where many functions start, unless the environment changes it",
  async () => {
    const send = async () => ({ ServiceSetting: { SettingValue: "false" } });
    const problemsOf = async (environment: Environment) =>
      (await checkParameterThroughput({ send } as unknown as SSMClient, environment)).problems;
    const together = (count: number): Environment => ({
      ...dev,
      api: { ...dev.api, requestsPerSecond: 5 * (count - 7) },
    });
    assert.equal([(await problemsOf(together(40))).length, (await problemsOf(together(41))).length], [0, 1]);
    const [problem, ...others] = await problemsOf({ ...prod, secretsHighThroughput: false });
    assert.match(problem ?? "", /^522 invocations can start together, .* 40 reads .*: set secretsHighThroughput of/);
    assert.equal([others, await problemsOf(prod), await problemsOf(dev)], [[], [], []]);
    const sendHigh = async () => ({ ServiceSetting: { SettingValue: "true" } });
    const changed = { ...prod, secretsHighThroughput: false };
    const high = await checkParameterThroughput({ send: sendHigh } as unknown as SSMClient, changed);
    assert.equal(high, { found: "high throughput", problems: [] }, "somebody else switched it on");
    assert.is((await examined({ highThroughput: "false" })).code, 0);
  },
);

examining("npm is too old before version 10", async () => {
  const problemsOf = (version: string) =>
    withVariables(
      { npm_config_user_agent: `npm/${version} node/v24.0.0` },
      async () => (await tools.make()).problems[0],
    );
  const [old, enough] = [await problemsOf("9.9.9"), await problemsOf("10.0.0")];
  assert.is(old, "npm 9.9.9 is too old: run npm install -g npm.");
  assert.not.match(enough ?? "", "npm 10");
});

examining("a concurrency that is just enough is well", async () => {
  assert.equal([(await examined({ concurrency: 600 })).code, (await examined({ concurrency: 599 })).code], [0, 1]);
});

examining("a secret can hold several values while it is changed", async () => {
  assert.is((await examined(withSecret(first, `${madeUp(first)} ${madeUp(first)}`))).code, 0);
});

examining("a webhook of another service is not asked", async () => {
  const { posted } = await examined(withSecret(slackParameter, "https://example.com/elsewhere"));
  assert.equal(
    posted.map(({ url }) => new URL(url).host),
    ["hooks.slack.com"],
  );
});

for (const [status, body, reason] of [
  [404, "no_service", "no_service"],
  [410, "channel_is_archived", "channel_is_archived"],
  [302, "moved to not-to-be-shown", "HTTP 302"],
  [200, "ok", "HTTP 200"],
] as const) {
  examining(`Slack's answer ${status} ${body} is a problem of each webhook`, async () => {
    const { todo, printed } = await examined({ slack: { status, body } });
    assert.is(todo.length, 2);
    assert.match(
      todo[0] ?? "",
      `does not take messages for the webhook of ${slackParameter} (${reason}): create a new`,
    );
    assert.not.match(printed, "not-to-be-shown");
  });
}

examining("credentials of another account are the only problem, and nothing else is asked", async () => {
  const { code, todo, asked, posted } = await examined({ account: "000000000001" });
  assert.equal([code, asked, posted], [1, ["sts"], []]);
  assert.match(
    todo.join(),
    `The credentials are of account 000000000001, and prod is in ${prod.accountId}: choose others`,
  );
});

examining("a check that cannot be made says why, and leaves the others alone", async () => {
  const { code, todo, printed } = await examined({ bucketStatus: 500 });
  assert.is(code, 1);
  assert.match(todo.join("\n"), /^- State could not be checked: /);
  assert.is(todo.length, 1);
  assert.match(printed, /Secrets +6 of 6 are well/);
});

examining("a check that does not end is given up after a minute", async () => {
  using timers = recordedTimers();
  const { problems } = await made({ title: "Slow", make: () => new Promise(() => {}) });
  assert.match(problems.join(), "Slow could not be checked: no answer came in time.");
  assert.equal(timers.milliseconds, [60_000]);
});

examining("a failure has its own words, and missing credentials lead to a login", async () => {
  const make = async () => {
    throw Object.assign(new Error("Could not load credentials from any providers"), {
      name: "CredentialsProviderError",
    });
  };
  const failed = await made({ title: "Odd", make: () => Promise.reject(new Error("It is odd")) });
  assert.equal(failed, {
    title: "Odd",
    found: "not checked",
    problems: ["Odd could not be checked: Error: It is odd."],
  });
  const { problems } = await made({ title: "Credentials", make });
  assert.match(
    problems.join(),
    /from any providers\. Log in, for example with aws sso login, and choose .* AWS_PROFILE/,
  );
});

examining("a reserved concurrency leaves a hundred invocations to others", () => {
  const tuning = { ...dev.tuning, notify: { ...dev.tuning.notify, reservedConcurrency: 30 } };
  assert.equal(concurrencyOf({ tuning }), { ingest: undefined, workers: 7, forReservations: 130 });
  assert.is(concurrencyOf(dev).forReservations, 0);
});

examining("ingest can be as busy as its reserved concurrency, or as the API's rate makes it", () => {
  assert.equal([busiest(prod), busiest(dev)], [500 + 22, 10 + 7]);
});

examining("an account id that nobody has replaced is a problem, and nothing is asked", async () => {
  const { code, todo, asked } = await examined({ placeholders: ["Put yours there."] });
  assert.equal([code, todo, asked], [1, ["- Put yours there."], []]);
});

for (const name of deployedNames) {
  examining(`knows every secret that the stack of ${name} reads`, async () => {
    const { output, data } = (await synthesizedStack(`leadwire-${name}`)).file;
    const listed = [Output.sourceSecretParameters, webhookOutput("slack")].flatMap((key) =>
      Object.values(output[key]?.value as Record<string, string | string[]>).flat(),
    );
    const read = Object.values(data?.aws_ssm_parameter ?? {}).map((block) => String(block.name));
    const known = secretsOf(name, environments[name]).map(({ parameter }) => parameter);
    assert.equal(known.toSorted(), [...listed, ...read].toSorted());
  });
}

examining.run();
