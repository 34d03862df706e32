import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Metric, Variable } from "./names.ts";
import { setting } from "./settings.ts";

/** What handlers log with. Context is one flat object: `correlationId` first, never a person's data. */
export interface Log {
  info(message: string, context: Record<string, unknown>): void;
  warn(message: string, context: Record<string, unknown>): void;
  error(message: string, context: Record<string, unknown>): void;
}

/** What handlers measure with. Metrics are written when `flush` is called, once at the end of an invocation. */
export interface Meter {
  count(name: string, value: number): void;
  /** A lead that was announced: by which channel, and how long after it was received. */
  notified(channel: string, milliseconds: number): void;
  flush(): void;
}

/** Powertools' logger and metrics, wearing the service's and the environment's name. */
export function createTelemetry(service: "ingest" | "enrich" | "notify"): { log: Log; meter: Meter } {
  const environment = setting(Variable.environment);
  const logger = new Logger({ serviceName: service, persistentKeys: { environment } });
  const dimensions = { [Metric.environmentDimension]: environment };
  const options = { namespace: Metric.namespace, serviceName: service, defaultDimensions: dimensions };
  const totals = new Metrics(options);
  const byChannel = new Map<string, Metrics>();
  const ofChannel = (channel: string) => {
    const known = byChannel.get(channel);
    if (known) return known;
    const made = new Metrics({ ...options, defaultDimensions: { ...dimensions, [Metric.channelDimension]: channel } });
    byChannel.set(channel, made);
    return made;
  };
  return {
    log: {
      info: (message, context) => logger.info(message, context),
      warn: (message, context) => logger.warn(message, context),
      error: (message, context) => logger.error(message, context),
    },
    meter: {
      count: (name, value) => totals.addMetric(name, MetricUnit.Count, value),
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
