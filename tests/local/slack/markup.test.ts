import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readMarkup } from "../../../local/slack/markup.ts";

const markup = suite("Slack's markup");

for (const [what, text, pieces] of [
  ["decodes Slack's three entities and no others", "a &amp; b &amp;lt; &eacute;", ["a & b &lt; &eacute;"]],
  ["leaves markup of the web's as text", "<script>alert(1)</script> <b>", ["<script>alert(1)</script> <b>"]],
  [
    "reads a link with its label, or its address in place of one",
    "see <https://example.com/?a=1&amp;b=2|the &lt;page&gt;> or <mailto:ada@example.com>",
    [
      "see ",
      { kind: "link", url: "https://example.com/?a=1&b=2", content: "the <page>" },
      " or ",
      { kind: "link", url: "mailto:ada@example.com", content: "mailto:ada@example.com" },
    ],
  ],
  ["makes no link of another scheme", "<javascript:alert(1)|click>", ["<javascript:alert(1)|click>"]],
  [
    "reads a bold link and a code",
    "*<tel:+49301|call>* `ref1`",
    [
      { kind: "bold", content: [{ kind: "link", url: "tel:+49301", content: "call" }] },
      " ",
      { kind: "code", content: ["ref1"] },
    ],
  ],
  [
    "reads signs around words and leaves those within",
    "_so_ ~not~ a_b_c 2*3*4",
    [{ kind: "italic", content: ["so"] }, " ", { kind: "strike", content: ["not"] }, " a_b_c 2*3*4"],
  ],
  [
    "reads a quote to the end of its line",
    "said:\n&gt; *now* &gt; later\nend",
    ["said:\n", { kind: "quote", content: [{ kind: "bold", content: ["now"] }, " > later"] }, "end"],
  ],
] as const) {
  markup(what, () => assert.equal(readMarkup(text), pieces));
}

markup.run();
