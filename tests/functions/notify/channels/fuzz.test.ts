import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkEnrichedLead, type EnrichedLead } from "../../../../functions/lead/enriched-lead.ts";
import { leadRef } from "../../../../functions/lead/lead-id.ts";
import { leadEmail } from "../../../../functions/notify/channels/email/compose.ts";
import { type SlackMessage, slackCard } from "../../../../functions/notify/channels/slack/card.ts";
import { slackDeclaration } from "../../../../functions/notify/channels/slack/declaration.ts";
import { slackDigest, slackLine } from "../../../../functions/notify/channels/slack/digest.ts";
import type { LeadToAnnounce } from "../../../../functions/notify/lead-summary.ts";
import { readMessage } from "../../../../local/slack/slack-rules.ts";
import { bareLead } from "../../../helpers/leads.ts";

const pieces = [
  "<!channel>",
  "<https://evil.example|x>",
  "&amp;",
  "&",
  '"',
  "\\",
  "*b*",
  "_i_",
  "~s~",
  "`c`",
  "|",
  ">",
  "דוד",
  "شركة",
  "😀",
  "語",
  "é",
  " ",
  "a",
  "x@y.example",
  "</td>",
  "<script>",
  "\u2028",
  "(may be a repeat)",
  "• ",
];
/** A line of up to `max` characters that are trouble for some channel. */
const line = (max: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "grapheme", maxLength: 5 })), {
      minLength: 1,
      maxLength: 20,
    })
    .chain((some) => fc.constantFrom(1, 1, 5, 60).map((times) => some.join("").repeat(times)))
    .map(
      (text) =>
        text
          .replace(/[\p{Cc}\p{Bidi_Control}]/gu, "")
          .slice(0, max)
          .toWellFormed()
          .replaceAll("\ufffd", "")
          .trim() || "x",
    );
const lines = (max: number) =>
  fc.array(line(max), { minLength: 1, maxLength: 5 }).map((all) => all.join("\n").slice(0, max).toWellFormed());
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const few = <T>(one: fc.Arbitrary<T>, maxLength: number) => optional(fc.array(one, { maxLength }));
const address = fc.constantFrom(
  "a@b.example",
  "a?cc=b&bcc=c'`*@b.example",
  `${"語".repeat(240)}@b.example`,
  `${"&".repeat(240)}@b.example`,
);
const phone = fc.record({
  e164: fc.constantFrom("+4930123456", "+390123456789012"),
  extension: optional(fc.constantFrom("7", "12345678901")),
});
const url = fc.constantFrom(
  "https://crm.example.com/1",
  `https://crm.example.com/?${"&".repeat(1900)}`,
  `https://crm.example.com/${"x".repeat(1900)}`,
  "https://crm.example.com/|x*~`<>\"'",
);

const leads = fc
  .record({
    id: fc.stringMatching(/^crm-[0-9a-f]{32}$/),
    sourceTitle: optional(line(100)),
    test: optional(fc.constant(true as const)),
    url: optional(url),
    urlAllowed: optional(fc.boolean()),
    name: optional(fc.record({ full: line(200) })),
    email: optional(
      fc.record({ address, domain: fc.constant("b.example"), freeMail: fc.boolean(), disposable: fc.boolean() }),
    ),
    phone: optional(phone),
    otherEmails: few(address, 5),
    otherPhones: few(phone, 5),
    company: optional(
      fc.record({
        name: optional(line(200)),
        domain: optional(fc.constant("b.example")),
        employees: optional(fc.nat({ max: 99_999_999 })),
      }),
    ),
    country: optional(fc.constantFrom("DE", "IL", "XK", "ZZ")),
    jobTitle: optional(line(200)),
    message: optional(lines(5000)),
    origin: optional(line(200)),
    owner: optional(fc.record({ name: optional(line(200)), email: optional(address) })),
    utm: optional(
      fc.record({ source: optional(line(200)), medium: optional(line(200)), campaign: optional(line(200)) }),
    ),
    landingPage: optional(url),
    consent: optional(fc.record({ given: fc.boolean(), text: optional(lines(1000)) })),
    language: optional(fc.constantFrom("de", "pt-BR", "zh-Hant-TW", "qaa")),
    answers: few(fc.record({ label: line(150), answer: lines(1000) }), 20),
    score: fc.nat({ max: 100 }),
    scoreReasons: few(line(100), 20),
    warnings: fc.array(line(200), { maxLength: 50 }),
  })
  .map((some): EnrichedLead => {
    const known = JSON.parse(JSON.stringify(some));
    const { phone: usual, ...bare } = bareLead();
    const reach = known.email || known.phone ? {} : { phone: usual };
    return checkEnrichedLead({ ...bare, schemaVersion: 2, source: "crm", ...reach, ...known });
  });
const announced = fc.record({
  lead: leads,
  mayBeRepeat: fc.boolean(),
  seenBefore: optional(
    fc.record({ sourceTitle: line(100), receivedAt: fc.constant("2025-05-03T12:00:00.000Z"), isLine: fc.boolean() }),
  ),
});
const toAnnounce = announced.map(
  ({ seenBefore, ...one }): LeadToAnnounce => ({ ...one, ...(seenBefore && { seenBefore }) }),
);

const textsIn = (value: unknown): string[] =>
  typeof value === "string" ? [value] : Object.values((value ?? {}) as object).flatMap(textsIn);

/** What is in angle brackets is one of our own links. */
const ownLink = /^<(mailto:[^<>|\s]+@b\.example|tel:\+\d+(;ext=\d+)?|https:\/\/crm\.example\.com\/[^<>|]*)\|[^<>]*>$/;

function assertGood(message: SlackMessage): void {
  const read = readMessage(JSON.stringify(message));
  assert.is("refusal" in read ? read.refusal.body : "ok", "ok");
  assert.ok(JSON.stringify(message.blocks).length <= 12_000, `${JSON.stringify(message.blocks).length} characters`);
  for (const text of textsIn(message)) {
    for (const [bracketed] of text.matchAll(/<[^>]*>?/g)) assert.match(bracketed, ownLink);
    for (const one of text.split("\n")) assert.is(one.split("\u2068").length, one.split("\u2069").length, one);
  }
  assert.not.match(JSON.stringify(message), /undefined|null|NaN|\[object/);
}

const fuzz = suite("messages of fuzzed leads");

fuzz("cards and lines keep Slack's limits, link only where we do, and name their lead once", () => {
  for (const one of fc.sample(toAnnounce, { numRuns: 400, seed: 11 })) {
    const card = slackCard(one);
    assertGood(card);
    assert.is(JSON.stringify(card.blocks).split(one.lead.id).length, 2);
    assertGood(slackLine(one));
  }
});

fuzz("digests keep Slack's limits and name each lead once", () => {
  const groups = fc.array(toAnnounce, { minLength: 2, maxLength: slackDeclaration.capacity, size: "max" });
  for (const group of fc.sample(groups, { numRuns: 40, seed: 12 })) {
    const message = slackDigest(group);
    assertGood(message);
    const text = textsIn(message.blocks).join("\n");
    for (const { lead } of group) assert.is(text.split(`\`${leadRef(lead.id)}\``).length, 2);
  }
});

fuzz("emails hold no markup and no header but ours", () => {
  for (const one of fc.sample(toAnnounce, { numRuns: 200, seed: 13 })) {
    const { subject, text, html, headers } = leadEmail([one], "");
    assert.not.match(subject, /\p{Cc}/u);
    assert.equal(headers, { "X-Lead-Id": one.lead.id });
    assert.ok([subject, text, html].every((said) => said.isWellFormed()));
    assert.not.match(html.replace(/^[\s\S]*<body>/, ""), /<(script|img|!|https)/);
    assert.is(text.split(one.lead.id).length, 2);
    assert.not.match(`${text}${html}`, /undefined|NaN|\[object/);
  }
});

fuzz.run();
