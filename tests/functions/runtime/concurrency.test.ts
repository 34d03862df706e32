import { setImmediate } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { allEnded, mapLimited } from "../../../functions/runtime/concurrency.ts";
import { failureOf } from "../../helpers/failure.ts";

const concurrency = suite("concurrency");

concurrency("returns the results in order, whatever ends first", async () => {
  const slow = async (item: number) => {
    for (let turns = item; turns > 0; turns -= 1) await setImmediate();
    return item * 2;
  };
  assert.equal(await mapLimited([3, 1, 2], 2, slow), [6, 2, 4]);
  assert.equal(await mapLimited([3, 1], 9, slow), [6, 2]);
  assert.equal(await mapLimited([], 2, slow), []);
  assert.equal(await allEnded([slow(2), "as it is", slow(1)]), [4, "as it is", 2]);
});

concurrency("does no more at a time than it may, and passes each item's index", async () => {
  const seen = { now: 0, most: 0, indexes: [] as number[] };
  await mapLimited(Array(9).fill(0), 4, async (_, index) => {
    seen.indexes.push(index);
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await setImmediate();
    seen.now -= 1;
  });
  assert.equal([seen.most, seen.indexes], [4, [0, 1, 2, 3, 4, 5, 6, 7, 8]]);
});

concurrency(
  "begins nothing after a failure, and throws the first one when everything under way has ended",
  async () => {
    const ended: number[] = [];
    const failure = await failureOf(
      mapLimited([0, 1, 2, 3, 4], 3, async (item) => {
        if (item === 1) throw new Error("first");
        await setImmediate();
        ended.push(item);
        if (item === 2) throw new Error("second");
      }),
    );
    assert.equal([failure.message, ended], ["first", [0, 2]]);
  },
);

concurrency("waits for all of the work before it throws", async () => {
  const ended: string[] = [];
  const failing = Promise.reject(new Error("at once"));
  const slow = setImmediate().then(() => ended.push("slow"));
  assert.equal([(await failureOf(allEnded([failing, slow]))).message, ended], ["at once", ["slow"]]);
});

concurrency.run();
