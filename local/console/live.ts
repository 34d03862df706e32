import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Milliseconds between two looks: a browser gets at most four snapshots a second. */
const interval = 250;

/**
 * Server-sent events with a snapshot whenever it is another one, from the first on, until the browser leaves.
 * @param snapshot is called four times a second for each browser, so it takes at most about 2 ms and gives at most about 50 KB
 */
export const live = (context: Context, snapshot: () => unknown): Response =>
  streamSSE(context, async (stream) => {
    let last = "";
    while (!stream.aborted) {
      const data = JSON.stringify(snapshot());
      if (data !== last) await stream.writeSSE({ data });
      last = data;
      await pause(interval, undefined, { ref: false });
    }
  });
