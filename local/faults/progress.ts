import { sum } from "es-toolkit";
import { queueNames } from "../../flow.ts";
import type { Platform } from "../platform.ts";
import { queueDepth } from "../queues.ts";

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** A time to come in words: `about 3 min` or `about 20 s`; less than a second is `some moments`. */
export function remaining(milliseconds: number): string {
  if (milliseconds < 1000) return "some moments";
  return milliseconds < 90_000
    ? `about ${Math.round(milliseconds / 1000)} s`
    : `about ${Math.round(milliseconds / 60_000)} min`;
}

/**
 * Shows a line now and every second, and an empty one in the end.
 * @param line is given the milliseconds since the start
 * @returns what ends it
 */
export function everySecond(status: (line: string) => void, line: (elapsed: number) => string): () => void {
  const started = performance.now();
  const show = () => status(line(performance.now() - started));
  show();
  const timer = setInterval(show, 1000).unref();
  return () => {
    clearInterval(timer);
    status("");
  };
}

const waiting = (platform: Platform) => sum(queueNames.map((queue) => queueDepth(platform, queue)));

/** Shows how far a load is: requests so far, messages that wait, and the time that is left. @returns what ends it */
export const followLoad = (
  platform: Platform,
  status: (line: string) => void,
  { leads, milliseconds }: { readonly leads: number; readonly milliseconds: number },
): (() => void) =>
  everySecond(status, (elapsed) => {
    const { begun } = platform.crm.requests;
    const percent = Math.min(100, Math.round((elapsed / milliseconds) * 100));
    return `${percent} %: ${begun} requests for ${leads} leads, ${waiting(platform)} messages in queues, ${remaining(milliseconds - elapsed)} left`;
  });

/** Shows how many messages queues still hold, and for how long the run waits at most. @returns what ends it */
export const followQueues = (platform: Platform, status: (line: string) => void, patience: number): (() => void) =>
  everySecond(
    status,
    (elapsed) => `${waiting(platform)} messages in queues, waiting at most ${remaining(patience - elapsed)} more`,
  );
