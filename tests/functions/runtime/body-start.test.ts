import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bodyStart } from "../../../functions/runtime/body-start.ts";

/** A body of chunks of two bytes, which knows how many were read and whether it was ended. */
function chunks(count: number) {
  const state = { read: 0, ended: false };
  async function* body() {
    try {
      while (state.read < count) {
        state.read += 1;
        yield Buffer.from("ab");
      }
    } finally {
      state.ended = true;
    }
  }
  return { state, body: body() };
}

const start = suite("start of a body");

start("is all of a body that is not longer than the bound", async () => {
  const { body, state } = chunks(2);
  assert.equal([(await bodyStart(body, 4)).toString(), state], ["abab", { read: 2, ended: true }]);
  assert.is((await bodyStart([], 0)).byteLength, 0);
});

start("is more than the bound of a longer one, whose rest is not read", async () => {
  const { body, state } = chunks(1000);
  assert.equal([(await bodyStart(body, 4)).toString(), state], ["ababab", { read: 3, ended: true }]);
});

start.run();
