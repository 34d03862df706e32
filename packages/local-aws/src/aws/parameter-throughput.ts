import { TokenBucket } from "../http/token-bucket.ts";

/** Calls a second of all operations that read parameters. https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm */
const together = 40;
/** Calls a second of each operation with high throughput. */
const high = { GetParameter: 10_000, GetParameters: 1000 } as const;

/** An operation of SSM that reads parameters. */
export type ParameterRead = keyof typeof high;

/**
 * Creates what counts an account's reads of parameters in a Region.
 * @param isHigh whether high throughput is switched on
 * @param now milliseconds, never running backwards
 * @returns what takes a call; false when SSM throttles it
 */
export function parameterThroughput(isHigh: boolean, now?: () => number): (operation: ParameterRead) => boolean {
  const shared = new TokenBucket(together, together, now);
  const own = {
    GetParameter: new TokenBucket(high.GetParameter, high.GetParameter, now),
    GetParameters: new TokenBucket(high.GetParameters, high.GetParameters, now),
  };
  return (operation) => (isHigh ? own[operation] : shared).take();
}
