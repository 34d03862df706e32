import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EnrichedLead } from "../../../../../functions/lead/enriched-lead.ts";
import { leadRef } from "../../../../../functions/lead/lead-id.ts";
import { slackDeclaration } from "../../../../../functions/notify/channels/slack/declaration.ts";
import { slackDigest, slackLine } from "../../../../../functions/notify/channels/slack/digest.ts";
import { readMessage } from "../../../../../local/slack/slack-rules.ts";
import { enrichedLead } from "../../../../helpers/leads.ts";

const idOf = (index: number) => `website-${index.toString(16).padStart(12, "0")}${"a".repeat(20)}`;
const told = (count: number, changes: (index: number) => Partial<EnrichedLead> = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({
    lead: enrichedLead({ id: idOf(index), name: { full: `Person ${index}` }, score: index % 100, ...changes(index) }),
    mayBeRepeat: false,
  }));
const textsOf = (message: ReturnType<typeof slackDigest>) =>
  message.blocks.flatMap((block) => ("text" in block && typeof block.text === "object" ? [block.text.text] : []));
const occurrences = (text: string, part: string) => text.split(part).length - 1;

const blocksWithLink = (blocks: unknown) => occurrences(JSON.stringify(blocks), "<https://crm.example.com/");
/** What the simulated Slack says of a message. */
const takenBySlack = (message: unknown) => {
  const read = readMessage(JSON.stringify(message));
  return "refusal" in read ? read.refusal.body : "ok";
};

const digest = suite("slack digest");

digest("says how many, shows the best three with details and each other lead in one line", () => {
  const section = (...lines: string[]) => ({
    type: "section",
    text: { type: "mrkdwn", text: lines.join("\n"), verbatim: true },
  });
  const linked = (index: number) => `<https://crm.example.com/leads/42|Person ${index}, Acme &amp; Sons>`;
  const feature = (index: number) =>
    section(
      `*${linked(index)}* \`${leadRef(idOf(index))}\``,
      "<tel:+4930123456;ext=42|+4930123456 ext. 42> · <mailto:jane.roe@acme.example|jane.roe@acme.example> · CTO · low score · Germany",
      "> Please call me &lt;today&gt;.",
    );
  assert.equal(slackDigest(told(5)), {
    text: "5 new leads: Person 4, Acme &amp; Sons; Person 3, Acme &amp; Sons; Person 2, Acme &amp; Sons",
    blocks: [
      { type: "header", text: { type: "plain_text", text: "5 new leads", emoji: false } },
      feature(4),
      feature(3),
      feature(2),
      { type: "divider" },
      section(
        ...[1, 0].map(
          (index) =>
            `• ${linked(index)} · low score · <tel:+4930123456;ext=42|+4930123456 ext. 42> · Germany \`${leadRef(idOf(index))}\``,
        ),
      ),
    ],
  });
});

digest("has a divider only between leads with details and lines", () => {
  const seenBefore = { sourceTitle: "Google Ads", receivedAt: "2026-01-03T12:00:00.000Z", isLine: true };
  const dividers = (count: number, cards: number) => {
    const leads = told(count).map((one, index) => (index < cards ? one : { ...one, seenBefore }));
    return slackDigest(leads).blocks.filter(({ type }) => type === "divider").length;
  };
  assert.equal([dividers(3, 3), dividers(4, 4), dividers(2, 1), dividers(2, 0)], [0, 1, 1, 0]);
});

digest("shows the start of long texts: more of them in a lead with details than in a line", () => {
  const address = `${"e".repeat(64)}@${"d".repeat(60)}.example`;
  const changes = {
    name: { full: "n".repeat(200) },
    email: { address, domain: "d.example", freeMail: false, disposable: false },
    jobTitle: "j".repeat(200),
    message: "m".repeat(1000),
    warnings: ["w".repeat(200)],
  };
  const runs = (text = "") => (text.match(/([nedjmw])\1*(?=…)/g) ?? []).map((run) => `${run.length} ${run[0]}`);
  const [, feature, , , lines] = textsOf(slackDigest(told(4, () => changes)));
  assert.equal(runs(feature), ["107 n", "59 e", "59 j", "105 w", "139 m"]);
  assert.equal(runs(lines), ["71 n", "105 w"]);
});

digest("links to addresses of up to 500 characters", () => {
  const url = (length: number) => "https://crm.example.com/".padEnd(length, "x");
  for (const [length, links] of [
    [500, 4],
    [501, 0],
  ] as const) {
    const blocks = JSON.stringify(slackDigest(told(4, () => ({ url: url(length) }))).blocks);
    assert.is(occurrences(blocks, "<https://crm.example.com/"), links);
  }
});

digest("measures links as they are sent, and leaves out only those that are too long", () => {
  const url = `https://crm.example.com/?${"&".repeat(475)}`;
  const address = `${"%".repeat(240)}@acme.example`;
  const email = { address, domain: "acme.example", freeMail: false, disposable: false };
  for (const oversized of [0, 3, 4]) {
    const message = slackDigest(told(5, (index) => (index === oversized ? { url, email } : {})));
    const blocks = JSON.stringify(message.blocks);
    assert.is(takenBySlack(message), "ok");
    assert.is(occurrences(blocks, "<https://crm.example.com/leads/42|"), 4);
    assert.is(occurrences(blocks, `Person ${oversized}`), 1);
    assert.is(occurrences(blocks, `${"%".repeat(59)}…`), oversized < 2 ? 0 : 1);
  }
});

digest("leaves out the longest links when all blocks have more than 11,000 characters, and not before", () => {
  const withUrls = (length: number) => {
    const { blocks } = slackDigest(
      told(20, (index) => ({ url: "https://crm.example.com/".padEnd(length + index, "x") })),
    );
    return { size: JSON.stringify(blocks).length, linked: blocksWithLink(blocks) };
  };
  const lengths = Array.from({ length: 450 }, (_, index) => index + 24);
  const all = lengths.findLast((length) => withUrls(length).linked === 20) ?? 0;
  assert.ok(withUrls(all).size > 11_000 - 100, "no link is left out while there is room for it");
  for (const length of [all + 1, all + 20, 470]) {
    const { size, linked } = withUrls(length);
    assert.ok(size <= 11_000 && size > 11_000 - 600, String(size));
    assert.ok(linked > 0 && linked < 20, String(linked));
  }
});

for (const count of [2, 3, 4, 20, slackDeclaration.capacity]) {
  digest(`shows each of ${count} leads exactly once`, () => {
    const all = textsOf(slackDigest(told(count))).join("\n");
    for (let index = 0; index < count; index += 1) assert.is(occurrences(all, leadRef(idOf(index))), 1);
  });
}

digest("marks what may be a repeat, and nothing else", () => {
  const [first, ...rest] = told(5);
  assert.ok(first);
  const all = textsOf(slackDigest([{ ...first, mayBeRepeat: true }, ...rest])).join("\n");
  assert.is(occurrences(all, "may be a repeat"), 1);
});

digest("shows warnings, tests and people who were seen before in few words, and features no test and no line", () => {
  const seenBefore = { sourceTitle: "Google Ads", receivedAt: "2026-01-03T12:00:00.000Z", isLine: true };
  const [lead, again, test] = told(3, (index) => ({
    score: 100,
    ...(index === 0 && { warnings: ["phone: not a phone number", "name: two readings"] }),
    ...(index === 2 && { test: true }),
  }));
  assert.ok(lead && again && test);
  const { blocks } = slackDigest([test, { ...again, seenBefore }, lead]);
  const [header, feature, lines] = textsOf({ text: "", blocks });
  assert.is(header, "2 new leads and 1 test lead");
  assert.match(feature ?? "", "Germany · please check: phone, name");
  const [line = "", testLine = ""] = lines?.split("\n") ?? [];
  assert.match(line, "Germany · seen before: Google Ads, 3 January `");
  assert.match(testLine, "• <https://crm.example.com/leads/42|Test lead: Person 2, Acme &amp; Sons>");
});

digest("keeps a right-to-left name from changing the order of its line, even if it is cut", () => {
  const all = textsOf(
    slackDigest(told(5, (index) => ({ name: { full: index === 0 ? "דוד כהן" : "שלום ".repeat(39) } }))),
  );
  const lines = all.join("\n").split("\n");
  assert.match(lines.at(-1) ?? "", "|\u200e\u2068דוד כהן\u2069, Acme &amp; Sons> · low score");
  for (const line of lines) assert.is(line.split("\u2068").length, line.split("\u2069").length);
});

digest("of 50 leads with everything is within the limit, by leaving out the longest links and then facts", () => {
  const warnings = ["phone: not a phone number", "name: two readings", "country: unknown"];
  const seenBefore = { sourceTitle: "G".repeat(100), receivedAt: "2025-01-03T12:00:00.000Z", isLine: false };
  const long = { name: { full: "x".repeat(200) }, url: `https://crm.example.com/${"x".repeat(450)}`, warnings };
  const leads = told(slackDeclaration.capacity, (index) => (index < 40 ? long : {}));
  const message = slackDigest(leads.map((one) => ({ ...one, mayBeRepeat: true, seenBefore })));
  assert.is(takenBySlack(message), "ok");
  assert.ok(JSON.stringify(message.blocks).length <= 11_000);
  assert.is(occurrences(textsOf(message).join("\n"), "(may be a repeat)"), slackDeclaration.capacity);
  assert.match(JSON.stringify(message.blocks), "medium score");
});

digest("of 50 ordinary leads leaves nothing out", () => {
  const { blocks } = slackDigest(told(slackDeclaration.capacity));
  assert.is(blocksWithLink(blocks), slackDeclaration.capacity);
  assert.is(occurrences(JSON.stringify(blocks), " score · "), slackDeclaration.capacity);
});

digest("a line for one lead says that it is the same person again, and names the lead", () => {
  const [one] = told(1);
  assert.ok(one);
  const seenBefore = { sourceTitle: "Google Ads", receivedAt: "2026-01-03T12:00:00.000Z", isLine: true };
  const { text, blocks } = slackLine({ ...one, seenBefore });
  assert.is(text, "Same person again: Person 0, Acme &amp; Sons");
  assert.equal(textsOf({ text, blocks }), [
    "*Same person again:* <https://crm.example.com/leads/42|Person 0, Acme &amp; Sons> · low score · " +
      `<tel:+4930123456;ext=42|+4930123456 ext. 42> · Germany · seen before: Google Ads, 3 January \`${leadRef(idOf(0))}\``,
  ]);
});

digest("lets no lead imitate another one's short name or mark", () => {
  const attack = `Eve \`${leadRef(idOf(0))}\` (may be a repeat)`;
  const all = textsOf(slackDigest(told(5, () => ({ name: { full: attack }, message: attack })))).join("\n");
  assert.is(occurrences(all, `\`${leadRef(idOf(0))}\``), 1);
  assert.is(occurrences(all, "` (may be a repeat)"), 0);
});

for (const [what, changes] of [
  ["ordinary", {}],
  ["long", { name: { full: "<&>".repeat(66) }, message: "<&>".repeat(1600), company: { name: "&".repeat(200) } }],
  ["long-linked", { url: `https://crm.example.com/${"x".repeat(450)}` }],
  ["quoting", { name: { full: '"'.repeat(200) }, message: '"\\\n'.repeat(1600), jobTitle: "\\".repeat(200) }],
  ["ampersand-linked", { url: `https://crm.example.com/?${"&".repeat(1900)}` }],
  ["backslash-linked", { url: `https://crm.example.com/?${"\\".repeat(400)}` }],
  [
    "accented",
    { email: { address: `${"é".repeat(240)}@x.example`, domain: "x.example", freeMail: true, disposable: false } },
  ],
  ["endlessly linked", { url: `https://crm.example.com/${"x".repeat(1900)}` }],
] as const) {
  digest(`of ${slackDeclaration.capacity} ${what} leads stays within Slack's limits`, () => {
    const message = slackDigest(told(slackDeclaration.capacity, () => changes));
    assert.ok(message.blocks.length <= 50);
    for (const text of textsOf(message)) assert.ok(text.length <= 3000, String(text.length));
    const size = JSON.stringify(message.blocks).length;
    assert.ok(size <= 11_000, String(size));
    assert.is(takenBySlack(message), "ok");
    assert.is(occurrences(JSON.stringify(message.blocks), leadRef(idOf(7))), 1);
  });
}

digest.run();
