import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fieldsOf, fits } from "../../../functions/lead/fields.ts";
import { outcomeSchema } from "../../../functions/lead/outcome.ts";
import { leadOutcome } from "../../helpers/outcomes.ts";

const outcome = suite("outcome");

outcome("is announced with all fields, or dead-lettered and ignored with the reason alone", () => {
  const { schemaVersion, id, source, happenedAt } = leadOutcome();
  assert.ok(fits(outcomeSchema, leadOutcome()));
  const longest = { channel: "x".repeat(100), destination: "x".repeat(200), reason: "x".repeat(200) };
  assert.ok(fits(outcomeSchema, leadOutcome(longest)));
  for (const outcome of ["deadLettered", "ignored"]) {
    assert.ok(fits(outcomeSchema, { schemaVersion, id, source, happenedAt, outcome, reason: "NoContact" }), outcome);
  }
});

for (const changes of [
  ...[
    { schemaVersion: 2 },
    { outcome: "lost" },
    { id: "jane@roe.example" },
    { happenedAt: "today" },
    { happenedAt: undefined },
  ],
  ...[{ reason: "x".repeat(201) }, { destination: "x".repeat(201) }, { channel: "x".repeat(101) }],
  ...[{ test: false }, { milliseconds: -1 }, { milliseconds: 0.5 }, { reason: "a\nb" }],
]) {
  outcome(`does not have ${JSON.stringify(changes)}`, () => {
    assert.not.ok(fits(outcomeSchema, { ...leadOutcome(), ...changes }));
  });
}

outcome("has no personal field", () => {
  assert.equal(
    fieldsOf(outcomeSchema).flatMap(([name, field]) => (field.meta()?.personal === false ? [] : [name])),
    [],
  );
});

outcome.run();
