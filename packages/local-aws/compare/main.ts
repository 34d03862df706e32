/**
 * Runs the three functions' bundles and some calls against local-aws's services and against moto
 * (https://docs.getmoto.org), and prints what differs. Without moto on the machine it says so and ends with 0.
 */
import { isDeepStrictEqual } from "node:util";
import { dev } from "../../../environments/dev.ts";
import { synthesize } from "../../../local/synthesis.ts";
import { forgetAwsSettings } from "../src/loopback.ts";
import { motoVersion, startMoto } from "./moto.ts";
import { motoServices, ownServices } from "./services.ts";
import { withStage } from "./stage.ts";
import { takeSteps } from "./steps.ts";

const version = motoVersion();
if (version === undefined) {
  console.log("There is no moto on this machine: pip install 'moto[server]' brings it. Nothing was compared.");
} else {
  forgetAwsSettings();
  const { stackDir, remove } = await synthesize("dev");
  const moto = await startMoto(version, dev.accountId, dev.region);
  try {
    const ours = await withStage(stackDir, ownServices(), takeSteps);
    const theirs = await withStage(stackDir, motoServices(moto), takeSteps);
    const differences = ours.filter(({ seen }, index) => !isDeepStrictEqual(seen, theirs[index]?.seen));
    for (const { what, seen } of differences) {
      const other = theirs.find((observation) => observation.what === what);
      console.log(`${what}\n  here  ${JSON.stringify(seen)}\n  moto  ${JSON.stringify(other?.seen)}`);
    }
    console.log(`${ours.length} observations, ${differences.length} differ from moto ${version}`);
  } finally {
    await moto.stop();
    remove();
  }
}
