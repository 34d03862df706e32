import type { StageName } from "../../flow.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** How fast the functions and AWS are. */
export interface Times {
  /** Milliseconds in which an execution environment of each function starts, whatever its memory. */
  readonly startMilliseconds: Readonly<Record<StageName, number>>;
  /** Milliseconds of a whole vCPU for a call to a service, with all that a function does around it. */
  readonly callMilliseconds: number;
  /** Milliseconds from a new object to its message in a queue, at most. */
  readonly eventMilliseconds: number;
}

/**
 * The times of AWS. Calls are from `npm run bench -- cpu`, November 2026: enrich takes 3.2 ms of CPU for a lead with its two
 * calls, and notify 5.8 ms with its three and a half. Starts are from `npm run bench -- cold-start`, with 200 ms for Lambda's own
 * part. S3's events come within a second. AWS states neither of the two.
 */
export const awsTimes: Times = {
  startMilliseconds: { ingest: 520, enrich: 420, notify: 390 },
  callMilliseconds: 1.6,
  eventMilliseconds: 1000,
};

/** Makes a pipeline work at the speed of AWS, and counts what it uses. */
export interface Pace {
  readonly times: Times;
  readonly usage: UsageMeter;
  /** Invocations of each function at the same time, beside the environment's own limits. */
  readonly concurrency: number;
}

/** Megabytes with which a function has a whole vCPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const wholeVcpuMb = 1769;

/** The time of code that runs for some milliseconds on a whole vCPU. Node's code uses no more than one. */
export const scaledMilliseconds = (milliseconds: number, memoryMb: number): number =>
  milliseconds * Math.max(1, wholeVcpuMb / memoryMb);
