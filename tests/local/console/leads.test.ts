import { EventEmitter } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { listen } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadRef, webhookLeadId } from "../../../functions/lead/lead-id.ts";
import { consoleApp } from "../../../local/console/app.ts";
import type { ConsoleContext } from "../../../local/console/context.ts";
import type { LeadDetails, LeadsView, PathView } from "../../../local/console/shapes/leads.ts";
import { Journal } from "../../../local/journal/journal.ts";
import { tempFolder } from "../../helpers/temp-folder.ts";
import { firstSnapshot } from "./first-snapshot.ts";

const id = webhookLeadId("website", "a lead");
const key = `${id}.json`;
const lead = { first_name: "نور", email: "nour@example.com", shoe_size: 44 };
const letter = {
  body: JSON.stringify({ detail: { bucket: { name: "leads" }, object: { key: "file.json", etag: "e" } } }),
  messageAttributes: { correlationId: { StringValue: id }, reason: { StringValue: "Neither." } },
};

/** A console whose AWS is one server that answers as told. */
const down = { error: "SlowDown" };
const requested: string[] = [];
const answers: Record<string, unknown> = {
  [`/leads/${key}`]: lead,
  "/": { Item: { id: { S: `${id}#sales#0` }, state: { S: "sent" } } },
};
let server: Server;
let context: ConsoleContext;
let emitters: EventEmitter[];

const pages = suite("the Leads page's server");

pages.before(async () => {
  server = createServer((request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    // An overwritten file must show the version that the lead came from.
    const found = path === "/" || query.includes("versionId=v1") ? answers[path] : undefined;
    requested.push(path);
    response
      .writeHead(found === down ? 503 : found ? 200 : 404, { "content-type": "application/json" })
      .end(JSON.stringify(found ?? {}));
  });
  const url = await listen(server);
  const path = join(tempFolder(), "functions.log");
  const older = { function: "ingest", line: JSON.stringify({ message: "older", correlationId: id }) };
  const lines = [
    ...Array(210).fill(older),
    { function: "enrich", line: JSON.stringify({ message: "lead enriched", correlationId: id }) },
    { function: "enrich", line: JSON.stringify({ _aws: {}, correlationId: id }) },
    { function: "enrich", line: JSON.stringify({ message: "lead enriched", correlationId: "another" }) },
    { function: "ingest", line: JSON.stringify({ message: "of its request", requestId: "invocation 202" }) },
  ];
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  emitters = Array.from({ length: 5 }, () => new EventEmitter());
  const [api, gateway, logs, deadLetters, audit] = emitters;
  const parts = { api, gateway, logs: Object.assign(logs ?? {}, { path }), bucket: "leads" };
  const platform = {
    ...parts,
    deadLetters: Object.assign(deadLetters ?? {}, { contents: () => [letter, { ...letter, messageAttributes: {} }] }),
    clientSettings: () => ({
      endpoint: url,
      region: "eu-central-1",
      credentials: { accessKeyId: "made-up", secretAccessKey: "made-up" },
      forcePathStyle: true,
    }),
    mails: () => [
      ...[1, 2, 3, 4, 5, 6].map((count) => ({
        subject: `Mail ${count}`,
        headers: [{ name: "Refs", value: leadRef(id) }],
      })),
      { subject: "Alarm" },
    ],
    sources: new Map([["website", { format: "standard-webhooks" }]]),
    stack: { output: () => "ledger" },
    chats: {
      slack: {
        messages: ["old", "sales", "sales", "sales", "sales", "vip"].map((channel, number) => {
          const named = number === 5 ? { leadIds: [id], leadRefs: [] } : { leadIds: [], leadRefs: [leadRef(id)] };
          return { channel, ...named, payload: { text: "a digest" } };
        }),
      },
    },
  };
  const journal = new Journal(platform as never, audit as never);
  context = { environment: "dev", platform, journal } as unknown as ConsoleContext;
  const call = (Key: string) => ({
    call: { service: "s3", operation: "PutObject", parameters: { Bucket: "leads", Key }, caller: { kind: "role" } },
    request: { body: Buffer.from(JSON.stringify(lead)) },
    answer: { status: 200, headers: { "x-amz-version-id": "v1" } },
  });
  gateway?.emit("answered", call(key));
  gateway?.emit("answered", {
    ...call(key),
    call: {
      service: "dynamodb",
      operation: "UpdateItem",
      parameters: { Key: { id: { S: `${id}#sales#0` } }, ExpressionAttributeValues: { ":state": { S: "claimed" } } },
      caller: { kind: "role" },
    },
  });
  for (const status of [202, 401, 503]) answered(status);
  audit?.emit("notified", { leadId: id, channel: "email", milliseconds: 5 });
});
pages.after(() => void server.close());

/** A request that came a second ago and was answered now. */
function answered(status: number): void {
  const [api] = emitters;
  const receivedAt = new Date(Date.now() - 1000);
  const request = { method: "POST", url: "/website", headers: {}, body: Buffer.from("{}"), receivedAt };
  const body = Buffer.from(status === 202 ? JSON.stringify({ leads: [{ key }] }) : "{}");
  api?.emit("answered", { request, answer: { status, body }, requestId: `invocation ${status}` });
}

const snapshot = <T = LeadsView>(path: string) => firstSnapshot<T>(consoleApp(context), path);

pages("gives the latest rows that fit, the newest first, and what can be filtered by", async () => {
  const { rows, total, counts, sources, channels } = await snapshot("/api/leads/live");
  assert.equal([rows.map((row) => row.id), total], [["request-2", "request-1", id], 3]);
  assert.equal([counts.announced, counts.refused, sources], [1, 2, ["website"]]);
  assert.ok(channels.includes("email"));
  assert.is((await snapshot("/api/leads/live?source=website&place=announced&channel=email&text=a")).total, 1);
  assert.is((await snapshot("/api/leads/live?source=crm")).total, 0);
});

pages("gives the steps of a path in the order of their times, with the request", async () => {
  const { row, entries, request } = await snapshot<PathView>(`/api/leads/${id}/live`);
  assert.equal([row.place, request?.status], ["announced", 202]);
  const times = entries.map(({ at }) => at);
  assert.equal(times, times.toSorted());
});

pages(
  "reads what a path shows: objects, claim, messages, mails, dead letters and log lines that name the lead",
  async () => {
    const answer = await consoleApp(context).request(`/api/leads/${id}`);
    const { documents, verification, reading, lines } = (await answer.json()) as LeadDetails;
    assert.equal(
      documents.map(({ of, title }) => [of, title]),
      [
        ["stored", "Raw object"],
        ["claimed", "Claim in the ledger, as it is now"],
        ...["sales", "sales", "sales", "sales", "vip"].map((name) => ["announced", `Message by slack in #${name}`]),
        ...[2, 3, 4, 5, 6].map((count) => ["announced", `Mail: Mail ${count}`]),
        ["dead-lettered", "Dead letter"],
      ],
    );
    assert.equal([documents[0]?.value, documents[1]?.value], [lead, { id: `${id}#sales#0`, state: "sent" }]);
    assert.match(verification ?? "", /^Verified by the secret/);
    assert.ok(reading?.fields.some((one) => one.field === "email.address" && one.foundAt === "email"));
    assert.equal(reading?.leftAside, ["shoe_size"]);
    assert.equal(
      lines.map(({ line }) => JSON.parse(line).message),
      [...Array(198).fill("older"), "lead enriched", "of its request"],
    );
  },
);

pages("says of a refused request that it is not verified, and of an unknown lead that there is none", async () => {
  for (const status of [400, 404, 500]) answered(status);
  const found: LeadDetails[] = [];
  for (const number of [1, 2, 3, 4, 5]) {
    found.push((await (await consoleApp(context).request(`/api/leads/request-${number}`)).json()) as LeadDetails);
  }
  assert.equal(
    found.map(({ documents, verification = "" }) => [documents, verification]),
    [
      [[], "Not verified by the secret signing-secret of Webhook, so nothing was looked into."],
      [[], ""],
      [[], "Verified by the secret signing-secret of Webhook."],
      [[], "Not verified: the answer came before that."],
      [[], ""],
    ],
  );
  const unknown = await consoleApp(context).request("/api/leads/nobody");
  assert.equal(
    [unknown.status, ((await unknown.json()) as { error: string }).error.slice(0, 26)],
    [404, "The run knows no such lead"],
  );
  assert.match((await snapshot<{ error: string }>("/api/leads/nobody/live")).error, /no such lead/);
});

pages("shows the start of a large object, and the first 60 of many rows", async () => {
  answers[`/leads/${key}`] = { ...lead, message: "x".repeat(200_000) };
  const details = (await (await consoleApp(context).request(`/api/leads/${id}`)).json()) as LeadDetails;
  const text = String(details.documents[0]?.value);
  const bytes = JSON.stringify(answers[`/leads/${key}`]);
  const all = Buffer.byteLength(bytes);
  assert.is(text, `${Buffer.from(bytes).subarray(0, 100_000)}\n… ${all} bytes in all`);
  for (let count = 0; count < 70; count += 1) answered(401);
  const { rows, total } = await snapshot("/api/leads/live");
  assert.equal([rows.length, total], [60, 76]);
});

pages("asks a service that is down once, and shows the rest", async () => {
  Object.assign(answers, { [`/leads/${key}`]: down, "/": down });
  requested.length = 0;
  const { documents } = (await (await consoleApp(context).request(`/api/leads/${id}`)).json()) as LeadDetails;
  assert.equal(requested.toSorted(), ["/", `/leads/${key}`]);
  assert.equal(
    documents.map(({ of }) => of),
    [...Array(10).fill("announced"), "dead-lettered"],
  );
});

pages("a log that somebody removed takes only its lines from the page", async () => {
  rmSync(context.platform.logs.path);
  const answer = await consoleApp(context).request(`/api/leads/${id}`);
  const { documents, lines } = (await answer.json()) as LeadDetails;
  assert.equal([documents.length > 0, lines], [true, []]);
});

pages.run();
