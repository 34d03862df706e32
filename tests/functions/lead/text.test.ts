import { suite } from "uvu";
import * as assert from "uvu/assert";
import { boundedText, maxMarks, maxTextLength } from "../../../functions/lead/text.ts";
import { hostileTexts } from "../../helpers/hostile.ts";

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
  assert.is(boundedText("x".repeat(10_000))?.length, maxTextLength);
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

for (const [what, hostile] of Object.entries(hostileTexts)) {
  text(`of ${what} has only as many of them as the limit`, () => {
    const found = boundedText(hostile(40_000))?.normalize("NFD") ?? "";
    assert.ok(found.length > 0 && found.length <= 2 * maxMarks, String(found.length));
  });
}

text.run();
