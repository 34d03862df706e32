import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Pool, request } from "undici";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Crm } from "../../../local/crm.ts";
import { Desk, isOwnRequest } from "../../../local/desk.ts";
import { leadIdsHeader } from "../../../local/lead-ids.ts";
import { failureOf } from "../../helpers/failure.ts";
import { httpServer } from "../../helpers/http-server.ts";
import { inTime } from "../../helpers/in-time.ts";

const clientSettings = () => ({
  endpoint: "http://127.0.0.1:9",
  region: "eu-central-1",
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  forcePathStyle: true as const,
});
const newDesk = () => new Desk({} as Crm, { clientSettings }, "bucket");

/** A desk, a CRM that answers so, and an S3 that answers with this status. Returns what each was asked. */
async function startDesk({ crmStatus = 202, s3Status = 200 } = {}) {
  const asked: unknown[] = [];
  const answered = async (...what: unknown[]) => {
    asked.push(what);
    return { status: crmStatus, body: "an answer", leadIds: ["website-1", "website-2"] };
  };
  const crm = {
    sendMadeUp: (source: string) => answered("made up", source),
    sign: (source: string, body: string) => `${body} signed as ${source}`,
    send: answered,
  };
  const s3 = await httpServer(async (request, response) => {
    asked.push([request.method, request.url?.split("?")[0], request.headers["content-type"], await text(request)]);
    response.writeHead(s3Status).end(s3Status === 200 ? "" : "<Error><Code>AccessDenied</Code></Error>");
  });
  const settings = () => ({ ...clientSettings(), endpoint: s3.url, maxAttempts: 1 });
  const server = new Desk(crm as unknown as Crm, { clientSettings: settings }, "bucket");
  await server.start();
  const send = async (method: "POST" | "PUT", path: string, body: string, headers = {}) => {
    const { statusCode, headers: named, body: said } = await request(server.url + path, { method, body, headers });
    return [statusCode, named[leadIdsHeader], await said.text()];
  };
  const close = async () => {
    await server.stop();
    await s3[Symbol.asyncDispose]();
  };
  return { asked, send, [Symbol.asyncDispose]: close };
}

const desk = suite("the run's one address");

for (const [what, headers, isOwn] of [
  ["localhost", { host: "localhost:7272" }, true],
  ["IPv6", { host: "[::1]:7272" }, true],
  ["its own page", { host: "127.0.0.1:7272", origin: "http://127.0.0.1:7272" }, true],
  ["a name that points at this machine", { host: "rebound.example.com:7272" }, false],
  ["a name that begins like a local one", { host: "localhost.example.com:7272" }, false],
  ["another port", { host: "localhost:3000" }, false],
  ["no host", {}, false],
  ["a host that is none", { host: "a b" }, false],
  ["a page of another origin", { host: "127.0.0.1:7272", origin: "https://example.com" }, false],
  ["a page on another port of this machine", { host: "localhost:7272", origin: "http://localhost:3000" }, false],
  ["a page in a frame without an origin", { host: "localhost:7272", origin: "null" }, false],
] as const) {
  desk(`${isOwn ? "answers" : "refuses"} ${what}`, () => assert.is(isOwnRequest(headers, 7272), isOwn));
}

desk("refuses a foreign Host with a sentence, whatever it asks for", async () => {
  const server = newDesk();
  await server.start();
  const pool = new Pool(server.url);
  for (const path of ["/", "/crm/website", "/api/sources", "/assets/main.js"]) {
    const { statusCode, body } = await pool.request({ method: "GET", path, headers: { host: "evil.example.com" } });
    assert.is(statusCode, 403);
    assert.match(await body.text(), /Only this machine is answered/);
  }
  await pool.close();
  await server.stop();
});

desk("does nothing of what a refused request asks for", async () => {
  await using run = await startDesk();
  const origin = { origin: "https://example.com" };
  for (const [method, path] of [
    ["POST", "/crm/website"],
    ["PUT", "/bucket/a.json"],
  ] as const) {
    assert.is((await run.send(method, path, "{}", origin))[0], 403);
  }
  assert.equal(run.asked, []);
});

desk("sends what is posted, or a made-up lead, and names the leads that were accepted", async () => {
  await using run = await startDesk();
  const answer = [202, "website-1,website-2", "an answer\n"];
  assert.equal(await run.send("POST", "/crm/my%20site", '{"a":1}'), answer);
  assert.equal(await run.send("POST", "/crm/website", ""), answer);
  assert.equal(run.asked, [
    ['{"a":1} signed as my site', "my site", [], 1],
    ["made up", "website"],
  ]);
});

desk("answers 502 when the endpoint gave no answer", async () => {
  await using run = await startDesk({ crmStatus: 0 });
  assert.is((await run.send("POST", "/crm/website", "{}"))[0], 502);
});

desk("stores a file as JSON, and answers as S3 does", async () => {
  for (const [s3Status, said] of [
    [200, "stored as my lead.json\n"],
    [403, "AccessDenied: UnknownError\n"],
  ] as const) {
    await using run = await startDesk({ s3Status });
    assert.equal(await run.send("PUT", "/bucket/my%20lead.json", "{}"), [s3Status, undefined, said]);
    assert.equal(run.asked, [["PUT", "/bucket/my%20lead.json", "application/json", "{}"]]);
  }
});

desk("stops although an answer goes on", async () => {
  const server = newDesk();
  server.pages = (_, response) => void response.write("data: 1\n\n");
  await server.start();
  const { body } = await request(server.url);
  const ended = body.text().catch(() => "broken off");
  await inTime<void>("the end of the desk", (resolve) => void server.stop().then(resolve));
  assert.is(await ended, "broken off");
});

desk("tries no further port when the first one cannot be any program's", async () => {
  assert.match((await failureOf(newDesk().start(70_000))).message, "70000");
});

desk("takes the next free port when another program has the one it wants", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const server = newDesk();
  await server.start(port);
  assert.ok(Number(new URL(server.url).port) > port);
  await server.stop();
  other.close();
});

desk.run();
