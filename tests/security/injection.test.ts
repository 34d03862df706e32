import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadRef } from "../../functions/lead/lead-id.ts";
import { heldBack } from "../helpers/held-back.ts";
import { allAnnouncedOnce, type Mail, mailsOf, startTarget, type Target } from "./security-fixtures.ts";

const attack = [
  "<!channel> <!here> <@U123> <#C123> <https://evil.example|https://bank.example> &lt;!everyone&gt;",
  "*bold* ~gone~ `0123456789ab` (may be a repeat)",
  "\r\nBcc: all@evil.example\r\n\r\n• Somebody else `0123456789ab`",
  "\u2028\u0085> quoted\u0000\u001b[2J \u202egnp.exe \u2066x\u2069 \u061c",
  `"><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">`,
].join(" ");
const formulas = { company: '=HYPERLINK("http://evil.example","x")', job_title: "@SUM(1+1)*cmd|' /C calc'!A0" };

/** Every field that is read of a lead says something evil; what must be an address is one, as evil as it may be. */
const evilLead = (index: number) => ({
  id: attack,
  name: `Eve${index} ${attack}`,
  email: `eve${index}?cc=b&bcc=all%40evil.example\`x\`*y*'@evil.example`,
  phone: `+49 30 1234${index}00`,
  country: "Germany",
  message: `=cmd ${attack}\n\nNew lead: Somebody else\nEmail: other@evil.example\nLead website-1 · may be a repeat`,
  source: attack,
  url: `https://crm.example.com/${index}?<!channel>|x"'\``,
  ...formulas,
});
const hopeless = [
  { ...evilLead(8), url: "javascript:alert(1)" },
  { ...evilLead(9), url: "https://user:pass@evil.example/", email: "eve@evil.example\r\nBcc: all@evil.example" },
];

/** Every text of a JSON value. */
const textsIn = (value: unknown): string[] =>
  typeof value === "string" ? [value] : Object.values((value ?? {}) as object).flatMap(textsIn);

/** Link, mention, or whatever else Slack would read of a message; nothing else may be in angle brackets. */
const ownLink = /^<(mailto:[\w%.'-]+@evil\.example|tel:\+\d+|https:\/\/crm\.example\.com\/[^<>|]*)\|[^<>]*>$/;

function assertHarmlessInSlack(payload: unknown): void {
  for (const text of textsIn(payload)) {
    for (const [bracketed] of text.matchAll(/<[^>]*>?/g)) assert.match(bracketed, ownLink);
    assert.not.match(text.replaceAll("\n", ""), /\p{Cc}|\p{Bidi_Control}/u);
  }
}

/** What the page's head holds is the same in every email, but for the title. */
const head = /^<!doctype html><html lang="en"><head>[\s\S]*?<title>[^<]*<\/title><style>[^<]*<\/style><\/head><body>/;
const harmlessTag =
  /^<(\/?(h1|h2|table|tr|td|th|p|b|div|blockquote|a|body|html)|th align="left"|(p|div) class="[a-z]+"( dir="auto")?|blockquote dir="auto"|br|a href="(mailto|tel|https):[^"<>]*")>$/;

function assertHarmlessMail({ from, destination, subject, headers = [], body, attachments }: Mail): void {
  assert.is(from, "leadwire-dev@example.com");
  assert.equal(destination, { to: ["sales-dev@example.com"], cc: [], bcc: [] });
  assert.not.match(subject, /[\p{Cc}\u2028\u2029]/u);
  assert.ok(headers.every(({ name, value }) => /^X-Lead-(Id|Refs)$/.test(name) && /^[\w -]+$/.test(value)));
  assert.equal(attachments, []);
  const html = body.html ?? "";
  assert.match(html, head);
  for (const [tag] of html.replace(head, "").matchAll(/<[^>]*>?/g)) assert.match(tag, harmlessTag);
  for (const [, address] of (body.html ?? "").matchAll(/href="mailto:([^"]*)"/g))
    assert.not.match(address ?? "", /[?&](?!#39;)/);
  assert.not.match(`${body.text}${body.html}`.replaceAll("\n", ""), /\p{Cc}|\p{Bidi_Control}/u);
  const lines = (body.text ?? "").split("\n");
  assert.not.ok(lines.some((line) => /^(Bcc:|Email: other|New lead: Somebody|Lead website-1 |• )/.test(line)));
}

const injection = suite("security :: injection");
const during = async (target: Target, use: () => Promise<void>) => {
  try {
    await use();
  } finally {
    await target.stop();
  }
};

injection("a card shows what a lead says and does nothing of it", async () => {
  const target = await startTarget();
  await during(target, async () => {
    await target.crm.sendLead("website", evilLead(1));
    await allAnnouncedOnce(target);
    const [message] = target.slack.messages;
    assertHarmlessInSlack(message?.payload);
    const all = textsIn(message?.payload).join("\n");
    assert.match(all, "=cmd &lt;!channel&gt;");
    assert.match(all, '=HYPERLINK("http://evil.example","x")');
    const { blocks = [] } = (message?.payload ?? {}) as { blocks?: { type: string; fields?: { text: string }[] }[] };
    for (const { text } of blocks.flatMap(({ fields = [] }) => fields)) {
      assert.is(text.split("\n").length, 2, "label and value, a line each");
      assert.not.match(text.replace(/^\*[A-Z][a-z ]+\*\n/, ""), /[*~`]/);
    }
    assert.equal(
      blocks.map(({ type }) => type),
      ["header", "section", "section", "section", "section", "context"],
    );
    assert.match(all, "<mailto:eve1%3Fcc%3Db%26bcc%3Dall%2540evil.example%60x%60%2Ay%2A'@evil.example|");
    assert.match(JSON.stringify(blocks.at(-2)), "<https://crm.example.com/1?%3C!channel%3E");
    assert.not.match(JSON.stringify(blocks.at(-1)), /may be a repeat/);
  });
});

injection("a digest names each lead once, and no lead another one", async () => {
  const leads = [1, 2, 3, 4].map(evilLead).concat(hopeless);
  const target = await startTarget({ intercept: heldBack(leads.length) });
  await during(target, async () => {
    const deliveries = await Promise.all(leads.map((lead) => target.crm.sendLead("website", lead)));
    await allAnnouncedOnce(target);
    assert.is(target.slack.messages.length, 1);
    const payload = target.slack.messages[0]?.payload;
    assertHarmlessInSlack(payload);
    const refs = [
      ...textsIn(payload)
        .join("\n")
        .matchAll(/`([^`\n]*)`( \(may be a repeat\))?/g),
    ];
    const ids = deliveries.flatMap(({ leadIds }) => leadIds);
    assert.equal(refs.map(([, ref]) => ref).sort(), ids.map(leadRef).sort());
    assert.ok(refs.every(([, , repeat]) => repeat === undefined));
    assert.is(textsIn(payload).join("\n").match(/^• /gm)?.length, leads.length - 3);
    assert.not.match(JSON.stringify(payload), /<javascript:|user:pass/);
  });
});

for (const [what, count] of [
  ["one lead", 1],
  ["several leads", 4],
] as const) {
  injection(`an email about ${what} has our headers, our markup and our lines alone`, async () => {
    const target = await startTarget({ slack: "down", intercept: heldBack(count) });
    await during(target, async () => {
      const leads = [...hopeless, ...[1, 2, 3].map(evilLead)].slice(-count);
      await Promise.all(leads.map((lead) => target.crm.sendLead("website", lead)));
      await allAnnouncedOnce(target);
      const mails = (await mailsOf(target)).filter(({ from }) => from.startsWith("leadwire"));
      assert.is(mails.length, 1);
      const [mail] = mails as [Mail];
      assertHarmlessMail(mail);
      assert.match(mail.body.text ?? "", 'Company: =HYPERLINK("http://evil.example","x")');
      assert.match(mail.body.html ?? "", "&lt;script&gt;");
    });
  });
}

injection.run();
