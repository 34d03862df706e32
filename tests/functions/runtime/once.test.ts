import { suite } from "uvu";
import * as assert from "uvu/assert";
import { once } from "../../../functions/runtime/once.ts";

const onceSuite = suite("once");

onceSuite("works once for many who ask, also while it is at work", async () => {
  let works = 0;
  const get = once(async () => {
    works += 1;
    return works;
  });
  assert.equal(await Promise.all([get(), get()]), [1, 1]);
  assert.is(await get(), 1);
});

onceSuite("tries again after a failure", async () => {
  let works = 0;
  const get = once(async () => {
    works += 1;
    if (works === 1) throw new Error("no");
    return works;
  });
  const failure = await get().catch((error: Error) => error);
  assert.is((failure as Error).message, "no");
  assert.is(await get(), 2);
});

onceSuite.run();
