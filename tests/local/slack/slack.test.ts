import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SlackMode } from "../../../local/options.ts";
import { Slack, uncertainReplies } from "../../../local/slack/slack.ts";
import { readMessage } from "../../../local/slack/slack-rules.ts";
import { failureOf } from "../../helpers/failure.ts";
import { recordedPauses } from "../../helpers/time-limits.ts";

const text = (length: number) => "é".repeat(length);
const mrkdwn = (length: number) => ({ type: "mrkdwn", text: text(length) });
const plain = (length: number) => ({ type: "plain_text", text: text(length) });
const section = (length: number) => ({ type: "section", text: mrkdwn(length) });
const button = (length: number) => ({
  type: "actions",
  elements: [{ type: "button", text: plain(length), url: "https://x" }],
});
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

const refusal = (message: unknown) => {
  const read = readMessage(typeof message === "string" ? message : JSON.stringify(message));
  return "refusal" in read ? read.refusal.body : "ok";
};

const rules = suite("slack rules");

const atTheLimit: Record<string, (over: number) => unknown> = {
  "50 blocks": (over) => times(50 + over, { type: "divider" }),
  "a header of 150": (over) => [{ type: "header", text: plain(150 + over) }],
  "a section text of 3,000": (over) => [section(3000 + over)],
  "10 fields": (over) => [{ type: "section", fields: times(10 + over, mrkdwn(1)) }],
  "a field of 2,000": (over) => [{ type: "section", fields: [mrkdwn(2000 + over)] }],
  "a button text of 75": (over) => [button(75 + over)],
  "10 context elements": (over) => [{ type: "context", elements: times(10 + over, mrkdwn(1)) }],
  "25 buttons": (over) => [{ ...button(1), elements: times(25 + over, button(1).elements[0]) }],
  "a button's address of 3,000": (over) => [
    { type: "actions", elements: [{ type: "button", text: plain(1), url: text(3000 + over) }] },
  ],
  "a context's text of 3,000": (over) => [{ type: "context", elements: [mrkdwn(3000 + over)] }],
  "an image's address of 3,000": (over) => [{ type: "image", image_url: text(3000 + over), alt_text: "" }],
  "a markdown block of 12,000": (over) => [{ type: "markdown", text: text(12_000 + over) }],
};

for (const [what, blocks] of Object.entries(atTheLimit)) {
  rules(`takes ${what}, and no more`, () => {
    assert.is(refusal({ text: "t", blocks: blocks(0) }), "ok");
    assert.is(refusal({ text: "t", blocks: blocks(1) }), "invalid_blocks");
  });
}

rules("takes blocks of 13,200 characters as JSON and a text of 4,000, and no more", () => {
  const room = 13_200 - JSON.stringify([section(3000), section(3000), section(3000), section(3000), section(0)]).length;
  const blocks = (over: number) => [section(3000), section(3000), section(3000), section(3000), section(room + over)];
  assert.is(refusal({ text: "t", blocks: blocks(0) }), "ok");
  assert.is(refusal({ text: "t", blocks: blocks(1) }), "msg_blocks_too_long");
  assert.is(refusal({ text: text(4000) }), "ok");
  assert.is(refusal({ text: text(4001) }), "msg_too_long");
});

rules("elements are objects, of which there is one at least", () => {
  for (const type of ["context", "actions"]) {
    for (const elements of [undefined, [], [null], ["text"]]) {
      assert.is(refusal({ blocks: [{ type, elements }] }), "invalid_blocks", `${type} ${elements}`);
    }
  }
  for (const elements of [undefined, []]) {
    assert.is(refusal({ blocks: [{ type: "rich_text", elements }] }), "invalid_blocks");
  }
  assert.is(refusal({ blocks: [{ type: "image", image_url: "https://x" }] }), "invalid_blocks");
  assert.is(refusal({ blocks: [null] }), "invalid_blocks");
});

rules("a header's text is plain, and a section has text or fields", () => {
  assert.is(refusal({ blocks: [{ type: "header", text: mrkdwn(1) }] }), "invalid_blocks");
  assert.is(refusal({ blocks: [{ type: "section" }] }), "invalid_blocks");
  assert.is(refusal({ blocks: [{ type: "unheard_of" }] }), "invalid_blocks");
});

rules("refuses what is not JSON, not an object, or says nothing", () => {
  assert.is(refusal("{"), "invalid_payload");
  assert.is(refusal("[]"), "invalid_payload");
  assert.is(refusal({ text: "  " }), "no_text");
  assert.is(refusal({ blocks: [] }), "no_text");
});

rules.run();

async function withSlack(
  mode: SlackMode,
  use: (slack: Slack, post: (body: string) => Promise<Response>) => Promise<void>,
) {
  const slack = new Slack(mode);
  await slack.start();
  try {
    await use(slack, (body) => fetch(slack.webhookUrl("sales"), { method: "POST", body }));
  } finally {
    await slack.stop();
  }
}

const id = `website-${"0123456789abcdef".repeat(2)}`;
const server = suite("simulated Slack");

server("takes a burst of three, then answers 429 with Retry-After until a second has passed", () =>
  withSlack("up", async (slack, post) => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('{"text":"hi"}')));
    assert.equal(answers.map(({ status }) => status).sort(), [200, 200, 200, 429]);
    const limited = answers.find(({ status }) => status === 429);
    assert.is(limited?.headers.get("retry-after"), "1");
    assert.is(await limited?.text(), "rate_limited");
    assert.is(slack.messages.length, 3);
  }),
);

server("records the leads that a message mentions, wherever they stand, and says each message", () =>
  withSlack("up", async (slack, post) => {
    const said: unknown[] = [];
    slack.on("message", (message) => said.push(message));
    slack.on("answered", (status, body) => said.push([status, body]));
    assert.is(
      await (
        await post(
          JSON.stringify({
            text: "new",
            blocks: [section(3), { type: "context", elements: [{ type: "mrkdwn", text: `id ${id}` }] }],
          }),
        )
      ).text(),
      "ok",
    );
    const [message] = slack.messages;
    assert.equal([message?.number, message?.channel, message?.leadIds], [1, "sales", [id]]);
    assert.equal(said, [message, [200, "ok"]]);
  }),
);

server("down and limited are what they say, an unknown webhook is no_service", () =>
  withSlack("down", async (slack, post) => {
    const down = await post('{"text":"hi"}');
    assert.equal([down.status, await down.text()], [500, "rollup_error"]);
    slack.mode = "limited";
    assert.is((await post('{"text":"hi"}')).headers.get("retry-after"), "30");
    const unknown = await fetch(`${slack.url}/services/T/B/nope`, { method: "POST", body: "{}" });
    assert.equal([unknown.status, await unknown.text()], [404, "no_service"]);
    assert.is(slack.messages.length, 0);
  }),
);

server("slow: a client that hangs up has posted nothing", () =>
  withSlack("slow", async (slack) => {
    const impatient = fetch(slack.webhookUrl("sales"), {
      method: "POST",
      body: '{"text":"hi"}',
      signal: AbortSignal.timeout(50),
    });
    await failureOf(impatient);
    assert.is(slack.messages.length, 0);
  }),
);

server("slow: a client that waits for eight seconds gets its answer", () =>
  withSlack("slow", async (_, post) => {
    using pauses = recordedPauses();
    assert.is(await (await post('{"text":"hi"}')).text(), "ok");
    assert.equal(pauses.milliseconds, [8000]);
  }),
);

server("resetting: the connection ends and nothing is posted; silent: it ends and the message is there", () =>
  withSlack("resetting", async (slack, post) => {
    assert.is((await failureOf(post('{"text":"hi"}'))).cause?.code, "ECONNRESET");
    assert.is(slack.messages.length, 0);
    slack.mode = "silent";
    assert.is((await failureOf(post('{"text":"hi"}'))).cause?.code, "ECONNRESET");
    assert.is(slack.messages.length, 1);
  }),
);

server("uncertain: the message is there, and each answer in turn is one that says nothing certain", () =>
  withSlack("uncertain", async (slack, post) => {
    const answers: unknown[] = [];
    for (const { status } of uncertainReplies.slice(0, 3)) {
      const answer = await post('{"text":"hi"}');
      answers.push([answer.status, await answer.text()]);
      assert.is(answer.status, status);
    }
    assert.equal(answers.slice(0, 2), [
      [500, "fatal_error"],
      [500, "internal_error"],
    ]);
    assert.is(slack.messages.length, 3);
    const unknown = await fetch(`${slack.url}/services/T/B/nope`, { method: "POST", body: "{}" });
    assert.is(unknown.status, 404, "what no channel shows is answered as ever");
  }),
);

server("numbers its messages, knows its channels, and takes posts only", () =>
  withSlack("up", async (slack, post) => {
    slack.webhookUrl("vip");
    for (const text of ["a", "b"]) await post(JSON.stringify({ text }));
    assert.equal(slack.destinations, ["vip", "sales"]);
    assert.equal(
      slack.messages.map(({ number }) => number),
      [1, 2],
    );
    assert.is((await fetch(slack.url)).status, 404);
  }),
);

server("forgets messages from before a time", () =>
  withSlack("up", async (slack, post) => {
    await post('{"text":"a"}');
    slack.forget(new Date(0));
    assert.is(slack.messages.length, 1);
    slack.forget(new Date(Date.now() + 60_000));
    assert.is(slack.messages.length, 0);
  }),
);

server("a destination's posts fail as failureOf says, show nothing and are uncertain; the others are taken", () =>
  withSlack("up", async (slack, post) => {
    const uncertain: string[] = [];
    slack.on("uncertain", (body) => uncertain.push(body));
    slack.failureOf = (destination) => (destination === "sales" ? "answered 5xx" : undefined);
    assert.is((await post('{"text":"a"}')).status, 503);
    const other = await fetch(slack.webhookUrl("vip"), { method: "POST", body: '{"text":"b"}' });
    assert.is(other.status, 200);

    slack.failureOf = () => "silent";
    const waiting = new AbortController();
    slack.once("uncertain", () => setImmediate(() => waiting.abort()));
    const silent = fetch(slack.webhookUrl("sales"), { method: "POST", body: '{"text":"c"}', signal: waiting.signal });
    assert.is((await failureOf(silent)).name, "AbortError", "the connection stayed open until the client gave up");
    assert.equal(uncertain, ['{"text":"a"}', '{"text":"c"}']);
    assert.is(slack.messages.length, 1);
  }),
);

server("refuses connections for a while, and listens at the same URL again", () =>
  withSlack("up", async (slack, post) => {
    const again = await slack.refuse();
    const { cause } = await failureOf(post('{"text":"a"}'));
    assert.is(cause?.code, "ECONNREFUSED");
    await again();
    assert.is((await post('{"text":"a"}')).status, 200);
  }),
);

server.run();
