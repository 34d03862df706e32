import type { Intercept } from "local-aws";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reconcile } from "../../../flow.ts";
import { replayStopped } from "../../../local/faults/replay-stopped.ts";
import { passed, runFaults } from "../../../local/faults/run.ts";
import { agedListings } from "../../helpers/aged-listings.ts";
import { sharedBundles } from "../../helpers/shared-bundles.ts";
import { startFaulty } from "./fault-fixtures.ts";
import { newLead } from "./fault-steps.ts";

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
      // Longer than the load, because the first leads wait for cold starts.
      silent: 20,
      outage: undefined,
      json: false,
    },
    { print: (line) => printed.push(line), bundles: await sharedBundles() },
  );
  const { accepted, announced, replayed, repeats } = summary;
  assert.ok(passed(summary), JSON.stringify(summary));
  assert.equal({ accepted, announced, repeats }, { accepted: 20, announced: 20, repeats: { marked: 0, unmarked: [] } });
  assert.ok(replayed > 0, "no lead was replayed");
  assert.ok(printed.includes(`replayed ${replayed} leads whose events were lost`), printed.join("\n"));
});

silence("the scheduled function counts leads that stopped, with the permissions of its role", async () => {
  let losesNotifications = false;
  const intercept: Intercept = (call, proceed) => {
    const { caller, operation, parameters } = call;
    const isNotification = operation === "SendMessage" && String(parameters.QueueUrl).endsWith("-notifications");
    if (losesNotifications && caller.kind === "service" && isNotification)
      return { status: 200, headers: {}, body: "" };
    return agedListings(call, proceed);
  };
  const pipeline = await startFaulty({ intercept });
  const { crm, switches, seen, denials } = pipeline;
  try {
    await crm.sendLead("website", newLead());
    await seen.metrics({ "notify LeadsNotified slack": 1 });
    losesNotifications = true;
    await crm.sendLead("website", newLead());
    await seen.metrics({ "enrich LeadsEnriched": 2 });
    switches.losesEvents = true;
    const { leadIds } = await crm.sendLead("website", newLead());
    const compare = async () => {
      for (const name of Object.keys(reconcile.schedules)) await pipeline.runSchedule(`leadwire-dev-reconcile-${name}`);
    };
    await compare();
    await seen.metrics({ "reconcile UnannouncedLeads": 1, "reconcile UnenrichedLeads": 1 });
    await seen.line({ service: "reconcile", message: "lead stopped", stage: "enrich", correlationId: leadIds[0] });
    losesNotifications = false;
    switches.losesEvents = false;
    assert.is(await replayStopped(pipeline, "dev"), 2);
    await seen.metrics({ "notify LeadsNotified slack": 3 });
    await compare();
    for (const name of Object.keys(reconcile.schedules))
      await seen.line({ compare: name, missing: 0, isComplete: true });
    assert.equal(denials.lines(), []);
  } finally {
    await pipeline.stop();
  }
});

silence.run();
