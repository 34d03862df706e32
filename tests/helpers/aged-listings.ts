import type { Intercept } from "local-aws";
import { reconcile } from "../../flow.ts";

/** Milliseconds by which objects are older in listings than they are: the function leaves out those of the last hour. */
const older = 2 * 3_600_000;

/** Makes objects older in the listings of the scheduled function, so that it compares what was stored just now. */
export const agedListings: Intercept = async ({ caller, operation }, proceed) => {
  if (!caller.name.endsWith(`-${reconcile.name}`) || !operation.startsWith("List")) return undefined;
  const answer = await proceed();
  const aged = (time: string) => new Date(Date.parse(time) - older).toISOString();
  const body = String(answer.body).replaceAll(/(?<=<LastModified>)[^<]+/g, aged);
  return { ...answer, headers: { ...answer.headers, "content-length": `${Buffer.byteLength(body)}` }, body };
};
