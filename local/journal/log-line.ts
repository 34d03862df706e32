import type { EntryKind } from "./entry.ts";

/** A line that a handler wrote: a message and its context. */
export interface SaidLine {
  readonly level: string;
  readonly message: string;
  readonly timestamp?: string;
  readonly correlationId?: string;
  readonly correlationIds?: readonly string[];
  readonly source?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly errorClass?: string;
  readonly channel?: string;
  readonly attempt?: number;
  readonly delaySeconds?: number;
}

const start = /^\{"level":"\w+","message":"([^"]*)"/;

/** Lines of every lead, whose facts are seen elsewhere. They are not parsed, because a burst has thousands of them. */
const seenElsewhere = new Set(["lead enriched", "lead announced", "lead rejected", "message given up", "compared"]);

/** The line of a handler, or undefined for any other line and for those whose facts are seen elsewhere. */
export function saidIn(line: string): SaidLine | undefined {
  const message = start.exec(line)?.[1];
  if (message === undefined || seenElsewhere.has(message)) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What a line says happened to its leads. */
export interface Said {
  readonly kind: EntryKind;
  readonly text: string;
  readonly level: "info" | "warn" | "error";
  /** Whether the text says why the lead is where it is. */
  readonly isReason: boolean;
}

const levels: Readonly<Record<string, Said["level"]>> = { WARN: "warn", ERROR: "error" };

/** What a line means for the leads that it names; undefined when it means nothing for them. */
export function meaningOf(said: SaidLine): Said | undefined {
  const { message, reason = "", errorClass = "", attempt, delaySeconds } = said;
  const level = levels[said.level] ?? "info";
  const cause = [errorClass, reason].filter(Boolean).join(": ");
  switch (message) {
    case "event ignored":
      return { kind: "ignored", text: reason, level, isReason: true };
    case "message postponed": {
      const text = `${cause}${/[.!?]$/.test(cause) ? "" : "."} Attempt ${attempt}; the next one in ${delaySeconds} s.`;
      return { kind: "postponed", text, level, isReason: true };
    }
    case "attempt failed, the message will be received again":
      return { kind: "failed", text: `${cause || "a fault"}, attempt ${attempt}`, level, isReason: true };
    case "lead announced before":
      return { kind: "repeat", text: "its event came again; it was announced before", level, isReason: false };
    case "smoke test announced to nobody":
      return { kind: "announced", text: "a smoke test, announced to nobody", level, isReason: false };
  }
  if (message.includes(" took the leads") || message.includes(" did not take the leads")) {
    return { kind: "not-taken", text: `${message}: ${cause}`, level, isReason: true };
  }
  return level === "info"
    ? undefined
    : { kind: "warning", text: [message, cause].filter(Boolean).join(": "), level, isReason: false };
}
