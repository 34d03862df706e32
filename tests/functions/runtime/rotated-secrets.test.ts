import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withRotatedSecrets } from "../../../functions/runtime/rotated-secrets.ts";
import { failureOf } from "../../helpers/failure.ts";

const refusal = new Error("refused");
const fault = new Error("fault");

/** Reads one set of secrets after the other, and does work that only `accepted` lets pass. */
function setUp(sets: readonly string[][], accepted: string, error = refusal) {
  const ages: (number | undefined)[] = [];
  const tried: string[][] = [];
  const result = withRotatedSecrets(
    async (maxAge) => {
      ages.push(maxAge);
      return sets[ages.length - 1] ?? [];
    },
    (thrown) => thrown === refusal,
    (secrets) => {
      tried.push(secrets);
      if (!secrets.includes(accepted)) throw error;
      return "done";
    },
  );
  return { result, ages, tried };
}

const rotated = suite("rotated secrets");

rotated("are not read again while they are accepted", async () => {
  const { result, ages } = setUp([["a"]], "a");
  assert.equal([await result, ages], ["done", [undefined]]);
});

rotated("are read again when they are refused, if they are older than ten seconds, and tried once more", async () => {
  const { result, ages, tried } = setUp([["old"], ["old", "new"]], "new");
  assert.equal([await result, ages, tried], ["done", [undefined, 10_000], [["old"], ["old", "new"]]]);
});

rotated("are tried once more only if they have changed", async () => {
  const { result, tried } = setUp([["old"], ["old"]], "new");
  assert.is(await failureOf(result), refusal);
  assert.equal(tried, [["old"]]);
});

rotated("that are refused a second time are refused", async () => {
  const { result, tried } = setUp([["old"], ["older"]], "new");
  assert.is(await failureOf(result), refusal);
  assert.is(tried.length, 2);
});

rotated("are not read again after another failure", async () => {
  const { result, ages } = setUp([["old"], ["new"]], "new", fault);
  assert.is(await failureOf(result), fault);
  assert.is(ages.length, 1);
});

rotated.run();
