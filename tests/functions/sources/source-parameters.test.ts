import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ReadParameters } from "../../../functions/runtime/secrets.ts";
import { createSourceReader } from "../../../functions/sources/source-parameters.ts";
import { failureOf } from "../../helpers/failure.ts";

/** A reader whose SSM answers when it is told to, and what it was asked. */
function setUp() {
  const asked: unknown[][] = [];
  const answers: (() => void)[] = [];
  const read: ReadParameters = (names, options) => {
    asked.push([names, options?.maxAge]);
    const values = names.map((name) => (name.endsWith("/settings") ? '{"title":"CRM"}' : `value of ${name}`));
    return new Promise((resolve, reject) => {
      answers.push(() => (asked.length > 9 ? reject(new Error("down")) : resolve(values)));
    });
  };
  return {
    asked,
    answer: () => answers.splice(0).forEach((one) => void one()),
    readSource: createSourceReader("/p", read),
  };
}

const parameters = suite("parameters of sources");

parameters("are a source's settings and the secrets that are asked for, read with one request", async () => {
  const { asked, answer, readSource } = setUp();
  const reading = readSource("crm", ["token", "key"], 10_000);
  answer();
  assert.equal(await reading, {
    settings: { title: "CRM" },
    secrets: { token: "value of /p/crm/token", key: "value of /p/crm/key" },
  });
  assert.equal(asked, [[["/p/crm/settings", "/p/crm/token", "/p/crm/key"], 10_000]]);
});

parameters("are asked for once by leads that need them at the same time, and again by later ones", async () => {
  const { asked, answer, readSource } = setUp();
  const leads = Array.from({ length: 10 }, () => readSource("crm", []));
  const other = readSource("website", []);
  assert.is(asked.length, 2);
  answer();
  await Promise.all([...leads, other]);
  const later = readSource("crm", []);
  answer();
  await later;
  assert.is(asked.length, 3);
});

parameters("are asked for apart by who wants new ones, and again after a failure", async () => {
  const { asked, answer, readSource } = setUp();
  const [old, fresh] = [readSource("crm", []), readSource("crm", [], 0)];
  assert.is(asked.length, 2);
  answer();
  await Promise.all([old, fresh]);
  asked.push(...Array.from({ length: 8 }, () => []));
  const failing = readSource("crm", []);
  answer();
  assert.is((await failureOf(failing)).message, "down");
  asked.length = 0;
  const again = readSource("crm", []);
  answer();
  assert.equal((await again).settings, { title: "CRM" });
});

parameters.run();
