/**
 * Makes the same calls to local-aws's services and to moto (https://docs.getmoto.org), and prints what differs. Without moto
 * on the machine it says so and ends with 0.
 */
import { isDeepStrictEqual } from "node:util";
import { forgetAwsSettings } from "../src/loopback.ts";
import { account, region } from "../tests/helpers/build-stack.ts";
import { withCalls } from "./calls.ts";
import { motoVersion, startMoto } from "./moto.ts";
import { motoServices, ownServices } from "./services.ts";
import { comparedStack } from "./stack.ts";
import { takeSteps } from "./steps.ts";

const version = motoVersion();
if (version === undefined) {
  console.log("There is no moto on this machine: pip install 'moto[server]' brings it. Nothing was compared.");
} else {
  forgetAwsSettings();
  const stackDir = comparedStack();
  const moto = await startMoto(version, account, region);
  try {
    const ours = await withCalls(stackDir, ownServices(), takeSteps);
    const theirs = await withCalls(stackDir, motoServices(moto), takeSteps);
    const differences = ours.filter(({ seen }, index) => !isDeepStrictEqual(seen, theirs[index]?.seen));
    for (const { what, seen } of differences) {
      const other = theirs.find((observation) => observation.what === what);
      console.log(`${what}\n  here  ${JSON.stringify(seen)}\n  moto  ${JSON.stringify(other?.seen)}`);
    }
    console.log(`${ours.length} observations, ${differences.length} differ from moto ${version}`);
  } finally {
    await moto.stop();
  }
}
