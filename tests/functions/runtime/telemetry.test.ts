import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createTelemetry } from "../../../functions/runtime/telemetry.ts";

/** What is written to standard output and standard error meanwhile, line by line, as JSON. */
function written(work: () => void): Record<string, unknown>[] {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  let output = "";
  for (const { stream } of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      output += chunk;
      return true;
    };
  }
  try {
    work();
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

interface EmbeddedMetrics {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
  }[];
}
const described = (line: Record<string, unknown> = {}) => (line._aws as EmbeddedMetrics).CloudWatchMetrics[0];

const telemetrySuite = suite("telemetry");

telemetrySuite.before(() => {
  process.env.LEADWIRE_ENVIRONMENT = "test";
});
telemetrySuite.after(() => {
  delete process.env.LEADWIRE_ENVIRONMENT;
});

telemetrySuite("logs one JSON object a line with service, environment and correlation id", () => {
  const [line] = written(() => createTelemetry("enrich").log.info("lead enriched", { correlationId: "file-1" }));
  assert.equal(
    [line?.level, line?.message, line?.service, line?.environment, line?.correlationId],
    ["INFO", "lead enriched", "enrich", "test", "file-1"],
  );
});

for (const level of ["info", "warn", "error"] as const) {
  telemetrySuite(`logs at the level ${level.toUpperCase()}`, () => {
    const [line] = written(() => createTelemetry("enrich").log[level]("message", { correlationId: "file-1" }));
    const { level: writtenLevel, message, correlationId } = line ?? {};
    assert.equal([writtenLevel, message, correlationId], [level.toUpperCase(), "message", "file-1"]);
  });
}

telemetrySuite("writes nothing when there is nothing to write", () => {
  assert.equal(
    written(() => createTelemetry("enrich").meter.flush()),
    [],
  );
});

telemetrySuite("writes metrics once, at the end, in the embedded metric format", () => {
  const [line, ...more] = written(() => {
    const { meter } = createTelemetry("enrich");
    meter.count("LeadsEnriched", 1);
    meter.count("LeadsEnriched", 1);
    meter.seconds("OldestFirstAttempt", 7);
    meter.flush();
    meter.flush();
  });
  assert.is(more.length, 0);
  assert.is(described(line)?.Namespace, "Leadwire");
  assert.equal([...(described(line)?.Dimensions[0] ?? [])].sort(), ["environment", "service"]);
  assert.equal([line?.environment, line?.service], ["test", "enrich"]);
  assert.equal([line?.LeadsEnriched, line?.OldestFirstAttempt], [[1, 1], 7]);
  assert.equal(
    described(line)?.Metrics.map(({ Name, Unit }) => `${Name} ${Unit}`),
    ["LeadsEnriched Count", "OldestFirstAttempt Seconds"],
  );
});

telemetrySuite("writes notifications apart for each channel", () => {
  const lines = written(() => {
    const { meter } = createTelemetry("notify");
    meter.notified("slack", 900);
    meter.notified("slack", 1100);
    meter.notified("email", 5000);
    meter.flush();
  });
  assert.equal(
    lines.map((line) => [line.channel, line.LeadsNotified, line.IngestToNotification]),
    [
      ["slack", [1, 1], [900, 1100]],
      ["email", 1, 5000],
    ],
  );
  for (const line of lines) {
    assert.equal([...(described(line)?.Dimensions[0] ?? [])].sort(), ["channel", "environment", "service"]);
    assert.is(described(line)?.Namespace, "Leadwire");
  }
  assert.equal(
    described(lines[0])?.Metrics.map(({ Name, Unit }) => `${Name} ${Unit}`),
    ["LeadsNotified Count", "IngestToNotification Milliseconds"],
  );
});

telemetrySuite("each line of log and metrics has Lambda's id of its own invocation", async () => {
  const { log, meter, withRequestId } = createTelemetry("notify");
  const handler = withRequestId(async (correlationId: string, { getRemainingTimeInMillis }) => {
    log.info("lead announced", { correlationId });
    log.warn("queue not updated", { serviceRequestId: "sqs-1" });
    meter.count("LeadsRejected", 1);
    meter.notified("slack", 900);
    meter.flush();
    return getRemainingTimeInMillis();
  });
  const lines = ["invocation-1", "invocation-2"].map((awsRequestId) =>
    written(() => void handler("file-1", { awsRequestId, getRemainingTimeInMillis: () => 7 })),
  );
  assert.equal(
    lines.map((ofOne) => ofOne.map(({ requestId }) => requestId)),
    [Array(4).fill("invocation-1"), Array(4).fill("invocation-2")],
  );
  assert.is(await handler("file-2", { awsRequestId: "invocation-3", getRemainingTimeInMillis: () => 7 }), 7);
});

telemetrySuite.run();
