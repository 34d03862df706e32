import { suite } from "uvu";
import * as assert from "uvu/assert";
import { wasNeverSent } from "../../../../functions/notify/channels/never-sent.ts";
import { failureOf } from "../../../helpers/failure.ts";

const failed = (properties: object) => Object.assign(new Error("failed"), properties);
const wrapped = (cause: unknown) => new TypeError("fetch failed", { cause });
const refused = failed({ code: "ECONNREFUSED", syscall: "connect" });
const reset = failed({ code: "ECONNRESET", syscall: "read" });

const neverSent = suite("requests that never left");

for (const [what, error, expected] of [
  ["no connection", refused, true],
  ["no connection, as fetch says it", wrapped(refused), true],
  ["no route", failed({ code: "EHOSTUNREACH", syscall: "connect" }), true],
  ["no address", wrapped(failed({ code: "EAI_AGAIN", syscall: "getaddrinfo" })), true],
  ["no connection in time", wrapped(failed({ code: "UND_ERR_CONNECT_TIMEOUT" })), true],
  ["no connection to any address", wrapped(Object.assign(new AggregateError([refused, refused]), refused)), true],
  ["none of the addresses connected", wrapped(new AggregateError([refused, refused])), true],
  ["one address of two that ended a connection", wrapped(new AggregateError([refused, reset])), false],
  ["no errors of any address", new AggregateError([]), false],
  ["a connection that ended", wrapped(reset), false],
  ["a route that was lost during a connection", failed({ code: "EHOSTUNREACH", syscall: "read" }), false],
  ["a connection that ended during a write", failed({ code: "EPIPE", syscall: "write" }), false],
  ["an answer that did not come in time", failed({ name: "TimeoutError" }), false],
  ["a code without the call that failed", failed({ code: "ECONNREFUSED" }), false],
  ["nothing", undefined, false],
] as const) {
  neverSent(`${what} :: ${expected ? "proves it" : "does not prove it"}`, () => {
    assert.is(wasNeverSent(error), expected);
  });
}

neverSent("knows the error of fetch for a host without an address", async () => {
  assert.ok(wasNeverSent(await failureOf(fetch("http://nowhere.invalid/"))));
});

neverSent.run();
