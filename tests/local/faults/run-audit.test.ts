import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unmarkedRepeats } from "../../../local/faults/run-audit.ts";

const told = (at: number, marked = false) => ({ ref: "a", at, marked });

const reckoning = suite("faults :: repeats");

reckoning("none when a lead is announced once, marked or not", () => {
  assert.is(unmarkedRepeats([told(5000)]), 0);
  assert.is(unmarkedRepeats([told(5000, true)]), 0);
});

reckoning("none when every one after the first says so", () => {
  assert.is(unmarkedRepeats([told(5000), told(9000, true), told(20_000, true)]), 0);
});

reckoning("an email's time is a second unsure, and proves nothing", () => {
  assert.is(unmarkedRepeats([told(5000, true), told(5900)]), 0);
});

reckoning("each unmarked one after another one counts, and so does one after a marked one", () => {
  assert.is(unmarkedRepeats([told(5000), told(9000), told(12_000)]), 2);
  assert.is(unmarkedRepeats([told(5000, true), told(9000)]), 1);
});

reckoning.run();
