import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import { Metric, Variable } from "./names.ts";
import { setting } from "./settings.ts";

/** The log of a handler. The context is one flat object, with `correlationId` first, and holds no personal data. */
export interface Log {
  info(message: string, context: Record<string, unknown>): void;
  warn(message: string, context: Record<string, unknown>): void;
  error(message: string, context: Record<string, unknown>): void;
}

/** The metrics of a handler. `flush` writes them, once at the end of an invocation. */
export interface Meter {
  count(name: string, value: number): void;
  seconds(name: string, value: number): void;
  /** Counts a lead that was announced, and how long after it was received. */
  notified(channel: string, milliseconds: number): void;
  flush(): void;
}

export interface Telemetry {
  readonly log: Log;
  readonly meter: Meter;
}

/** What a function exports to Lambda. */
type Handler<Event, Result> = (
  event: Event,
  context: Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">,
) => Promise<Result>;

export interface FunctionTelemetry extends Telemetry {
  /** Adds Lambda's id of the invocation to every line that a handler writes: `requestId`, as in Lambda's own lines. */
  withRequestId<Event, Result>(handler: Handler<Event, Result>): Handler<Event, Result>;
}

/** A log and metrics by Powertools, with the names of the service and of the environment. */
export function createTelemetry(service: string): FunctionTelemetry {
  const environment = setting(Variable.environment);
  const dimensions = { [Metric.environmentDimension]: environment };
  const options = { namespace: Metric.namespace, serviceName: service, defaultDimensions: dimensions };
  const totals = new Metrics(options);
  const byChannel = new Map<string, Metrics>();
  const ofChannel = (channel: string) => {
    const defaultDimensions = { ...dimensions, [Metric.channelDimension]: channel };
    const metrics = byChannel.get(channel) ?? new Metrics({ ...options, defaultDimensions });
    byChannel.set(channel, metrics);
    return metrics;
  };
  const log = new Logger({ serviceName: service, persistentKeys: { environment } });
  let requestId: string | undefined;
  return {
    log,
    withRequestId: (handler) => (event, context) => {
      requestId = context.awsRequestId;
      log.appendKeys({ requestId });
      return handler(event, context);
    },
    meter: {
      count: (name, value) => totals.addMetric(name, MetricUnit.Count, value),
      seconds: (name, value) => totals.addMetric(name, MetricUnit.Seconds, value),
      notified: (channel, milliseconds) => {
        ofChannel(channel).addMetric(Metric.leadsNotified, MetricUnit.Count, 1);
        ofChannel(channel).addMetric(Metric.ingestToNotification, MetricUnit.Milliseconds, milliseconds);
      },
      flush: () => {
        for (const metrics of [totals, ...byChannel.values()]) {
          if (!metrics.hasStoredMetrics()) continue;
          if (requestId) metrics.addMetadata("requestId", requestId);
          metrics.publishStoredMetrics();
        }
      },
    },
  };
}
