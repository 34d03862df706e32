import { suite } from "uvu";
import * as assert from "uvu/assert";
import { receivedAtOf } from "../../../functions/enrich/received-at.ts";

const createdAt = new Date("2026-03-01T12:00:00.000Z");
const told = (time: string | undefined) =>
  receivedAtOf({ createdAt, metadata: time === undefined ? {} : { "received-at": time } }).toISOString();

const receivedAt = suite("received at");

for (const time of ["2026-02-28T23:59:59.000Z", "2026-03-01T12:00:00.900Z", "2026-03-01T12:01:00.000Z"]) {
  receivedAt(`is what ingest wrote: ${time}`, () => assert.is(told(time), time));
}

for (const time of [
  undefined,
  "",
  "yesterday",
  "1",
  "2026-02-30",
  "2026-13-01T00:00:00.000Z",
  "+275760-09-13T00:00:00.000Z",
  "2026-03-01T12:01:00.001Z",
  "9999-12-31T23:59:59.999Z",
  "2026-02-28T23:59:59.000Z<!channel>",
]) {
  receivedAt(`is the object's time where its metadata says ${time}`, () =>
    assert.is(told(time), createdAt.toISOString()),
  );
}

receivedAt.run();
