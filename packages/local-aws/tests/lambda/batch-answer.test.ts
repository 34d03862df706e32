import { suite } from "uvu";
import * as assert from "uvu/assert";
import { succeeded } from "../../src/lambda/batch-answer.ts";

const ids = ["a", "b", "c"];
const answer = (payload: unknown) => ({ ok: true as const, payload: JSON.stringify(payload) });
const failures = (...identifiers: unknown[]) =>
  answer({ batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) });
const thrown = { ok: false as const, error: { errorType: "Error", errorMessage: "no" }, status: "error" as const };

const batch = suite("batch answer");

batch("named messages fail and the others succeed", () => {
  assert.equal(succeeded(failures("b"), ids, true), ["a", "c"]);
});

batch("an empty or null list, an empty answer and null mean that all succeeded", () => {
  for (const payload of [{ batchItemFailures: [] }, { batchItemFailures: null }, {}, null]) {
    assert.equal(succeeded(answer(payload), ids, true), ids, JSON.stringify(payload));
  }
});

batch("an exception fails all", () => {
  assert.equal(succeeded(thrown, ids, true), []);
  assert.equal(succeeded(thrown, ids, false), []);
});

batch("an identifier that is empty, null, misnamed or not in the batch fails all", () => {
  for (const bad of [failures("a", ""), failures(null), failures("z"), answer({ batchItemFailures: [{ id: "a" }] })]) {
    assert.equal(succeeded(bad, ids, true), [], bad.payload);
  }
});

batch("an answer that is not an object, or whose list is not a list, fails all", () => {
  for (const bad of ["text", 1, true, [], { batchItemFailures: "a" }]) {
    assert.equal(succeeded(answer(bad), ids, true), [], JSON.stringify(bad));
  }
});

batch("without ReportBatchItemFailures every answer stands for all", () => {
  assert.equal(succeeded(failures("a"), ids, false), ids);
});

batch.run();
