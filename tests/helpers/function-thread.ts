/** The inside of a thread that runs a bundled function: loads its handler, and answers one invocation after the other. */
import { parentPort, workerData } from "node:worker_threads";

const { handler } = await import(workerData.entry);
parentPort?.postMessage("ready");
parentPort?.on("message", async ({ id, event, milliseconds }) => {
  const deadline = Date.now() + milliseconds;
  try {
    const answer = await handler(event, { getRemainingTimeInMillis: () => deadline - Date.now() });
    parentPort?.postMessage({ id, answer });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
