import type { Authorize, Caller } from "../aws/call.ts";
import type { FunctionSettings } from "./function-settings.ts";
import type { Logs } from "./logs.ts";

/** Takes the lines of one execution environment. */
export type LogStream = (requestId: string | undefined, line: string) => void;

/** What Lambda itself does with a function's role: it writes the log and sends the traces. */
export interface Telemetry {
  /** @param name as the environment's variables have it */
  openStream(name: string): LogStream;
}

/**
 * Telemetry as far as the role allows it. As on AWS, the function goes on without permission, and lines, the metrics in
 * them, and traces are lost.
 */
export function roleTelemetry(settings: FunctionSettings, caller: Caller, authorize: Authorize, logs: Logs): Telemetry {
  const { name, logGroup, traced } = settings;
  const may = (service: "logs" | "xray", operation: string, parameters = {}) =>
    authorize({ caller, service, operation, parameters }) === undefined;
  return {
    openStream: (logStreamName) => {
      const stream = { logGroupName: logGroup, logStreamName };
      const written = may("logs", "CreateLogStream", stream) && may("logs", "PutLogEvents", stream);
      if (traced) {
        for (const operation of ["PutTraceSegments", "PutTelemetryRecords"]) may("xray", operation);
      }
      return (requestId, line) => {
        if (written) logs.write({ function: name, requestId, line });
      };
    },
  };
}
