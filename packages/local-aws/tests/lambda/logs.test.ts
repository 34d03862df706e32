import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Logs } from "../../src/lambda/logs.ts";
import { tempFolder } from "../helpers/temp-folder.ts";

const logs = suite("logs");

logs("the file has every line, and memory the latest 10,000 at most and 9,000 at least", async () => {
  const written = new Logs(join(tempFolder(), "functions.log"));
  for (let line = 0; line < 10_001; line++) written.write({ function: "f", requestId: "r", line: String(line) });
  const { latest } = written;
  assert.equal([latest.length, latest[0]?.line, latest.at(-1)?.line], [9001, "1000", "10000"]);
  assert.is((await written.text()).trimEnd().split("\n").length, 10_001);
  await written.close();
});

logs.run();
