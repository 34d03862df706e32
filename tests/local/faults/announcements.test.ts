import { suite } from "uvu";
import * as assert from "uvu/assert";
import { leadEmail } from "../../../functions/notify/channels/email/compose.ts";
import { slackCard } from "../../../functions/notify/channels/slack/card.ts";
import { slackDigest } from "../../../functions/notify/channels/slack/digest.ts";
import type { LeadToAnnounce } from "../../../functions/notify/lead-summary.ts";
import { announcementsIn } from "../../../local/faults/announcements.ts";
import { enrichedLead } from "../../helpers/leads.ts";

const told = (digit: string, mayBeRepeat = false): LeadToAnnounce => ({
  lead: enrichedLead({ id: `website-${digit.repeat(32)}`, warnings: ["phone: not a phone number"] }),
  mayBeRepeat,
});
const ref = (digit: string) => digit.repeat(12);

const announcements = suite("faults :: announcements");

announcements("a card names its lead, and says whether it may be a repeat", () => {
  for (const marked of [false, true]) {
    const card = JSON.stringify(slackCard(told("a", marked)));
    assert.equal(announcementsIn(card), [{ ref: ref("a"), marked }]);
  }
});

announcements("an email names each of its leads, and which of them may be a repeat", () => {
  const { text } = leadEmail([told("a"), told("b", true), told("c")], "By email.");
  const byRef = announcementsIn(text).sort((one, other) => one.ref.localeCompare(other.ref));
  assert.equal(byRef, [
    { ref: ref("a"), marked: false },
    { ref: ref("b"), marked: true },
    { ref: ref("c"), marked: false },
  ]);
});

announcements("a digest names each of its leads once, and which of them may be a repeat", () => {
  const digits = ["a", "b", "c", "d", "e"];
  const digest = JSON.stringify(slackDigest(digits.map((digit) => told(digit, digit === "b" || digit === "e"))));
  const found = announcementsIn(digest).sort((one, other) => one.ref.localeCompare(other.ref));
  assert.equal(
    found.map((one) => one.ref),
    digits.map(ref),
  );
  assert.equal(
    found.filter(({ marked }) => marked).map((one) => one.ref),
    [ref("b"), ref("e")],
  );
});

announcements("a text without leads announces nothing", () => {
  assert.equal(announcementsIn('ALARM: "leadwire-dev-leads-dlq-depth" in US East (N. Virginia)'), []);
});

announcements("a longer number than a lead's is no lead", () => {
  assert.equal(announcementsIn(`Lead website-${"a".repeat(33)} · may be a repeat`), []);
});

announcements.run();
