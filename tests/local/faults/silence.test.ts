import { suite } from "uvu";
import * as assert from "uvu/assert";
import { passed, runFaults } from "../../../local/faults/run.ts";

const silence = suite("silence of EventBridge");

silence("leads whose events are lost are found, and every lead is announced exactly once", async () => {
  const printed: string[] = [];
  const summary = await runFaults(
    {
      env: "dev",
      leads: 20,
      seed: 7,
      minutes: 0.1,
      faults: ["events-doubled", "messages-doubled", "messages-reordered", "crm-twice"],
      silent: 4,
      outage: undefined,
      json: false,
    },
    (line) => printed.push(line),
  );
  const { accepted, announced, replayed, repeats } = summary;
  assert.ok(passed(summary), JSON.stringify(summary));
  assert.equal({ accepted, announced, repeats }, { accepted: 20, announced: 20, repeats: { marked: 0, unmarked: [] } });
  // Those of four of six seconds, or fewer on a busy machine.
  assert.ok(replayed > 0 && replayed < 20, `${replayed} replayed`);
  assert.ok(printed.includes(`replayed ${replayed} leads whose events were lost`), printed.join("\n"));
});

silence.run();
