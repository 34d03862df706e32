import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Screen } from "../../../local/terminal/screen.ts";
import { onOneLine } from "../../../local/terminal/text.ts";

const clear = "\r\x1b[2K";

/** A screen, and what it writes. */
function screenOf(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  return { screen: new Screen({ isTTY, columns, write: (text) => written.push(text) }), written };
}

const screens = suite("screen");

screens("a line is printed above the status line, which stays the last one", () => {
  const { screen, written } = screenOf(true);
  screen.print("one");
  screen.show("sent 1");
  screen.print("two");
  screen.show("sent 2");
  screen.show("");
  screen.print("three");
  assert.equal(written, ["one\n", `${clear}sent 1`, `${clear}two\nsent 1`, `${clear}sent 2`, clear, "three\n"]);
});

screens("a terminal that does not say how wide it is has 80 columns", () => {
  const { screen, written } = screenOf(true, 0);
  screen.printCut("a".repeat(80));
  screen.show("sent 1");
  assert.equal(written, [`${"a".repeat(80)}\n`, `${clear}sent 1`]);
});

screens("a status line that has not changed is not written again", () => {
  const { screen, written } = screenOf(true);
  screen.show("sent 1");
  screen.show("sent 1");
  assert.is(written.length, 1);
});

screens("lines are cut at the last column, where Japanese characters count two, and the status line before it", () => {
  const { screen, written } = screenOf(true);
  screen.printCut("a".repeat(20));
  screen.printCut("a".repeat(21));
  screen.printCut("東京都千代田区丸の内一丁目");
  screen.show("a".repeat(20));
  assert.equal(written, [
    `${"a".repeat(20)}\n`,
    `${"a".repeat(19)}…\n`,
    "東京都千代田区丸の…\n",
    `${clear}${"a".repeat(18)}…`,
  ]);
});

screens("without a terminal nothing is cut and there is no status line", () => {
  const { screen, written } = screenOf(false);
  screen.show("sent 1");
  screen.printCut("a".repeat(30));
  assert.equal(written, [`${"a".repeat(30)}\n`]);
});

screens(
  "a text of a lead cannot move the cursor, change colours, write to the clipboard or turn the line around",
  () => {
    const hostile = "A\x1b[2J\x1b]52;c;aGk=\x07B\r\nC\x9b31mD\u202eE\u2066\x00F";
    assert.not.match(onOneLine(hostile), /[\p{Cc}\u202e\u2066]/u);
    assert.match(onOneLine(hostile), /^AB C.*D E F$/);
    assert.is(onOneLine(" نور\tالشمس \n"), "نور الشمس");
  },
);

screens.run();
