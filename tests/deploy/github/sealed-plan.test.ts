import { suite } from "uvu";
import * as assert from "uvu/assert";
import { open, seal } from "../../../deploy/github/sealed-plan.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const files = { "plan.tfplan": Buffer.from("https://hooks.example/secret"), "sources.sha256": Buffer.from("0") };
const owner = "dev of pull request 12";

const sealed = suite("sealed plan");

sealed("opens with the same key for the same owner", () => {
  const opened = open(seal(files, key, owner), key, owner);
  assert.equal(Object.keys(opened), Object.keys(files));
  assert.is(Buffer.from(opened["plan.tfplan"] ?? []).toString(), "https://hooks.example/secret");
});

sealed("shows nothing of the plan, and is never the same twice", () => {
  const [one, other] = [seal(files, key, owner), seal(files, key, owner)].map((bytes) => Buffer.from(bytes));
  assert.not(one?.includes("plan.tfplan") || one?.includes("hooks.example"));
  assert.not(other && one?.equals(other));
});

sealed("does not open for another pull request or environment, or with another key", () => {
  const bytes = seal(files, key, owner);
  const otherKey = Buffer.alloc(32, 8).toString("base64");
  assert.throws(() => open(bytes, key, "dev of pull request 13"), /plan of dev of pull request 13 cannot be decrypted/);
  assert.throws(() => open(bytes, key, "prod of pull request 12"), /cannot be decrypted/);
  assert.throws(() => open(bytes, otherKey, owner), /cannot be decrypted/);
});

sealed("does not open when any byte has changed or is missing", () => {
  const bytes = seal(files, key, owner);
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 1 : byte));
    assert.throws(() => open(changed, key, owner), /cannot be decrypted/, `byte ${index}`);
  }
  assert.throws(() => open(bytes.subarray(0, -1), key, owner), /cannot be decrypted/);
  assert.throws(() => open(new Uint8Array(), key, owner), /cannot be decrypted/);
});

sealed("needs a key of 32 bytes, and says how to make one", () => {
  assert.throws(() => seal(files, "c2hvcnQ=", owner), /LEADWIRE_PLAN_KEY is not 32 bytes.*openssl rand -base64 32/);
});

sealed.run();
