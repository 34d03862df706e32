import { flag, optional, text } from "../../command-line/options.ts";
import { heldElsewhere } from "../dead-letters.ts";
import { redrive } from "../redrive.ts";
import { pipelineCommand, queue } from "./command.ts";

/** Sends dead letters back to the queue that they came from; exit code 1 when one could not be moved or is held. */
export const redriveDeadLetters = pipelineCommand({
  name: "dead-letters redrive",
  summary: "Sends dead letters back to the queue that they came from.",
  options: {
    queue,
    class: optional(
      "Only dead letters of this class, as dead-letters list shows it. Without it, all.",
      text("class", "an error class"),
      "NoContact",
    ),
    dryRun: flag("Says what would be moved and moves nothing."),
  },
  async run({ outputs, queue, class: errorClass, dryRun }, { sqs, print, interruption }) {
    const pipeline = outputs();
    const options = { errorClass, dryRun, signal: interruption() };
    const { moved, left, failed, elsewhere } = await redrive(sqs(pipeline.region), pipeline, queue, options);
    const byClass = Object.entries(moved).map(([errorClass, count]) => `${count} ${errorClass}`);
    const failures = failed > 0 ? `; ${failed} could not be moved and stay: run it again` : "";
    print(`${dryRun ? "would move" : "moved"} ${byClass.join(", ") || "nothing"}; ${left} left${failures}`);
    if (elsewhere > 0) print(heldElsewhere(elsewhere));
    return failed + elsewhere > 0 ? 1 : 0;
  },
});
