import { sortBy } from "es-toolkit";
import { textTable } from "../../command-line/table.ts";
import { type DeadLetter, heldElsewhere, hold, release } from "../dead-letters.ts";
import { deadLettersUrl } from "../redrive.ts";
import { json, pipelineCommand, queue } from "./command.ts";

/** Shows a dead letter queue and leaves it as it was, except for the messages' receive counts. */
export const listDeadLetters = pipelineCommand({
  name: "dead-letters list",
  summary: "Shows the dead letters of a queue, the oldest first, and deletes none.",
  options: { queue, json },
  async run({ outputs, queue, json }, { sqs: client, print, warn, now, interruption }) {
    const pipeline = outputs();
    const sqs = client(pipeline.region);
    const url = deadLettersUrl(pipeline, queue);
    const { letters: held, elsewhere } = await hold(sqs, url, interruption());
    await release(sqs, url, held);
    const letters = sortBy(
      held.map(({ body: _body, receiptHandle: _handle, targetArn: _target, ...letter }) => letter),
      [({ sentAt }) => sentAt.getTime()],
    );
    print(json ? JSON.stringify(letters) : table(letters, now()));
    if (elsewhere > 0) (json ? warn : print)(heldElsewhere(elsewhere));
    return 0;
  },
});

function table(letters: readonly DeadLetter[], now: Date): string {
  if (letters.length === 0) return "No dead letters.";
  const rows = letters.map(({ leadId = "–", errorClass, reason, receiveCount, sentAt }) => [
    leadId,
    age(now.getTime() - sentAt.getTime()),
    String(receiveCount),
    errorClass,
    reason,
  ]);
  return textTable([["LEAD", "AGE", "RECEIVES", "CLASS", "REASON"], ...rows]);
}

/** Minutes up to an hour, hours up to two days, then days, rounded down. */
function age(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}
