import { sumBy } from "es-toolkit/math";

/** Where a lead is, in a lead's order; the last four are ends. `refused` and `ignored` can be requests too, which have no lead. */
export const places = [
  "stored",
  "fetched",
  "enriched",
  "claimed",
  "postponed",
  "announced",
  "dead-lettered",
  "ignored",
  "refused",
] as const;
export type Place = (typeof places)[number];

/** The ends: nothing more happens to a lead unless somebody sends or redrives it again. */
export const ends: ReadonlySet<Place> = new Set(["announced", "dead-lettered", "ignored", "refused"]);

/** How many leads have not come to an end. */
export const inProgress = (counts: Readonly<Record<Place, number>>): number =>
  sumBy(places, (place) => (ends.has(place) ? 0 : counts[place]));

/** What can happen: a lead comes to a place, or one of these. */
export type EntryKind =
  | Place
  | "accepted"
  /** The source asked for something else than taking leads, such as a GET request before it sends any. */
  | "answered"
  /** A file that somebody put into the bucket. */
  | "dropped"
  /** The lead came again, or its event did. It is announced once. */
  | "repeat"
  /** A channel did not take the lead: another one does, or another attempt follows. */
  | "not-taken"
  /** An attempt failed by a fault. Its message will be received again. */
  | "failed"
  | "redriven"
  /** What else a function said of the lead as a warning or an error. */
  | "warning";

/** Something that happened to a lead, or to a request that brought none. */
export interface Entry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The id of the lead's row, or of the request's one. */
  readonly id: string;
  readonly source: string;
  readonly kind: EntryKind;
  /** What the kind does not say, in words: a status, a reason, a channel. It holds nothing that the lead says. */
  readonly text: string;
  readonly level: "info" | "warn" | "error";
  /** For `announced` and `not-taken`. */
  readonly channel?: string;
  /** For `announced`: milliseconds from the request, or from the drop of a file. */
  readonly milliseconds?: number;
  /** For `accepted`, `refused`, `answered` and requests that are `ignored` or a `repeat`: the answer's status. */
  readonly status?: number;
}

/** What is known of a lead at a glance, or of a request that brought none, whose id is `request-N`. */
export interface Row {
  readonly id: string;
  readonly source: string;
  /** Who it is, as the enriched lead says; empty before that. */
  readonly name: string;
  readonly place: Place;
  /** Epoch milliseconds since which it is there. */
  readonly since: number;
  /** Epoch milliseconds at which it was first seen. */
  readonly firstAt: number;
  /** From the request, or the drop of a file, to the announcement. */
  readonly milliseconds?: number;
  /** The first channel that announced it. */
  readonly channel?: string;
  /** Why it is where it is: of what was refused, ignored, postponed or dead-lettered, or did not go by the first channel. */
  readonly why?: string;
  /** How often it came again, or its event did. */
  readonly repeats: number;
}

/** A request to the API. It holds no header and no query, because both can hold a secret. */
export interface SeenRequest {
  /** Lambda's id of the invocation, as in the log lines. */
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly status: number;
  /** Milliseconds from the request to the answer. */
  readonly milliseconds: number;
  /** Start of the answer's body. */
  readonly answer: string;
  /** Start of the request's body, where no lead was stored. */
  readonly body?: string;
}

/** A version of an object in the bucket. */
export interface SeenObject {
  readonly key: string;
  readonly versionId?: string;
}

/** All that the journal keeps of a lead, or of a request that brought none. */
export interface Followed {
  readonly row: Row;
  /** The oldest first. */
  readonly entries: readonly Entry[];
  readonly request?: SeenRequest;
  readonly raw?: SeenObject;
  readonly fetched?: SeenObject;
  readonly enriched?: SeenObject;
  /** The ledger's id of the announcement that was claimed last. */
  readonly claim?: string;
}
