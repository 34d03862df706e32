import { mapKeys } from "es-toolkit/object";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { runCommand } from "../../../command-line/program.ts";
import { environments } from "../../../environments/index.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import { UnprovenRequestError } from "../../../functions/sources/door.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import type { CurrentRun } from "../../../local/current-run.ts";
import { LocalRunError } from "../../../local/errors.ts";
import { send } from "../../../local/send/command.ts";
import { makeSecrets, senders } from "../../../local/senders/index.ts";
import { sourceRequest } from "../../functions/sources/source-request.ts";
import { recordedTimeLimits } from "../../helpers/time-limits.ts";

const run: CurrentRun = {
  processId: 1,
  env: "dev",
  address: "http://127.0.0.1:7272",
  endpoint: "http://127.0.0.1:1",
  sources: ["website", "crm"],
  aws: {
    endpoint: "http://127.0.0.1:3",
    region: "eu-central-1",
    credentials: { accessKeyId: "A", secretAccessKey: "made-up" },
    forcePathStyle: true,
  },
  outputs: {},
  log: "/tmp/dev.log",
};
const leadId = `website-${"0".repeat(32)}`;
const accepted = () => new Response(`{"key":"${leadId}.json"}`, { status: 202 });

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly answer?: () => Response | Promise<Response>;
  readonly currentRun?: () => CurrentRun;
}

/** What a command line sends and prints. */
async function sent(args: readonly string[], { files = {}, answer = accepted, currentRun = () => run }: Given = {}) {
  const requests: { url: string; method: string; headers: Record<string, string>; body: string }[] = [];
  const printed: string[] = [];
  const errors: string[] = [];
  const print = (line: string) => void printed.push(line);
  const code = await runCommand(
    send,
    args,
    { print, error: (problem) => errors.push(String(problem)) },
    {
      currentRun,
      print,
      read: async (path) => files[path] ?? Promise.reject(Object.assign(new Error("none"), { code: "ENOENT" })),
      fetch: async (url, { method = "", headers, body, redirect, signal }) => {
        signal?.throwIfAborted();
        assert.is(redirect, "error", "what a request proves goes to no other address");
        requests.push({ url, method, headers: { ...(headers as Record<string, string>) }, body: String(body) });
        return answer();
      },
    },
  );
  return { code, requests, printed: printed.join("\n"), errors: errors.join("\n") };
}

const endpoint = "https://abc.execute-api.eu-central-1.amazonaws.com";
const command = suite("npm run send");

command("without options, the run makes up a lead of the first source that takes any JSON", async () => {
  const answer = () => new Response("stored", { status: 202, headers: { "leadwire-lead-ids": leadId } });
  const { code, requests, printed } = await sent([], { answer });
  assert.equal(
    requests.map(({ method, url, body }) => [method, url, body]),
    [["POST", "http://127.0.0.1:7272/crm/website", ""]],
  );
  assert.match(printed, "http://127.0.0.1:1/website answered 202: stored");
  assert.match(printed, `Lead: http://127.0.0.1:7272/leads/${leadId}`);
  assert.is(code, 0);
});

command("a file is sent to the run as it is, by the source that is named", async () => {
  const { requests } = await sent(["-", "--source", "crm"], { files: { "-": '{"id": 1.0}' } });
  assert.equal(
    requests.map(({ url, body }) => [url, body]),
    [["http://127.0.0.1:7272/crm/crm", '{"id": 1.0}']],
  );
});

for (const [name, { format, ...given }] of Object.entries<{ readonly format: SourceFormat }>(
  environments.demo.sources,
)) {
  command(`a ${format} request to a deployed endpoint has the proof of the secret in the file`, async () => {
    const declaration: SourceDeclaration = sourceFormats[format];
    const { secrets } = declaration;
    const { [secrets[0]]: secret = "" } = makeSecrets(format, [secrets[0]], "seed");
    const others = makeSecrets(format, [secrets[0]], 'a "second" seed');
    const event = { url: endpoint, eventId: "event", at: new Date() };
    const file = senders[format].body([{ id: "1" }], { secrets: others, settings: given }, event);
    const files = { secret: `${secret}\n`, file };
    const args = ["file", "--source", name, "--env", "demo", "--url", endpoint, "--secret-file", "secret"];
    const { requests } = await sent(args, { files });
    const { url = "", headers, body = "" } = requests[0] ?? {};
    const { host, pathname, search, origin } = new URL(url);
    assert.equal([origin, pathname], [endpoint, `/${name}`]);
    const request = sourceRequest({
      method: "POST",
      path: pathname,
      query: search.slice(1),
      headers: { host, ...mapKeys({ ...headers }, (_, header) => header.toLowerCase()) },
      body: Buffer.from(body),
    });
    const { door } = await declaration.door();
    const context = (by: string) => ({
      secrets: [by],
      otherSecrets: {},
      settings: filledSettings(declaration, given),
      now: new Date(),
    });
    assert.not.throws(() => door.verify(request, context(secret)));
    const [other = ""] = Object.values(others);
    assert.throws(
      () => door.verify(request, context(other)),
      (error: unknown) => error instanceof UnprovenRequestError,
    );
  });
}

command("the URL may end with the source's name, which then needs no option, or with a stage", async () => {
  const files = { secret: "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0" };
  for (const [args, expected] of [
    [["--url", `${endpoint}/website/`], `${endpoint}/website`],
    [["--url", `${endpoint}/website`, "--source", "website"], `${endpoint}/website`],
    [["--url", `${endpoint}/v1`, "--source", "website"], `${endpoint}/v1/website`],
    ...["127.0.0.1", "localhost", "[::1]"].map((host) => {
      const url = `http://${host}:9/website`;
      return [["--url", url], url] as const;
    }),
  ] as const) {
    const { requests, code, printed } = await sent([...args, "--secret-file", "secret", "--env", "prod"], { files });
    assert.equal([requests.map(({ url }) => url), code], [[expected], 0]);
    assert.match(printed, `Lead: ${leadId}, in the log groups /aws/lambda/leadwire-prod-*`);
  }
});

command("--env gives the settings of the source, and is dev unless somebody says it", async () => {
  const files = { secret: "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0" };
  const args = ["--url", `${endpoint}/salesforce`, "--secret-file", "secret"];
  const { requests } = await sent([...args, "--env", "demo"], { files });
  assert.match(requests[0]?.body ?? "", "00D000000000001");
  const { printed } = await sent(["--url", `${endpoint}/website`, ...args.slice(2)], { files });
  assert.match(printed, "/aws/lambda/leadwire-dev-*");
});

command("an answer that is no success ends with 1, and a refused signature says what to look at", async () => {
  const answer = () => new Response("Unauthorized", { status: 401 });
  const { code, printed } = await sent([], { answer });
  assert.match(printed, /answered 401: Unauthorized\nThe signature is not the source's: look at the secret/);
  assert.is(code, 1);
  const failed = await sent([], { answer: () => new Response("Unavailable", { status: 500 }) });
  assert.equal([failed.code, failed.printed], [1, "http://127.0.0.1:1/website answered 500: Unavailable"]);
});

command("no run and no answer end with 1 and a sentence", async () => {
  const none = () => {
    throw new LocalRunError("NoRun", "No run.");
  };
  const { code, errors } = await sent([], { currentRun: none });
  assert.equal([code, errors], [1, "No run."]);
  const refused = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
  const unreachable = await sent([], { answer: () => Promise.reject(refused) });
  assert.equal([unreachable.code, unreachable.errors], [1, "http://127.0.0.1:7272 gave no answer: ECONNREFUSED."]);
  using time = recordedTimeLimits();
  const late = await sent([]);
  assert.equal(
    [late.code, late.errors, time.limits],
    [1, "http://127.0.0.1:7272 gave no answer: TimeoutError.", [40_000]],
  );
});

const secret = ["--secret-file", "secret"];
for (const [args, problem] of [
  [["--source", "crn"], /'crn' is no source of the run\. Allowed: website, crm\./],
  [["none.json"], /none\.json cannot be read: ENOENT\./],
  [["--url", endpoint], /--url and --secret-file go together/],
  [secret, /--url and --secret-file go together/],
  [["--url", "http://example.com/website", ...secret], /Allowed: a URL with https, or one of this machine\./],
  [["--url", `${endpoint}/nobody`, ...secret], /'nobody' is unknown\. Allowed: sources of the environment/],
  [["--url", `${endpoint}/hubspot`, ...secret], /events of hubspot hold only ids/],
] as const) {
  command(`"${args.join(" ")}" ends with 2, and sends nothing`, async () => {
    const { code, requests, errors } = await sent(args, { files: { secret: "s" } });
    assert.match(errors, problem);
    assert.equal([code, requests], [2, []]);
  });
}

command.run();
