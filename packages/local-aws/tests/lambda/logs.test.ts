import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Call, operator } from "../../src/aws/call.ts";
import type { Refusal } from "../../src/iam/access-denied.ts";
import type { FunctionSettings } from "../../src/lambda/function-settings.ts";
import { type LogRecord, Logs } from "../../src/lambda/logs.ts";
import { roleTelemetry } from "../../src/lambda/telemetry.ts";
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

logs(
  "a function's lines are lost if its role may not create their stream or write into it, and it is traced if it asks",
  () => {
    const lines = (settings: object, ...denied: string[]) => {
      const asked: string[] = [];
      const written: string[] = [];
      const authorize = ({ operation }: Call) => {
        asked.push(operation);
        return denied.includes(operation) ? ({} as Refusal) : undefined;
      };
      const target = { write: ({ line }: LogRecord) => written.push(line) } as unknown as Logs;
      const own = { name: "f", logGroup: "/aws/lambda/f", traced: false, ...settings } as FunctionSettings;
      roleTelemetry(own, operator, authorize, target).openStream("a")("r", "line");
      return [asked, written];
    };
    const writing = ["CreateLogStream", "PutLogEvents"];
    assert.equal(lines({}), [writing, ["line"]]);
    assert.equal(lines({}, "PutLogEvents"), [writing, []]);
    assert.equal(lines({}, "CreateLogStream"), [["CreateLogStream"], []]);
    assert.equal(lines({ traced: true }), [[...writing, "PutTraceSegments", "PutTelemetryRecords"], ["line"]]);
  },
);

logs.run();
