import type { HttpAnswered } from "local-aws";
import { leadIdsIn } from "../lead-ids.ts";
import { isAccepted } from "../summary.ts";
import type { SeenRequest } from "./entry.ts";
import type { SaidLine } from "./log-line.ts";

/** Characters of a body that are kept. */
const kept = 2000;

/** What a request brought. */
export interface Brought {
  readonly request: SeenRequest;
  readonly receivedAt: number;
  readonly source: string;
  /** Ids of new leads, and of those that were stored before. */
  readonly accepted: readonly string[];
  readonly repeated: readonly string[];
  /** Reasons for which events are ignored, each once. */
  readonly ignored: readonly string[];
  /** Why the request was refused; undefined for a 2xx. */
  readonly refused?: string;
}

/** Reads a request and its answer. @param lines what ingest said of it */
export function broughtBy({ request, answer, requestId }: HttpAnswered, lines: readonly SaidLine[]): Brought {
  const { method, url, headers, body, receivedAt } = request;
  const path = url.split("?")[0] ?? "/";
  const ingested = lines.filter(({ message }) => message === "lead ingested");
  const named = (status: string) =>
    ingested.flatMap((line) => (line.status === status && line.correlationId ? [line.correlationId] : []));
  const answered = answer.body.subarray(0, kept).toString("utf8");
  const isRefused = !isAccepted(answer.status);
  // A handler that says nothing of its leads names them in its answer.
  const inAnswer = isRefused || lines.length > 0 ? [] : leadIdsIn(answer.body.toString("utf8"));
  const bringsNone = ingested.length + inAnswer.length === 0;
  return {
    request: {
      requestId,
      method,
      path: path.slice(0, 200),
      contentType: (headers["content-type"] ?? "").slice(0, 100),
      bytes: body.length,
      status: answer.status,
      milliseconds: Date.now() - receivedAt.getTime(),
      answer: answered,
      ...(bringsNone && { body: body.subarray(0, kept).toString("utf8") }),
    },
    receivedAt: receivedAt.getTime(),
    source: lines[0]?.source ?? path.split("/").filter(Boolean).at(-1)?.slice(0, 31) ?? "",
    accepted: [...named("stored"), ...(answer.status === 200 ? [] : inAnswer)],
    repeated: [...named("duplicate"), ...(answer.status === 200 ? inAnswer : [])],
    ignored: [...new Set(lines.flatMap(({ message, reason }) => (message === "event ignored" ? [reason ?? ""] : [])))],
    ...(isRefused && { refused: `${answer.status}${reasonIn(answered, lines)}` }),
  };
}

/** What an answer says that went wrong: Leadwire's own answers have `error`, those of the API `message`. */
function reasonIn(answer: string, lines: readonly SaidLine[]): string {
  const said = lines.find(({ message }) => message === "request not accepted");
  // The answer to a source hides what failed; the log says it.
  if (said?.level === "ERROR") return ` ${[said.errorClass, said.reason].filter(Boolean).join(": ")}`;
  try {
    const { error, message } = JSON.parse(answer);
    return error ? ` ${error.code}: ${error.message}` : message ? ` ${message}` : "";
  } catch {
    return "";
  }
}
