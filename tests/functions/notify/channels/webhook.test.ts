import type { SSMClient } from "@aws-sdk/client-ssm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Outcome } from "../../../../functions/notify/channels/channel.ts";
import {
  openWebhookChannel,
  pauseSeconds,
  postToWebhook,
  type WebhookAnswer,
} from "../../../../functions/notify/channels/webhook.ts";
import type { FailureKind } from "../../../../functions/runtime/failures.ts";
import { createSecretReader, SecretMissingError } from "../../../../functions/runtime/secrets.ts";
import { awsError, recordedLog } from "../../../helpers/fakes.ts";
import { httpServer } from "../../../helpers/http-server.ts";
import { bareLead } from "../../../helpers/leads.ts";

const message = { text: "New lead", blocks: [] };
const at = (url: string) => async () => url;
const never = new AbortController().signal;
const classified: Outcome = { status: "delivered" };

/** Posts the message, and returns the outcome and the answers that were classified. */
async function post(readUrl: () => Promise<string>, signal = never) {
  const answers: WebhookAnswer[] = [];
  const outcome = await postToWebhook(readUrl, message, signal, (answer) => {
    answers.push(answer);
    return classified;
  });
  return { answers, outcome };
}

const webhook = suite("webhook");

webhook("posts the message as JSON and classifies the answer", async () => {
  let received = "";
  await using service = await httpServer(async (request, response) => {
    received = `${request.method} ${request.url} ${request.headers["content-type"]} `;
    for await (const chunk of request) received += chunk;
    response.writeHead(429, { "retry-after": "30" }).end(" rate_limited\n");
  });
  const { answers, outcome } = await post(at(`${service.url}/services/T/B/secret`));
  assert.equal([answers, outcome], [[{ status: 429, body: "rate_limited", retryAfter: "30" }], classified]);
  assert.is(received, 'POST /services/T/B/secret application/json; charset=utf-8 {"text":"New lead","blocks":[]}');
});

for (const [retryAfter, seconds] of [
  ["30", 30],
  ["900", 900],
  ["901", 900],
  ["99999999999999999999", 900],
  ["0", 1],
  ["-5", 1],
  ["1e9", 1],
  ["Infinity", 1],
  ["soon", 1],
  ["Wed, 21 Oct 2026 07:28:00 GMT", 1],
  ["", 1],
  [null, 1],
] as const) {
  webhook(`Retry-After: ${retryAfter} is a pause of ${seconds} s`, () => assert.is(pauseSeconds(retryAfter), seconds));
}

webhook("does not follow a redirect, which would hand the leads to somebody else", async () => {
  const asked: (string | undefined)[] = [];
  await using service = await httpServer((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: `/elsewhere` }).end();
  });
  const { answers } = await post(at(`${service.url}/webhook`));
  assert.equal(answers, [{ status: 307, body: "", retryAfter: null }]);
  assert.equal(asked, ["/webhook"]);
});

webhook("has an unknown outcome when nobody answers in time", async () => {
  await using service = await httpServer(() => {});
  const { outcome } = await post(at(service.url), AbortSignal.timeout(50));
  assert.equal(outcome, { status: "unknown", reason: "TimeoutError" });
});

webhook("has an unknown outcome when an answer begins and does not end in time", async () => {
  await using service = await httpServer((_, response) => {
    response.writeHead(200, { "content-length": "2" }).write("o");
  });
  const { outcome } = await post(at(service.url), AbortSignal.timeout(50));
  assert.equal(outcome, { status: "unknown", reason: "TimeoutError" });
});

webhook("has an unknown outcome when the connection breaks", async () => {
  await using service = await httpServer((request) => request.socket.destroy());
  const { outcome } = await post(at(service.url));
  assert.is(outcome.status, "unknown");
});

webhook("is refused for the moment by a server that is not there", async () => {
  let url = "";
  {
    await using gone = await httpServer(() => {});
    url = gone.url;
  }
  const { outcome } = await post(at(url));
  assert.equal(outcome, { status: "refused", reason: "ECONNREFUSED", remedy: "retry" });
});

webhook("posts once, also after a 421, after which fetch would post again by itself", async () => {
  let posts = 0;
  await using service = await httpServer((request, response) => {
    posts += 1;
    request.resume();
    response.writeHead(421).end();
  });
  const { answers } = await post(at(service.url));
  assert.equal([posts, answers], [1, [{ status: 421, body: "", retryAfter: null }]]);
});

webhook("sends the length of a message that is not ASCII in bytes", async () => {
  const received: unknown[] = [];
  await using service = await httpServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    received.push(request.headers["content-length"], body);
    response.end("ok");
  });
  await postToWebhook(at(service.url), { text: "Zoë 🎉" }, never, () => classified);
  assert.equal(received, ["20", '{"text":"Zoë 🎉"}']);
});

const notPosted = async (readUrl: () => Promise<string>, signal = never) => (await post(readUrl, signal)).outcome;
const refused = (reason: string, kind: FailureKind) => ({ status: "refused", reason, remedy: "giveUp", kind });

webhook("is refused for good without a usable URL, and does not show it", async () => {
  assert.equal(
    await notPosted(at("not a url/secret")),
    refused("webhook URL not usable: no URL of a webhook", "needsPerson"),
  );
});

for (const url of [
  "ftp://hooks.example/secret",
  "https://user@hooks.example/secret",
  "https://:word@hooks.example/secret",
]) {
  webhook(`is refused for good with a URL to which fetch sends nothing: ${url}`, async () => {
    assert.equal(await notPosted(at(url)), refused("webhook URL not usable: no URL of a webhook", "needsPerson"));
  });
}

webhook("reads no more of an answer than its start", async () => {
  const endless = 50_000_000;
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  await using service = await httpServer((_, response) => {
    const more = () => {
      do sent += 65_536;
      while (sent < endless && !response.destroyed && response.write("a".repeat(65_536)));
      if (sent >= endless) response.end();
    };
    response.on("drain", more).on("close", closed.resolve).writeHead(200);
    more();
  });
  const { answers } = await post(at(service.url));
  await closed.promise;
  const read = answers[0]?.body.length ?? 0;
  assert.ok(read >= 4096 && read < 1_000_000 && sent < endless, `${sent} bytes were sent, ${read} were read`);
});

for (const [error, reason, kind] of [
  [new SecretMissingError("/leadwire/dev/slack/sales/webhook-url"), "SecretMissing", "needsPerson"],
  [awsError("AccessDeniedException", 400), "AccessDeniedException", "needsPerson"],
  [awsError("ThrottlingException", 400), "ThrottlingException", "unavailable"],
  [awsError("InternalServerError", 500), "InternalServerError", "unavailable"],
  [awsError("ValidationException", 400), "ValidationException", "fault"],
] as const) {
  webhook(`is not posted to when reading its URL ends with ${reason}: ${kind}`, async () => {
    assert.equal(await notPosted(() => Promise.reject(error)), refused(`webhook URL not usable: ${reason}`, kind));
  });
}

webhook("has nothing under way when it is refused because the URL was not read in time", async () => {
  let underWay = 0;
  const send = async (_: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal }) => {
    underWay += 1;
    await new Promise((done) => abortSignal?.addEventListener("abort", done));
    underWay -= 1;
    throw abortSignal?.reason;
  };
  const variable = <Value>() => ({ webhookParameters: { sales: "/sales" }, patienceSeconds: 1 }) as Value;
  const tools = { variable, secret: createSecretReader({ send } as unknown as SSMClient), log: recordedLog() };
  const open = openWebhookChannel(
    { name: "slack" },
    () => message,
    () => classified,
  );
  const ending = new AbortController();
  const leads = [{ lead: bareLead(), mayBeRepeat: false }] as const;
  const outcome = open(tools).post({ destination: "sales", leads }, ending.signal);
  assert.is(underWay, 1);
  ending.abort();
  assert.equal([await outcome, underWay], [refused("webhook URL not usable: AbortError", "unavailable"), 0]);
});

webhook("is read with those of the other destinations, ten with a request", async () => {
  const asked: string[][] = [];
  const send = async ({ input: { Names } }: { readonly input: { readonly Names: string[] } }) => {
    asked.push(Names);
    return { Parameters: [] };
  };
  const destinations = Array.from({ length: 12 }, (_, index) => `d${index}`);
  const webhookParameters = Object.fromEntries(destinations.map((name) => [name, `/${name}`]));
  const variable = <Value>() => ({ webhookParameters, patienceSeconds: 1 }) as Value;
  const tools = { variable, secret: createSecretReader({ send } as unknown as SSMClient), log: recordedLog() };
  const open = openWebhookChannel(
    { name: "slack" },
    () => message,
    () => classified,
  );
  const { post } = open(tools);
  const leads = [{ lead: bareLead(), mayBeRepeat: false }] as const;
  const { signal } = new AbortController();
  const outcomes = await Promise.all(destinations.map((destination) => post({ destination, leads }, signal)));
  assert.equal(outcomes[3], refused("webhook URL not usable: SecretMissing", "needsPerson"));
  const names = Object.values(webhookParameters);
  assert.equal(asked, [names.slice(0, 10), names.slice(10)]);
});

webhook("is refused when the URL is not read in time, or no time is left to post", async () => {
  const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));
  const aborted = () => Promise.reject(new DOMException("ended by the signal", "AbortError"));
  assert.equal(await notPosted(aborted, late), refused("webhook URL not usable: TimeoutError", "unavailable"));
  assert.equal(await notPosted(at("http://127.0.0.1:9"), AbortSignal.abort()), refused("no_time_left", "unavailable"));
});

webhook.run();
