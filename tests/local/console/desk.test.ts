import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool } from "undici";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Crm } from "../../../local/crm.ts";
import { Desk, isOwnRequest } from "../../../local/desk.ts";

const clientSettings = () => ({
  endpoint: "http://127.0.0.1:9",
  region: "eu-central-1",
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  forcePathStyle: true as const,
});
const newDesk = () => new Desk({} as Crm, { clientSettings }, "bucket");

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
