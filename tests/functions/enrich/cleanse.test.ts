import { suite } from "uvu";
import * as assert from "uvu/assert";
import { headcount, line, paragraphs, personName, webLink } from "../../../functions/enrich/cleanse.ts";

const cleanse = suite("cleanse");

cleanse("a line loses control characters, line breaks and extra white space", () => {
  assert.is(line(" a\u0000b\u001b[31m \r\n\t c\u00a0 ", 100), "ab[31m c");
  assert.is(line("\u0007 ", 100), undefined);
  assert.is(line(undefined, 100), undefined);
});

cleanse("a line loses the marks that turn its reading direction, and keeps right-to-left letters and emoji", () => {
  assert.is(line("evil\u202egnp.exe", 100), "evilgnp.exe");
  assert.is(line("a\u061cb\u200fc\u2066d\u2069", 100), "abcd");
  assert.is(line("\u2066שרה לוי\u2069", 100), "שרה לוי");
  assert.is(line("👩‍🚀 Zoë", 100), "👩‍🚀 Zoë");
});

cleanse("a line is in NFC, well-formed and not cut through an emoji", () => {
  assert.is(line("Zoe\u0308", 100), "Zoë");
  assert.is(line("a\ud800b", 100), "a\ufffdb");
  const cut = line("😀😀😀", 5) ?? "";
  assert.ok(cut.length <= 5);
  assert.ok(cut.isWellFormed(), JSON.stringify(cut));
});

cleanse("paragraphs keep their line breaks, at most one empty line in a row", () => {
  assert.is(paragraphs(" a  b \r\n\r\n\r\n\r\n c\u0000 ", 100), "a b\n\nc");
});

for (const [given, expected] of [
  ["JANE ROE", "Jane Roe"],
  ["jane roe-smith", "Jane Roe-Smith"],
  ["o'neill", "O'Neill"],
  ["McDonald", "McDonald"],
  ["Ludwig van Beethoven", "Ludwig van Beethoven"],
  ["ÉMILE", "Émile"],
  ["李小龍", "李小龍"],
  ["J", "J"],
] as const) {
  cleanse(`the name ${given} becomes ${expected}`, () => assert.is(personName(given, 100), expected));
}

cleanse("a link is http or https and holds no credentials", () => {
  assert.is(webLink("https://crm.example.com/1?a=b", 2000), "https://crm.example.com/1?a=b");
  for (const bad of ["javascript:alert(1)", "https://user:pw@crm.example.com", "crm", "data:text/html,x", undefined]) {
    assert.is(webLink(bad, 2000), undefined);
  }
});

cleanse("a headcount is the least number named", () => {
  assert.equal(["250", "1,000+", "51-200", "11 to 50", "many", undefined, "9".repeat(20)].map(headcount), [
    250,
    1000,
    51,
    11,
    undefined,
    undefined,
    undefined,
  ]);
});

cleanse.run();
