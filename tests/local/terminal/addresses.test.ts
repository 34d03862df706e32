import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Crm, type SendingSource } from "../../../local/crm.ts";
import { makeSecrets, senders } from "../../../local/senders/index.ts";
import { addresses, curlLine } from "../../../local/terminal/addresses.ts";

const settings = { hmac: { header: "X-Signature" }, token: { header: "Authorization" }, typeform: {} } as const;
type Format = keyof typeof settings;

/** A run with one source of a format, which has the format's name. */
function runWith(format: Format, url = "http://127.0.0.1:1") {
  const secretName = { hmac: "signing-secret", token: "token", typeform: "signing-secret" }[format];
  const secrets = makeSecrets(format, [secretName], "seed");
  const source = { format, sender: senders[format], secrets, settings: settings[format], settingsParameter: "" };
  const sources = new Map<string, typeof source & SendingSource>([[format, source]]);
  const crm = new Crm({ endpoint: url, sources, seed: 1 });
  return { endpoint: url, desk: { url: `${url}/desk` }, crm, sources, logs: { path: "/tmp/dev.log" }, secrets };
}
type Addressed = Parameters<typeof addresses>[0];

const lines = suite("addresses of a run");

lines("curl posts to the endpoint where the proof stays the same, and else to the address that signs", () => {
  const token = runWith("token");
  const direct = curlLine(token as unknown as Addressed, "token");
  assert.match(direct, `curl -s http://127.0.0.1:1/token -H 'content-type: application/json'`);
  assert.match(direct, `Authorization: Bearer ${token.secrets.token}`);
  assert.match(
    curlLine(runWith("typeform") as unknown as Addressed, "typeform"),
    /^curl -s -X POST \S+\/desk\/crm\/typeform$/,
  );
});

lines("each source has its line and its secret", () => {
  const run = runWith("token");
  const text = addresses(run as unknown as Addressed);
  assert.match(text, `token ${run.secrets.token}`);
  assert.match(text, "endpoint  http://127.0.0.1:1/SOURCE");
  assert.match(text, "/tmp/dev.log");
});

lines.run();
