import { parameterThroughput } from "local-aws";
import type { ReceivedCall } from "../environment.ts";
import { ServiceError } from "../faults.ts";
import type { Json } from "../world.ts";

/**
 * SSM's parameters, with the calls a second that an account has.
 * @param valueOfParameter gives the value of a parameter by its name
 * @param isHigh whether high throughput is switched on
 */
export function createSsm(valueOfParameter: (name: string) => string, isHigh: boolean, now: () => number) {
  const mayRead = parameterThroughput(isHigh, now);
  return ({ input }: ReceivedCall): Json => {
    if (!mayRead("GetParameters")) throw new ServiceError("ThrottlingException");
    return { Parameters: (input.Names as string[]).map((Name) => ({ Name, Value: valueOfParameter(Name) })) };
  };
}
