import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EnrichedLead } from "../../../../../functions/lead/enriched-lead.ts";
import { slackCard } from "../../../../../functions/notify/channels/slack/card.ts";
import { slackLink, slackMrkdwn, slackText } from "../../../../../functions/notify/channels/slack/text.ts";
import { readMessage } from "../../../../../local/slack/slack-rules.ts";
import { grownTexts } from "../../../../helpers/hostile.ts";
import { bareLead, enrichedLead } from "../../../../helpers/leads.ts";

/** What of a block can be read. */
interface ShownBlock {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly text: string | { readonly text: string } }[];
}

const shown = (lead: EnrichedLead) => slackCard({ lead, mayBeRepeat: false }).blocks as unknown as ShownBlock[];
const footerOf = (lead: EnrichedLead, place: -1 | -2) => {
  const text = shown(lead).at(place)?.elements?.[0]?.text ?? "";
  return typeof text === "string" ? text : text.text;
};

const card = suite("slack card");

card("shows who, how to reach them, what they want, where they came from and a text link to the CRM", () => {
  const field = (text: string) => ({ type: "mrkdwn", text, verbatim: true });
  const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
  const seenBefore = { sourceTitle: "Google Ads", receivedAt: "2026-01-03T12:00:00.000Z", isLine: false };
  const lead = enrichedLead({ warnings: ["phone: not a phone number"] });
  assert.equal(slackCard({ lead, mayBeRepeat: true, seenBefore }), {
    text: "New lead: Jane Roe, Acme &amp; Sons",
    blocks: [
      { type: "header", text: plain("New lead: Jane Roe, Acme &amp; Sons") },
      { type: "section", text: field("*Seen before: Google Ads, 3 January*") },
      {
        type: "section",
        fields: [
          field("*Email*\n<mailto:jane.roe@acme.example|jane.roe@acme.example>"),
          field("*Phone*\n<tel:+4930123456;ext=42|+4930123456 ext. 42>"),
          field("*Other emails*\njane@roe.example"),
          field("*Other phones*\n+12025550143 ext. 7"),
          field("*Company*\nAcme &amp; Sons (acme.example, 250 people or more)"),
          field("*Job title*\nCTO"),
          field("*Country*\nGermany"),
        ],
      },
      { type: "section", text: plain("Please call me &lt;today&gt;.") },
      { type: "section", fields: [field("*How many seats?*\n12")] },
      {
        type: "section",
        fields: [
          field("*Source*\nOur website: spring campaign"),
          field("*Campaign*\nspring (google, cpc)"),
          field("*Landing page*\nwww.vendor.example"),
          field("*Owner*\nSam Sales (sam@vendor.example)"),
          field("*Score*\nHigh (100 of 100): company address"),
          field("*Consent*\nGiven: You may call me."),
        ],
      },
      { type: "section", text: field("<https://crm.example.com/leads/42|Open in CRM>") },
      { type: "context", elements: [plain("Please check: Phone: not a phone number")] },
      {
        type: "context",
        elements: [plain(`Lead website-${"a".repeat(32)} · received 2026-03-01 12:00 UTC · may be a repeat`)],
      },
    ],
  });
});

card("of a lead with a phone number alone is complete", () => {
  const { text, blocks } = slackCard({ lead: bareLead(), mayBeRepeat: false });
  assert.is(text, "New lead: +4930123456");
  assert.equal(
    blocks.map(({ type }) => type),
    ["header", "section", "section", "context"],
  );
});

const long = "x".repeat(5000);
for (const [part, limit, changes, length] of [
  ["the notification", 3000, { name: { full: long } }, (lead) => slackCard({ lead, mayBeRepeat: false }).text.length],
  ["the header", 150, { name: { full: long } }, (lead) => shown(lead)[0]?.text?.text.length],
  ["a field", 400 + "*Job title*\n".length, { jobTitle: long }, (lead) => shown(lead)[1]?.fields?.[5]?.text.length],
  ["the message", 3000, { message: long }, (lead) => shown(lead)[2]?.text?.text.length],
  ["the warnings", 600, { warnings: [long] }, (lead) => footerOf(lead, -2).length],
] as const satisfies readonly (readonly [
  string,
  number,
  Partial<EnrichedLead>,
  (lead: EnrichedLead) => number | undefined,
])[]) {
  card(`cuts ${part} at ${limit} characters, which text without signs of Slack's reaches`, () => {
    assert.is(length({ ...enrichedLead(), ...changes }), limit);
  });
}

card("cuts every text to a share of its limit if all of them are too long together", () => {
  const answers = Array.from({ length: 20 }, () => ({ label: long.slice(0, 150), answer: long.slice(0, 1000) }));
  const size = (lead: EnrichedLead) => {
    const { length } = JSON.stringify(shown(lead));
    return [length <= 11_000, length > 5500];
  };
  assert.equal(size(enrichedLead({ answers })), [true, true]);
  assert.equal(size(enrichedLead({ answers, message: long, jobTitle: long.slice(0, 200) })), [true, true]);
  const longest = (lead: EnrichedLead) =>
    Math.max(...shown(lead).flatMap(({ fields = [] }) => fields.map(({ text }) => text.length)));
  const signs = "*".length * 2 + "\n".length;
  const few = enrichedLead({ answers: answers.slice(0, 9) });
  assert.equal(
    [few, enrichedLead({ answers })].map(longest),
    [1, 1 / 2].map((share) => 150 * share + 600 * share + signs),
  );
  const isWhole = (lead: EnrichedLead) => JSON.stringify(shown(lead)).includes(long.slice(0, 2900));
  assert.ok(isWhole(enrichedLead({ message: long })), "nothing is cut shorter than its limit without need");
  assert.not.ok(isWhole(enrichedLead({ message: long, answers })));
});

card("shows up to 20 answers, in sections of 10", () => {
  const answers = Array.from({ length: 20 }, (_, index) => ({
    label: `Question ${index}?`,
    answer: `Answer ${index}`,
  }));
  const [, , , first, second] = shown(enrichedLead({ answers }));
  assert.equal([first?.fields?.length, second?.fields?.length], [10, 10]);
  assert.is(second?.fields?.at(-1)?.text, "*Question 19?*\nAnswer 19");
});

card("of a test lead says so in the notification, the header and above everything else", () => {
  const { text, blocks } = slackCard({ lead: enrichedLead({ test: true }), mayBeRepeat: false });
  assert.match(text, /^Test lead: /);
  assert.match(JSON.stringify(blocks[0]), '"Test lead: ');
  assert.match(JSON.stringify(blocks[1]), "*This is a test. No person is behind it.*");
  assert.not.match(JSON.stringify({ text, blocks }), "New lead");
});

card("says when it may be a repeat, what was unusable and which mailboxes say little", () => {
  const email = { address: "j@mailinator.com", domain: "mailinator.com", freeMail: false, disposable: true };
  const { blocks } = slackCard({
    lead: enrichedLead({ email, warnings: ["phone: not a phone number"] }),
    mayBeRepeat: true,
  });
  const all = JSON.stringify(blocks);
  assert.match(all, /may be a repeat/);
  assert.match(all, /Phone: not a phone number/);
  assert.match(all, /throw-away address/);
});

card("stays within Slack's limits, whatever the lead holds", () => {
  const long = "<&>".repeat(2000);
  const { text, blocks } = slackCard({
    lead: enrichedLead({
      name: { full: long.slice(0, 200) },
      company: { name: long.slice(0, 200), domain: "acme.example" },
      jobTitle: long.slice(0, 200),
      message: long.slice(0, 5000),
      origin: long.slice(0, 200),
      warnings: Array(20).fill("w".repeat(200)),
    }),
    mayBeRepeat: true,
  });
  assert.ok(text.length <= 4000);
  assert.ok(JSON.stringify(blocks).length <= 11_000, String(JSON.stringify(blocks).length));
  assert.ok(blocks.length <= 50);
  for (const block of blocks) {
    const { type, text: own, fields = [], elements = [] } = block as unknown as ShownBlock;
    assert.ok((own?.text.length ?? 0) <= (type === "header" ? 150 : 3000));
    assert.ok(fields.length <= 10);
    for (const field of fields) assert.ok(field.text.length <= 2000);
    for (const { text: shown } of elements) {
      assert.ok((typeof shown === "string" ? shown.length : shown.text.length) <= (type === "context" ? 3000 : 75));
    }
  }
});

for (const [what, sign] of [
  ["ampersands", "&"],
  ["quotation marks", '"'],
  ["backslashes", "\\"],
  ["percent signs", "%"],
  ["accents", "é"],
  ["emojis", "😀"],
  ["asterisks", "*"],
] as const) {
  card(`full of ${what} is taken by Slack, and shows how to reach the person`, () => {
    const text = (length: number) => sign.repeat(length / sign.length);
    const address = `${text(240)}@x.example`;
    const lead = enrichedLead({
      name: { full: text(200) },
      email: { address, domain: "x.example", freeMail: true, disposable: false },
      company: { name: text(200), domain: "x.example" },
      jobTitle: text(200),
      message: text(5000),
      origin: text(200),
      url: `https://crm.example.com/?${text(1900)}`,
      warnings: Array(20).fill(text(200)),
    });
    const message = JSON.stringify(slackCard({ lead, mayBeRepeat: true }));
    const read = readMessage(message);
    assert.is("refusal" in read ? read.refusal.body : "ok", "ok");
    assert.match(message, "<tel:+4930123456;ext=42|+4930123456 ext. 42>");
    assert.match(message, "may be a repeat");
  });
}

card("links to an address in the CRM of up to 2,000 characters as they are sent, and has no button", () => {
  const isLinked = (url: string) => JSON.stringify(shown(enrichedLead({ url }))).includes("|Open in CRM>");
  assert.ok(isLinked("https://crm.example.com/".padEnd(2000, "x")));
  assert.ok(isLinked("https://crm.example.com/?".padEnd(1000, "\\")));
  assert.not.ok(isLinked("https://crm.example.com/?".padEnd(1100, "\\")));
  const tooLong = shown(enrichedLead({ url: "https://crm.example.com/?".padEnd(1100, "\\") }));
  assert.not.ok(tooLong.some(({ type }) => type === "actions"));
  assert.not.match(JSON.stringify(tooLong), "Open in CRM");
});

card("links to no address that the source's settings do not allow", () => {
  assert.not.match(JSON.stringify(shown(enrichedLead({ urlAllowed: false }))), /Open in CRM|crm\.example/);
});

card("has a link to an address of up to 500 characters as they are sent, and else the address alone", () => {
  assert.is(slackLink(`https://a.example/?${"&".repeat(96)}`, "a", 9), `<https://a.example/?${"&amp;".repeat(96)}|a>`);
  assert.is(slackLink(`https://a.example/?${"&".repeat(97)}`, "a & b", 9), "a &amp; b");
});

card("lets no lead mention a channel, forge a link or open one of its own", () => {
  const attack = "<!channel> <https://evil.example|Acme> *bold* & </a>";
  const all = JSON.stringify(
    slackCard({
      lead: enrichedLead({
        name: { full: attack },
        message: attack,
        jobTitle: attack,
        company: { name: attack },
        origin: attack,
      }),
      mayBeRepeat: false,
    }),
  );
  assert.not.match(all, /<!channel>|<https:\/\/evil/);
  assert.match(all, /&lt;!channel&gt;/);
});

for (const [what, character, fitting] of [
  ["plain letters", "x", 2999],
  ["ampersands", "&amp;", 599],
  ["quotation marks", '"', 1499],
  ["control characters", "\u0001", 499],
] as const) {
  card(`has as much of a text of ${what} as fits`, () => {
    assert.is(slackText(grownTexts[what](10_000), 3000), `${character.repeat(fitting)}…`);
  });
}

card("escapes ampersands first", () => assert.is(slackText("&lt; <", 100), "&amp;lt; &lt;"));

card("shows signs of Slack's formatting as look-alikes where it would format", () => {
  assert.is(slackMrkdwn("`0123456789ab` *x* ~y~ <a_b>", 100), "ˋ0123456789abˋ ∗x∗ ∼y∼ &lt;a_b&gt;");
  const [, fields] = slackCard({ lead: enrichedLead({ jobTitle: "`CTO` *now*" }), mayBeRepeat: false }).blocks;
  assert.match(JSON.stringify(fields), "ˋCTOˋ ∗now∗");
});

card("makes of an address a link to that address and nothing else", () => {
  const address = "a?cc=b&bcc=c#d%e@acme.example";
  const email = { address, domain: "acme.example", freeMail: false, disposable: false };
  const [, fields] = slackCard({ lead: enrichedLead({ email }), mayBeRepeat: false }).blocks;
  assert.match(JSON.stringify(fields), "<mailto:a%3Fcc%3Db%26bcc%3Dc%23d%25e@acme.example|");
});

card("cuts text without cutting an entity or an emoji", () => {
  assert.is(slackText("ab&cd", 6), "ab…");
  assert.is(slackText("ab&cd", 9), "ab&amp;cd");
  assert.is(slackText("\u200e\u2068דוד\u2069 x", 5), "\u200e\u2068ד…\u2069", "an isolate ends");
  assert.is(slackText("\u200e\u2068דוד\u2069 xyz", 8), "\u200e\u2068דוד\u2069…");
  assert.is(slackText("a😀😀", 4), "a😀…");
  assert.is(slackText("abcd", 4), "abcd");
  assert.is(slackText("abcde", 4), "abc…");
  assert.is(slackText("ab cde", 4), "ab…", "no white space is left at the end");
  assert.is(slackText('a"b"', 6), 'a"b"', "a quotation mark takes two characters in JSON");
  assert.is(slackText('a"b"', 5), 'a"b…');
});

card("keeps a pipe and signs of formatting out of a link's address", () => {
  assert.is(slackLink("https://a.example/*~`", "a", 100), "<https://a.example/%2A%7E%60|a>");
  assert.is(slackLink("mailto:a|b@c.example", "a|b@c.example", 100), "<mailto:a%7Cb@c.example|a|b@c.example>");
});

card.run();
