import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failureOf } from "../helpers/failure.ts";
import { allowed, clientsOf, type FunctionName, foreign, never, own } from "./isolation-attempts.ts";
import { startTarget, type Target } from "./security-fixtures.ts";

let target: Target;
const isolation = suite("security :: isolation");
isolation.before(async () => {
  target = await startTarget();
});
isolation.after(() => target.stop());

const everybody: readonly FunctionName[] = ["ingest", "enrich", "notify"];
const staging = Object.entries(foreign("staging")).map(([what, attempt]) => [`${what} of staging`, attempt] as const);
const prod = Object.entries(foreign("prod")).map(([what, attempt]) => [`${what} of prod`, attempt] as const);
for (const name of everybody) {
  for (const [what, attempt] of [...staging, ...prod, ...Object.entries(never), ...Object.entries(own[name])]) {
    isolation(`dev's ${name} may not ${what}`, async () => {
      const { name: error } = await failureOf(attempt(clientsOf(target, name)));
      assert.match(error, /^AccessDenied(Exception)?$/);
    });
  }
}

for (const name of everybody) {
  isolation(`dev's ${name} may do what it is for, with the same credentials`, async () => {
    await allowed[name](clientsOf(target, name));
  });
}

isolation.run();
