import { suite } from "uvu";
import * as assert from "uvu/assert";
import { marksOf, type Post } from "../../../local/faults/post-log.ts";

const judged = (...posts: readonly Post[]) => {
  const { marked, wronglyMarked, wronglyUnmarked } = marksOf(new Map([["0123456789ab", posts]]));
  return { marked, wrongly: [wronglyMarked.length, wronglyUnmarked.length] };
};

const marks = suite("faults :: marks");

marks("a lead is marked exactly when a post before it was uncertain", () => {
  assert.equal(judged("unmarked"), { marked: 0, wrongly: [0, 0] });
  assert.equal(judged("uncertain", "marked"), { marked: 1, wrongly: [0, 0] });
  assert.equal(judged("marked"), { marked: 1, wrongly: [1, 0] });
  assert.equal(judged("uncertain", "uncertain", "unmarked"), { marked: 0, wrongly: [0, 1] });
});

marks("a second announcement is a repeat", () => {
  assert.equal(judged("unmarked", "marked"), { marked: 1, wrongly: [0, 0] });
  assert.equal(judged("unmarked", "unmarked"), { marked: 0, wrongly: [0, 1] });
});

marks("each lead is judged by itself, and named", () => {
  const posts = new Map<string, Post[]>([
    ["a", ["marked"]],
    ["b", ["uncertain", "unmarked"]],
    ["c", ["uncertain"]],
  ]);
  assert.equal(marksOf(posts), { marked: 1, wronglyMarked: ["a"], wronglyUnmarked: ["b"] });
});

marks.run();
