import { suite } from "uvu";
import * as assert from "uvu/assert";
import { listOf, number, oneOf, repeatable, text, wholeNumber } from "../../command-line/options.ts";

const kinds = suite("command line :: kinds of options");

kinds("a whole number has to be in its range, whose ends are allowed", () => {
  const { read, allowed } = wholeNumber(1, 9);
  assert.equal(["1", "9", "0", "10", "1.5", "", " ", "x", "-1"].map(read), [1, 9, ...Array(7).fill(undefined)]);
  assert.is(allowed, "a whole number from 1 to 9");
});

kinds("a number may have decimals", () => {
  const { read, allowed } = number(0.1, 120);
  assert.equal(["0.1", "120", "0.09", "121", "", "soon"].map(read), [0.1, 120, ...Array(4).fill(undefined)]);
  assert.is(allowed, "a number from 0.1 to 120");
});

kinds("one of some names", () => {
  const { read, allowed } = oneOf(["dev", "prod"]);
  assert.equal(["dev", "prod", "Dev", "production", ""].map(read), ["dev", "prod", undefined, undefined, undefined]);
  assert.is(allowed, "dev, prod");
});

kinds("a list needs every value to be allowed", () => {
  const { read, allowed } = listOf(wholeNumber(0, 9));
  assert.equal(["1,0", "7", "1,x", "1,", ""].map(read), [[1, 0], [7], undefined, undefined, undefined]);
  assert.is(allowed, "a list with commas of a whole number from 0 to 9");
});

kinds("an option that may be repeated has a list with the one value, if that is allowed", () => {
  const { kind, repeatable: isRepeatable } = repeatable("Ages.", wholeNumber(0, 9), "7");
  assert.equal(
    ["7", "x"].map((given) => kind?.read(given)),
    [[7], undefined],
  );
  assert.equal([kind?.allowed, isRepeatable], ["a whole number from 0 to 9", true]);
});

kinds("a text is not empty and is not the next option", () => {
  const { read } = text("file", "a path");
  assert.equal(["a b.json", "-x", "--queue", ""].map(read), ["a b.json", undefined, undefined, undefined]);
});

kinds.run();
