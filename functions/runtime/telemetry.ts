import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
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

/** A log and metrics by Powertools, with the names of the service and of the environment. */
export function createTelemetry(service: string): Telemetry {
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
  return {
    log: new Logger({ serviceName: service, persistentKeys: { environment } }),
    meter: {
      count: (name, value) => totals.addMetric(name, MetricUnit.Count, value),
      seconds: (name, value) => totals.addMetric(name, MetricUnit.Seconds, value),
      notified: (channel, milliseconds) => {
        ofChannel(channel).addMetric(Metric.leadsNotified, MetricUnit.Count, 1);
        ofChannel(channel).addMetric(Metric.ingestToNotification, MetricUnit.Milliseconds, milliseconds);
      },
      flush: () => {
        for (const metrics of [totals, ...byChannel.values()]) {
          if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
        }
      },
    },
  };
}
