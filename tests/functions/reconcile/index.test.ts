import { suite } from "uvu";
import * as assert from "uvu/assert";
import { announcementId } from "../../../functions/lead/announcement-id.ts";
import { enrichedKey, fetchedKey, rawKey, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { limitsInUse } from "../../helpers/client-limits.ts";
import { enrichedLead } from "../../helpers/leads.ts";
import { lambdaContext, withFunction, withOutput } from "../run-function.ts";
import { type Answers, missingAnswer, objectAnswer, parametersAnswer, scriptedAws } from "../scripted-aws.ts";

type Reconcile = typeof import("../../../functions/reconcile/index.ts");

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const listingOf = (entry: string, keys: readonly string[], more = "") =>
  keys
    .map((key) => {
      const about = `<ETag>"e1"</ETag><Size>10</Size><LastModified>${hoursAgo(2).toISOString()}</LastModified>`;
      return `<${entry}><Key>${key}</Key>${about}${more}</${entry}>`;
    })
    .join("");

interface Bucket {
  readonly raw?: readonly string[];
  readonly enriched?: readonly string[];
  readonly objects: Readonly<Record<string, string>>;
  readonly format?: string;
}

/** Invokes the function with a bucket, and a ledger in which one announcement was sent. */
async function run(compare: "announced" | "enriched", { raw = [], enriched = [], objects, format }: Bucket, sent = "") {
  const answers: Answers = ({ operation, query, path, body }) => {
    if (query.has("versions")) return { body: `<R>${listingOf("Version", raw, "<VersionId>v1</VersionId>")}</R>` };
    if (query.has("list-type")) return { body: `<R>${listingOf("Contents", enriched)}</R>` };
    if (operation === "GetParameters") return parametersAnswer(body, "");
    if (operation === "GetItem" && body.includes("ledger#routes")) {
      return { body: JSON.stringify({ Item: { destinations: { SS: ["#sales"] } } }) };
    }
    if (operation === "BatchGetItem") {
      return { body: JSON.stringify({ Responses: { ledger: [{ id: { S: sent }, state: { S: "sent" } }] } }) };
    }
    const text = objects[path.replace("/leads/", "")];
    if (text !== undefined) return objectAnswer(text, format ? { format } : {});
    return operation === "GetObject" ? missingAnswer : undefined;
  };
  await using aws = await scriptedAws(answers);
  const variables = {
    AWS_ENDPOINT_URL: aws.url,
    LEDGER_TABLE: "ledger",
    MESSAGE_DAYS: "17",
    DEFAULT_COUNTRY: "DE",
    SOURCES: '{"website":"standard-webhooks","crm":"hubspot"}',
    SOURCE_PARAMETERS: "/leadwire/test/sources",
  };
  const { lines } = await withFunction("reconcile", variables, ({ handler }: Reconcile) =>
    withOutput(() => handler({ compare }, lambdaContext(900_000))),
  );
  return { of: aws.of, lines };
}

const reconcile = suite("reconcile index");

reconcile("counts the enriched leads that the ledger does not know as sent, and no invalid one", async () => {
  const leads = ["a", "b"].map((name) => enrichedLead({ id: webhookLeadId("website", name) }));
  const keys = leads.map(({ id }) => enrichedKey(id, hoursAgo(2)));
  const invalid = enrichedKey(webhookLeadId("website", "c"), hoursAgo(2));
  const valid = leads.map((lead, index) => [keys[index], JSON.stringify(lead)]);
  const objects = { ...Object.fromEntries(valid), [invalid]: "{}" };
  const [first, second] = leads;
  const sent = first ? announcementId(first, "#sales") : "";
  const { lines, of } = await run("announced", { enriched: [...keys, invalid], objects }, sent);
  assert.equal(
    lines.filter(({ message }) => message === "lead stopped").map(({ correlationId, stage }) => [correlationId, stage]),
    [[second?.id, "notify"]],
  );
  assert.equal(
    lines
      .filter(({ UnannouncedLeads }) => UnannouncedLeads !== undefined)
      .map((line) => [line.UnannouncedLeads, line.service, line.environment, line.requestId]),
    [[1, "reconcile", "test", "invocation-1"]],
  );
  // A lead of the first day of the window can be below the day of a raw object that is as old as messages can be.
  const [listing] = of("GetObject").filter(({ query }) => query.has("list-type"));
  assert.is(
    listing?.query.get("start-after"),
    `enriched/dt=${hoursAgo(1 + 2 * 17 * 24)
      .toISOString()
      .slice(0, 10)}`,
  );
  assert.equal(new Set(of("PutItem").map(({ body }) => JSON.parse(body).Item.id.S)), new Set(["reconcile#announced"]));
});

reconcile("counts the raw leads that are not enriched, and no invalid one, and enriches none", async () => {
  const [valid, invalid] = [webhookLeadId("website", "a"), webhookLeadId("website", "b")];
  // No source of the environment, though every object of JavaScript has a property of this name.
  const unknown = webhookLeadId("constructor", "a");
  const objects = {
    ...{ [rawKey(valid)]: '{"phone":"030 123456"}', [rawKey(invalid)]: "{}" },
    [rawKey(unknown)]: '{"email":"jane@acme.example"}',
  };
  const { lines, of } = await run("enriched", { raw: Object.keys(objects), objects, format: "standard-webhooks" });
  assert.equal(
    lines
      .filter(({ message }) => message === "lead stopped")
      .map(({ correlationId, reason }) => [correlationId, reason]),
    [valid, unknown].map((id) => [id, "not enriched"]),
  );
  assert.equal(
    lines.flatMap(({ UnenrichedLeads }) => UnenrichedLeads ?? []),
    [2],
  );
  assert.equal(
    of("GetParameters").flatMap(({ body }) => JSON.parse(body).Names),
    ["/leadwire/test/sources/website/settings"],
  );
  assert.equal(of("PutObject"), []);
});

reconcile(
  "asks no source's API for the record of a lead, and counts it, whether it was fetched before or not",
  async () => {
    const [id, fetched] = [webhookLeadId("crm", 1, 2), webhookLeadId("crm", 1, 3)];
    const event = '{"objectId":2,"portalId":1,"subscriptionType":"object.creation"}';
    const objects = {
      ...{ [rawKey(id)]: event, [rawKey(fetched)]: event },
      [fetchedKey(fetched)]: '{"properties":{"email":"jane@acme.example"}}',
    };
    const { lines, of } = await run("enriched", { raw: [rawKey(id), rawKey(fetched)], objects, format: "hubspot" });
    assert.equal(
      lines.flatMap(({ message, correlationId, reason }) =>
        message === "lead stopped" ? [[correlationId, reason]] : [],
      ),
      [
        [id, "not enriched: FetchFailed"],
        [fetched, "not enriched"],
      ],
    );
    assert.equal([of("PutObject").length, of("GetParameters").length], [0, 1]);
  },
);

reconcile("lets every service take its time, because nobody waits for it", async () => {
  const id = webhookLeadId("website", "a");
  const objects = { [rawKey(id)]: "{}" };
  const limits = await limitsInUse(() => run("enriched", { raw: Object.keys(objects), objects }));
  assert.equal(limits, { DynamoDBClient: [10_000, 4], S3Client: [10_000, 3], SSMClient: [1000, 2] });
});

reconcile.run();
