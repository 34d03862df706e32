import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { FuzzedSource } from "../../helpers/fuzz/unproven.ts";

/** `npm run bench -- unproven` does the same with 100,000 requests for each format. */
const requests = 400;

const unproven = suite("unproven requests");

for (const format of Object.keys(sourceFormats) as SourceFormat[]) {
  unproven(
    `${format} accepts none, throws nothing that it does not document, and makes leads of any body`,
    async () => {
      const source = await FuzzedSource.of(format, 20_260_301);
      assert.equal(source.problems(requests), []);
    },
  );
}

unproven.run();
