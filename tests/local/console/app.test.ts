import { Hono } from "hono";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { environments } from "../../../environments/index.ts";
import { consoleApp } from "../../../local/console/app.ts";
import { type ConsoleContext, environmentOf } from "../../../local/console/context.ts";
import { live } from "../../../local/console/live.ts";
import type { Platform } from "../../../local/platform.ts";
import { inTime } from "../../helpers/in-time.ts";

const platform = {
  crm: { example: (name: string) => `{"from":"${name}, it's"}` },
  desk: { url: "http://127.0.0.1:7272" },
  endpoint: "http://127.0.0.1:4000",
  sources: new Map([["website", { format: "standard-webhooks" }]]),
} as unknown as Platform;
const app = consoleApp({ environment: "dev", platform } as ConsoleContext);

const consoleSuite = suite("the console's server");

consoleSuite("gives the same document for every page, with nothing from elsewhere allowed", async () => {
  for (const path of ["/", "/sources", "/leads/crm-1"]) {
    const answer = await app.request(path);
    assert.is(answer.status, 200);
    assert.match(await answer.text(), 'data-environment="dev"');
    assert.equal(
      ["content-security-policy", "x-frame-options"].map((name) => answer.headers.get(name)),
      [
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
        "SAMEORIGIN",
      ],
    );
  }
});

consoleSuite("knows the environment by its name, and takes a stack of another name for dev", () => {
  const found = ["prod", "mine", "toString"].map((environment) => environmentOf({ environment }));
  assert.equal(found, [environments.prod, environments.dev, environments.dev]);
});

consoleSuite("escapes the name of the environment, which is a folder's with --stack", async () => {
  const odd = consoleApp({ environment: '"><script>', platform } as ConsoleContext);
  assert.not.match(await (await odd.request("/")).text(), '"><script>');
});

consoleSuite("bundles the scripts and styles of the pages", async () => {
  for (const [name, type] of [
    ["main.js", "text/javascript"],
    ["main.css", "text/css"],
  ]) {
    const answer = await app.request(`/assets/${name}`);
    assert.is(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", type ?? "");
    assert.ok((await answer.text()).length > 1000);
  }
  assert.is((await app.request("/assets/other.js")).status, 404);
});

consoleSuite("answers an address of no page with a sentence", async () => {
  const answer = await app.request("/api/nothing", { method: "POST" });
  assert.is(answer.status, 404);
  assert.equal(await answer.json(), { error: "There is no such address." });
});

consoleSuite("gives a command for each source, quoted for a shell", async () => {
  const answer = await app.request("/api/sources");
  assert.equal(await answer.json(), [
    {
      name: "website",
      format: "standard-webhooks",
      endpoint: "http://127.0.0.1:4000/website",
      curl: `curl -s http://127.0.0.1:7272/crm/website -d '{"from":"website, it'\\''s"}'`,
    },
  ]);
});

consoleSuite("answers a mistake of the console's own with 500 and what failed", async () => {
  const answer = await app.request("/api/numbers/compare", { method: "POST" });
  assert.is(answer.status, 500);
  assert.match(((await answer.json()) as { error: string }).error, "undefined");
});

consoleSuite("sends a live snapshot at once, and another one only when it has changed", async () => {
  const snapshots = [1, 1, 2];
  const answer = await new Hono().get("/", (c) => live(c, () => snapshots.shift() ?? 2)).request("/");
  const reader = answer.body?.getReader();
  const next = () => inTime("a snapshot", (resolve) => void reader?.read().then(resolve));
  const events = [await next(), await next()] as { readonly value: Uint8Array }[];
  await reader?.cancel();
  assert.equal(
    events.map(({ value }) => new TextDecoder().decode(value)),
    ["data: 1\n\n", "data: 2\n\n"],
  );
});

consoleSuite.run();
