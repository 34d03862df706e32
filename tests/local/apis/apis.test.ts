import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answersOfAll, written } from "./answers.ts";

const apis = suite("simulated APIs of sources");

apis("answer what is in answers.txt, which node tests/local/apis/answers.ts writes anew", async () => {
  assert.fixture(await answersOfAll(), written());
});

apis.run();
