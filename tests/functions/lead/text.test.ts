import { suite } from "uvu";
import * as assert from "uvu/assert";
import { boundedText, maxMarks, maxTextLength } from "../../../functions/lead/text.ts";

/** Combining marks of different classes, the highest class first, which is the most work for a normalization. */
const marks = "\u0345\u035c\u0315\u0300\u0316\u1dfa\u302a\u05b0\u064b\u0670\u0c55\u0e38\u0e48\u0f71\u0f72\u0f74";

const text = suite("bounded text");

text("is made of texts and finite numbers that show", () => {
  assert.is(boundedText("Jane"), "Jane");
  assert.is(boundedText(42), "42");
  for (const value of [
    "",
    " \n",
    "\u0000",
    "\u202e",
    "\u200b\u2060 \u00ad",
    "\u3164",
    "\u{e0041}\ufe0f",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    undefined,
    true,
    {},
    ["Jane"],
  ]) {
    assert.is(boundedText(value), undefined, JSON.stringify(value));
  }
});

text("is cut at its limit, and through no character", () => {
  assert.is(boundedText("x".repeat(maxTextLength))?.length, maxTextLength);
  assert.is(boundedText("x".repeat(maxTextLength + 1))?.length, maxTextLength);
  assert.is(boundedText(`${"x".repeat(maxTextLength - 1)}😀`), "x".repeat(maxTextLength - 1));
});

text("has at most as many combining marks in a row as a text in the stream-safe format", () => {
  const longest = `a${"\u0316".repeat(maxMarks)}`;
  assert.is(boundedText(longest), longest);
  assert.is(boundedText(`${longest}\u0316b\u0316`), `${longest}b\u0316`);
  const outsidePlane0 = "\u{1d165}";
  assert.is(boundedText(`a${outsidePlane0.repeat(maxMarks + 1)}`), `a${outsidePlane0.repeat(maxMarks)}`);
});

text("has no longer run of marks when what stood between them is removed", () => {
  const half = "\u0316".repeat(maxMarks - 1);
  assert.is(boundedText(`a${half}\u202e${half}`), `a${"\u0316".repeat(maxMarks)}`);
});

text("is in NFC also when what stood between a letter and its mark is removed", () => {
  assert.is(boundedText("Zoe\u202e\u0308"), "Zoë");
});

text("has no invisible place for a line break", () => {
  assert.is(boundedText("\u200bMary\u00ad \u2060Lee\u200b"), "Mary Lee");
});

text("keeps the marks of languages that have many", () => {
  for (const word of ["हिन्दी", "Tiếng Việt", "שָׁלוֹם", "مُحَمَّد", "น้ำ"]) assert.is(boundedText(word), word.normalize("NFC"));
});

text("of many marks costs no more than a long text does", () => {
  const hostile = marks.repeat(16_000);
  const before = process.cpuUsage();
  for (const value of [hostile, `x${hostile}`, `${"\u202e".repeat(9_000)}${hostile}`]) boundedText(value);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 200_000, `${user + system} µs of CPU`);
});

text.run();
