import { Webhook } from "standardwebhooks";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rawKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { httpRequest } from "../../helpers/aws-events.ts";
import { limitsInUse } from "../../helpers/client-limits.ts";
import { importFailure, lambdaContext, withFunction, withOutput } from "../run-function.ts";
import { type Answers, errorAnswer, parametersAnswer, scriptedAws } from "../scripted-aws.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"email":"jane.roe@acme.example"}';
const sources = {
  SOURCES: JSON.stringify({ crm: "standard-webhooks", website: "standard-webhooks" }),
  SOURCE_PARAMETERS: "/leadwire/test/sources",
};
const key = rawKey(webhookLeadId("website", "msg_1", 0));

type Ingest = typeof import("../../../functions/ingest/index.ts");

const request = () => {
  const at = new Date();
  return httpRequest("website", body, {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
  });
};

/** Posts a signed lead to ingest, which runs against a fake AWS. */
async function run(answers: Answers = () => undefined) {
  await using aws = await scriptedAws((call, count) => {
    const answer = answers(call, count);
    return answer ?? (call.operation === "GetParameters" ? parametersAnswer(call.body, secret) : undefined);
  });
  const variables = { AWS_ENDPOINT_URL: aws.url, ...sources };
  const ran = await withFunction("ingest", variables, ({ handler }: Ingest) =>
    withOutput(() => handler(request(), lambdaContext(10_000))),
  );
  return { ...ran, of: aws.of };
}

const ingest = suite("ingest index");

ingest("stores a lead in the bucket, by the source's own secret", async () => {
  const { result, lines, of } = await run();
  assert.equal([result.statusCode, result.body], [202, JSON.stringify({ leads: [{ key, status: "stored" }] })]);
  assert.equal(
    of("GetParameters").map((call) => JSON.parse(call.body)),
    [
      {
        Names: ["/leadwire/test/sources/website/settings", "/leadwire/test/sources/website/signing-secret"],
        WithDecryption: true,
      },
    ],
  );
  const [put, ...more] = of("PutObject");
  assert.equal([put?.path, more.length], [`/leads/${key}`, 0]);
  assert.match(put?.body ?? "", body);
  assert.equal(
    ["content-type", "if-none-match", "x-amz-meta-source", "x-amz-meta-format", "x-amz-meta-correlation-id"].map(
      (name) => put?.headers[name],
    ),
    ["application/json", "*", "website", "standard-webhooks", key.replace(".json", "")],
  );
  const receivedAt = Date.parse(String(put?.headers["x-amz-meta-received-at"]));
  assert.ok(Math.abs(Date.now() - receivedAt) < 60_000);
  assert.equal(
    lines.map(({ message, service, environment, LeadsIngested }) => [message ?? LeadsIngested, service, environment]),
    [
      ["lead ingested", "ingest", "test"],
      [1, "ingest", "test"],
    ],
  );
});

ingest("reads settings and secrets once for many requests, with one call", async () => {
  await using aws = await scriptedAws(({ operation, body: asked }) =>
    operation === "GetParameters" ? parametersAnswer(asked, secret) : undefined,
  );
  const variables = { AWS_ENDPOINT_URL: aws.url, ...sources };
  await withFunction("ingest", variables, ({ handler }: Ingest) =>
    withOutput(async () => [
      await handler(request(), lambdaContext(10_000)),
      await handler(request(), lambdaContext(10_000)),
    ]),
  );
  assert.equal([aws.of("GetParameters").length, aws.of("PutObject").length], [1, 2]);
});

for (const operation of ["PutObject", "GetParameters"]) {
  ingest(`tries ${operation} twice`, async () => {
    const { result, of } = await run((call, count) =>
      call.operation === operation && count === 1 ? errorAnswer("InternalServerError") : undefined,
    );
    assert.equal([result.statusCode, of(operation).length], [202, 2]);
  });
}

ingest(
  "has the time for two attempts at secrets and two at the bucket while a source waits for its answer",
  async () => {
    assert.equal(await limitsInUse(run), { SSMClient: [1000, 2], S3Client: [1300, 2] });
  },
);

for (const missing of ["SOURCES", "SOURCE_PARAMETERS", "LEADS_BUCKET", "LEADWIRE_ENVIRONMENT"]) {
  ingest(`does not start without ${missing}`, async () => {
    const variables = { ...sources, [missing]: "" };
    assert.match(await importFailure("ingest", variables), `${missing} is not set`);
  });
}

ingest.run();
