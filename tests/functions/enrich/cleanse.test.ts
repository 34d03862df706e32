import { suite } from "uvu";
import * as assert from "uvu/assert";
import { headcount, line, paragraphs, personName, webLink } from "../../../functions/enrich/cleanse.ts";
import { boundedText as text } from "../../../functions/lead/text.ts";

const cleanse = suite("cleanse");

cleanse("a line loses control characters, line breaks and extra white space", () => {
  assert.is(line(text(" a\u0000b\u001b[31m \r\n\t c\u00a0 "), 100), "ab[31m c");
  assert.is(line(text("\u0007 "), 100), undefined);
  assert.is(line(undefined, 100), undefined);
});

cleanse("a line loses the marks that turn its reading direction, and keeps right-to-left letters and emoji", () => {
  assert.is(line(text("evil\u202egnp.exe"), 100), "evilgnp.exe");
  assert.is(line(text("a\u061cb\u200fc\u2066d\u2069"), 100), "abcd");
  assert.is(line(text("\u2066שרה לוי\u2069"), 100), "שרה לוי");
  assert.is(line(text("👩‍🚀 Zoë"), 100), "👩‍🚀 Zoë");
});

cleanse("a line is in NFC, well-formed and not cut through an emoji", () => {
  assert.is(line(text("Zoe\u0308"), 100), "Zoë");
  assert.is(line(text("a\ud800b"), 100), "a\ufffdb");
  const cut = line(text("😀😀😀"), 5) ?? "";
  assert.ok(cut.length <= 5);
  assert.ok(cut.isWellFormed(), JSON.stringify(cut));
});

cleanse("paragraphs keep their line breaks, at most one empty line in a row", () => {
  assert.is(paragraphs(text(" a  b \r\n\r\n\r\n\r\n c\u0000 "), 100), "a b\n\nc");
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
  ["AJ", "AJ"],
  ["PROF. DR. JANE ROE", "Prof. Dr. Jane Roe"],
  ["AJ SMITH", "AJ Smith"],
  ["JOHN SMITH III", "John Smith III"],
  ["JANE ROE MBA", "Jane Roe MBA"],
  ["J.R.R. TOLKIEN", "J.R.R. Tolkien"],
  ["LI WEI", "Li Wei"],
  ["İBRAHİM", "İbrahim"],
  ["IŞIK", "IŞIK"],
  ["O'Brien", "O'Brien"],
  ["O'BRIEN", "O'Brien"],
  ["MCDONALD", "McDonald"],
  ["mcdonald", "McDonald"],
  ["van der Berg", "van der Berg"],
  ["JAN VAN DER BERG", "Jan van der Berg"],
  ["maria de la cruz", "Maria de la Cruz"],
  ["NGUYEN VAN LONG", "Nguyen Van Long"],
  ["Jean DUPONT", "Jean DUPONT"],
  ["ИВАН ПЕТРОВ", "Иван Петров"],
  ["ΓΙΩΡΓΟΣ", "Γιωργος"],
  ["straße", "Straße"],
  ["jane123", "jane123"],
  ["jane@acme.example", "jane@acme.example"],
] as const) {
  cleanse(`the name ${given} becomes ${expected}`, () => assert.is(personName(text(given), 100), expected));
}

cleanse("a link is http or https and holds no credentials", () => {
  assert.is(webLink(text("https://crm.example.com/1?a=b"), 2000), "https://crm.example.com/1?a=b");
  for (const bad of ["javascript:alert(1)", "https://user:pw@crm.example.com", "crm", "data:text/html,x", undefined]) {
    assert.is(webLink(text(bad), 2000), undefined);
  }
});

for (const [given, expected] of [
  ["250", 250],
  ["1,000+", 1000],
  ["1234,567", undefined],
  ["1.000", 1000],
  ["1 000", 1000],
  ["51-200", 51],
  ["11 to 50", 11],
  ["about 7", 7],
  ["0", 0],
  ["99999999", 99_999_999],
  ["100000000", undefined],
  ["250.0", 250],
  ["250,00", 250],
  ["10.000", 10_000],
  ["1,00,000", 100_000],
  ["1'000", 1000],
  ["1.5k", 1500],
  ["1,5k", 1500],
  ["3 thousand", 3000],
  ["2,5 Tsd.", 2500],
  ["2m", 2_000_000],
  ["1,2 Mio", 1_200_000],
  ["1.2 million", 1_200_000],
  ["5,001-10,000", 5001],
  ["51 – 200", 51],
  ["ca. 30", 30],
  ["mehr als 500", 500],
  [">1000", 1000],
  ["250 employees", 250],
  ["Employees: 11-50", 11],
  ["less than 10", undefined],
  ["<10", undefined],
  ["up to 50", undefined],
  ["weniger als 10", undefined],
  ["Oct-50", undefined],
  ["10-Jan", undefined],
  ["2024-05-01", undefined],
  ["1-5k", undefined],
  ["1.5", undefined],
  ["-5", undefined],
  ["1e3", undefined],
  ["Tier 2", undefined],
  ["$5M", undefined],
  ["5M €", undefined],
  ["10%", undefined],
  ["9".repeat(20), undefined],
  ["many", undefined],
  [undefined, undefined],
] as const) {
  cleanse(`the headcount of ${given} is ${expected}`, () => assert.is(headcount(text(given)), expected));
}

cleanse("texts are cut at their limit and not before", () => {
  for (const read of [line, paragraphs, personName]) {
    assert.is(read(text("x".repeat(10)), 10)?.length, 10);
    assert.is(read(text("x".repeat(11)), 10)?.length, 10);
  }
  assert.is(line(text("ab cd"), 3), "ab", "no white space is left at the end");
  assert.is(paragraphs(text("ab\ncd"), 3), "ab");
});

cleanse("a link is left out when it is too long, also when that shows only in its encoded form", () => {
  const start = "https://a.example/";
  const fits = `${start}${"x".repeat(30 - start.length)}`;
  assert.is(webLink(text(fits), 30), fits);
  assert.is(webLink(text(`${fits}x`), 30), undefined, "a link that is cut leads elsewhere");
  assert.is(webLink(text(`${start}${"é".repeat(3)}`), 36), `${start}${"%C3%A9".repeat(3)}`);
  assert.is(webLink(text(`${start}${"é".repeat(3)}`), 35), undefined);
});

cleanse("a link has no credentials of any kind, and no other protocol", () => {
  for (const credentials of [":pw", "user", "user:"]) {
    assert.is(webLink(text(`https://${credentials}@crm.example.com`), 2000), undefined);
  }
  assert.is(webLink(text("http://crm.example.com"), 2000), "http://crm.example.com/");
  assert.is(webLink(text("ftp://crm.example.com"), 2000), undefined);
});

cleanse.run();
