import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SimulatedApi } from "../../../local/apis/simulated-api.ts";
import { answersOfAll, written } from "./answers.ts";

const apis = suite("simulated APIs of sources");

apis("answer what is in answers.txt, which node tests/local/apis/answers.ts writes anew", async () => {
  assert.fixture(await answersOfAll(), written());
});

/** An API without records, whose answer is empty. */
class EmptyApi extends SimulatedApi {
  put(): void {}
  protected tokenIn = () => "token";
  protected answer = () => ({ status: 200, body: {} });
  protected problem = (status: number, seconds = 0) => ({ status, body: {}, headers: { "retry-after": `${seconds}` } });
}

apis("take no more requests at once than the vendor's API, and say when to ask again", async () => {
  const api = new EmptyApi("token", { rate: 0.1, burst: 2 });
  await api.start();
  const answers = [];
  for (let count = 0; count < 3; count += 1) answers.push(await fetch(api.url));
  await api.stop();
  const found = answers.map(({ status, headers }) => [status, headers.get("retry-after")]);
  assert.equal(found, [
    [200, null],
    [200, null],
    [429, "10"],
  ]);
});

apis.run();
