import { suite } from "uvu";
import * as assert from "uvu/assert";
import { textTable } from "../../command-line/table.ts";

const table = suite("command line :: tables");

table("columns are as wide as their widest cell, two spaces apart, without spaces at the end", () => {
  const rows = [
    ["LEAD", "CLASS", ""],
    ["crm-1", "NoContact", "why"],
    ["–", "", ""],
  ];
  assert.is(textTable(rows), "LEAD   CLASS\ncrm-1  NoContact  why\n–");
});

table("wide characters count as two", () => {
  assert.is(textTable([["日本", "a"]].concat([["x", "b"]])), "日本  a\nx     b");
});

table("numbers are aligned to the right, with separators, and decimals only below 10", () => {
  assert.is(textTable([[1234.5], [9.876], [10]]), "1,235\n 9.88\n   10");
});

table("every row can be indented", () => {
  assert.is(textTable([["a"], ["b"]], 2), "  a\n  b");
});

table.run();
