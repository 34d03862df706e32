import { suite } from "uvu";
import * as assert from "uvu/assert";
import { consoleApp } from "../../../local/console/app.ts";
import type { ConsoleContext } from "../../../local/console/context.ts";
import type { Platform } from "../../../local/platform.ts";

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

consoleSuite.run();
