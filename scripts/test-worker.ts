/**
 * Runs suite files in this process, one after the other, as the parent asks for them: a message is the path of a file, the
 * answer says that the file has ended. Files share a process because loading the AWS SDK, CDKTF and the emulator costs
 * more than most suites.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

// uvu then leaves it to exec() to start the suites; its own command does the same.
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [] });
const { exec } = await import("uvu");

const { UVU_QUEUE: queue } = globalThis as unknown as { UVU_QUEUE: [name: null][] };

process.on("message", async (file: string) => {
  queue.splice(0, queue.length, [null]);
  try {
    await import(pathToFileURL(resolve(file)).href);
    await exec();
  } catch (error) {
    console.error(error);
  }
  // The parent reads failures from the output; a code that is set later is the process's own.
  process.exitCode = undefined;
  process.send?.({ ended: file });
});
