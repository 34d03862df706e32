import type { LogRecord } from "local-aws";
import { leadIdsIn } from "../lead-ids.ts";
import { onOneLine, styled, timeOfDay } from "../terminal/text.ts";

/** A line as a handler, Node or Lambda writes it. */
interface Written {
  readonly level?: string;
  readonly message?: unknown;
  readonly timestamp?: string;
  /** Of Lambda's lines: `platform.report` is the last one of an invocation. */
  readonly type?: string;
  readonly time?: string;
  readonly record?: { readonly status?: string };
  /** Of metrics. */
  readonly _aws?: unknown;
  readonly [field: string]: unknown;
}

/** Fields that every line has, or that are shown in their own place. */
const apart = new Set([
  ...["level", "message", "timestamp", "service", "environment", "sampling_rate", "xray_trace_id", "requestId"],
  ...["correlationId", "correlationIds"],
]);

const levelStyles = { WARN: "yellow", ERROR: "red", FATAL: "red", DEBUG: "dim" } as const;

function parsed(line: string): Written | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Written) : undefined;
  } catch {
    return undefined;
  }
}

const shown = (value: unknown) => onOneLine(typeof value === "string" ? value : JSON.stringify(value));

/**
 * A function's line for people: time, function, level, message, and what else it says. Undefined for metrics, and for what
 * Lambda says of an invocation that ends well.
 */
export function logLine({ function: name, line }: LogRecord): string | undefined {
  const stage = name.replace(/^leadwire-[^-]+-/, "").padEnd(9);
  const written = parsed(line);
  if (!written) return `${" ".repeat(8)}  ${stage}  ${onOneLine(line)}`;
  const { timestamp, time, type, record, _aws, ...said } = written;
  const ending = record?.status ?? "success";
  if (_aws !== undefined || (type !== undefined && ending === "success")) return undefined;
  const {
    level = "INFO",
    message,
    ...others
  } = type === undefined ? said : { level: "ERROR", message: `ended: ${ending}` };
  const fields = Object.entries(others).flatMap(([field, value]) =>
    apart.has(field) ? [] : `${field}=${shown(value)}`,
  );
  const leads = [others.correlationId, others.correlationIds].flat().filter((id) => typeof id === "string");
  const start = [timeOfDay(new Date(timestamp ?? time ?? 0)), stage, level.padEnd(5), shown(message ?? "")];
  const style = levelStyles[level as keyof typeof levelStyles];
  const text = [...start, ...leads, ...fields].join("  ");
  return style ? styled(style, text) : text;
}

/** Returns what says whether a line is of a lead: it names the lead, or no other one in an invocation that named it. */
export function ofLead(lead: string): (record: LogRecord) => boolean {
  const invocations = new Set<string | undefined>();
  return ({ line, requestId }) => {
    if (line.includes(lead)) {
      invocations.add(requestId);
      return true;
    }
    return requestId !== undefined && invocations.has(requestId) && leadIdsIn(line).length === 0;
  };
}
