import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FuzzedBody, fuzzedBodies } from "../helpers/fuzz/bodies.ts";
import { problemsOf, trace } from "../helpers/fuzz/chain.ts";

/** `npm run bench -- fuzz` does the same with a million bodies. */
const bodies = fc.sample(fuzzedBodies, { numRuns: 300, seed: 20_260_301 });

const fuzz = suite("fuzz");

fuzz("any body becomes leads and messages within all limits, or is rejected", async () => {
  for (const body of bodies) assert.equal(problemsOf(await trace(body)), [], shown(body));
});

fuzz("the same body becomes the same leads and messages", async () => {
  for (const body of bodies.slice(0, 50)) assert.equal(await trace(body), await trace(body), shown(body));
});

const shown = ({ body, way, defaultCountry }: FuzzedBody) =>
  `${way}, ${defaultCountry}: ${body.toString("utf8").slice(0, 2000)}`;

fuzz.run();
