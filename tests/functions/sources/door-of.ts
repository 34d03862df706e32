import { RejectedError } from "../../../functions/lead/rejection.ts";
import type { SourceDeclaration } from "../../../functions/sources/declaration.ts";
import {
  type DoorContext,
  type SourceEvent,
  type SourceRequest,
  UnprovenRequestError,
} from "../../../functions/sources/door.ts";
import { type SourceFormat, sourceFormats } from "../../../functions/sources/index.ts";
import { filledSettings } from "../../../functions/sources/settings.ts";
import { acceptedChanges, type Covered, passes } from "./every-bit.ts";
import { sourceRequest } from "./source-request.ts";

interface Given {
  readonly secrets: readonly string[];
  readonly now: Date;
  /** Those without a default, and those that differ from it. */
  readonly settings?: object;
}

/** The door of a format, with its secrets, its settings and a clock. */
export async function doorOf(format: SourceFormat, { secrets, now, settings = {} }: Given) {
  const declaration: SourceDeclaration = sourceFormats[format];
  const { door } = await declaration.door();
  const context: DoorContext = {
    secrets,
    otherSecrets: {},
    now,
    settings: filledSettings(declaration, settings),
  };
  const accepts = (request: SourceRequest, changes: Partial<DoorContext> = {}) =>
    passes(() => door.verify(request, { ...context, ...changes }), UnprovenRequestError, RejectedError);
  return {
    accepts,
    /** Changes of one bit that are accepted. */
    acceptedChanges: (request: SourceRequest, covered: Covered) =>
      acceptedChanges(request, covered, (one) => accepts(one)),
    /** The events in a body. */
    split: (body: unknown, headers: SourceRequest["headers"] = {}): readonly SourceEvent[] =>
      door.split(
        sourceRequest({ headers, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) }),
        context,
      ),
  };
}

/** The lead's identity when the only event is one; else what it is ignored for. */
export function identityIn(events: readonly SourceEvent[]): readonly string[] | string {
  const [event, ...others] = events;
  if (!event || others.length > 0) return `${events.length} events`;
  return event.kind === "lead" ? event.identity : event.reason;
}
