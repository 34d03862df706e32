import { suite } from "uvu";
import * as assert from "uvu/assert";
import { slackCard } from "../../../../../functions/notify/channels/slack/card.ts";
import { slackLink, slackMrkdwn, slackText } from "../../../../../functions/notify/channels/slack/text.ts";
import { bareLead, enrichedLead } from "../../../../helpers/leads.ts";

/** What of a block can be read. */
interface ShownBlock {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly { readonly text: string | { readonly text: string } }[];
}

const card = suite("slack card");

card("shows who, how to reach them, what they wrote and where the lead is", () => {
  const { text, blocks } = slackCard({ lead: enrichedLead(), mayBeRepeat: false });
  assert.is(text, "New lead: Jane Roe, Acme &amp; Sons");
  assert.equal(
    blocks.map(({ type }) => type),
    ["header", "section", "section", "actions", "context"],
  );
  const all = JSON.stringify(blocks);
  for (const part of [
    "<mailto:jane.roe@acme.example|jane.roe@acme.example>",
    "<tel:+4930123456|+4930123456>",
    "Acme &amp; Sons (acme.example) (250 people or more)",
    "CTO",
    "Germany",
    "website: spring campaign",
    "Please call me &lt;today&gt;.",
    "https://crm.example.com/leads/42",
    `Lead website-${"a".repeat(32)}`,
    "received 2026-03-01 12:00 UTC",
  ]) {
    assert.ok(all.includes(part), part);
  }
  assert.not.match(all, /may be a repeat/);
});

card("of a lead with a phone number alone is complete", () => {
  const { text, blocks } = slackCard({ lead: bareLead(), mayBeRepeat: false });
  assert.is(text, "New lead: +4930123456");
  assert.equal(
    blocks.map(({ type }) => type),
    ["header", "section", "context"],
  );
});

card("says when it may be a repeat, what was unusable and which mailboxes say little", () => {
  const email = { address: "j@mailinator.com", domain: "mailinator.com", freeMail: false, disposable: true };
  const { blocks } = slackCard({
    lead: enrichedLead({ email, warnings: ["phone: not a phone number"] }),
    mayBeRepeat: true,
  });
  const all = JSON.stringify(blocks);
  assert.match(all, /may be a repeat/);
  assert.match(all, /phone: not a phone number/);
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
  assert.ok(JSON.stringify(blocks).length <= 12_000, String(JSON.stringify(blocks).length));
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
  assert.is(slackText("a😀😀", 4), "a😀…");
});

card("keeps a pipe and signs of formatting out of a link's address", () => {
  assert.is(slackLink("https://a.example/*~`", "a", 100), "<https://a.example/%2A%7E%60|a>");
  assert.is(slackLink("mailto:a|b@c.example", "a|b@c.example", 100), "<mailto:a%7Cb@c.example|a|b@c.example>");
});

card.run();
