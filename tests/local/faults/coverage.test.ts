import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FaultName, faultNames, faults } from "../../../local/faults/faults.ts";

/** Where the tests of each fault are; a fault that is missing here is an error of types. */
const testedIn: Readonly<Record<FaultName, string>> = {
  "slack-down": "slack",
  "slack-slow": "slack",
  "slack-limited": "slack",
  "slack-resetting": "slack",
  "slack-silent": "slack",
  "slack-uncertain": "slack",
  "api-down": "apis",
  "api-limited": "apis",
  "ses-throttling": "email",
  "ses-rejecting": "email",
  "ses-paused": "email",
  "ses-answer-lost": "email",
  "ses-aborted": "email",
  "s3-unavailable": "storage",
  "s3-slow": "storage",
  "s3-answer-lost": "storage",
  "dynamodb-throttling": "ledger",
  "dynamodb-answer-lost": "ledger",
  "ssm-failing": "secrets",
  "worker-killed": "workers",
  "events-doubled": "delivery",
  "events-reordered": "delivery",
  "messages-doubled": "delivery",
  "messages-reordered": "delivery",
  "crm-twice": "delivery",
};

const coverage = suite("faults :: coverage");

for (const name of faultNames) {
  coverage(`${name} has tests of what people see`, () => {
    const text = readFileSync(new URL(`./${testedIn[name]}.test.ts`, import.meta.url), "utf8");
    assert.match(text, `"${name}":`);
  });
}

coverage("every kind of fault is among them", () => {
  const kinds = new Set(Object.values(faults).map(({ kind }) => kind));
  assert.equal([...kinds].sort(), ["api", "calls", "cold-start", "delivery", "kill", "slack", "twice"]);
});

coverage.run();
