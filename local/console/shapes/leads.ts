import type { Entry, Place, Row, SeenRequest } from "../../journal/entry.ts";

/** The latest rows that fit a filter, and what can be filtered by. */
export interface LeadsView {
  readonly rows: readonly Row[];
  /** How many rows fit. */
  readonly total: number;
  /** All leads and requests so far, by their place. */
  readonly counts: Readonly<Record<Place, number>>;
  readonly sources: readonly string[];
  readonly channels: readonly string[];
}

/** What the journal keeps of a lead or a request. */
export interface PathView {
  readonly row: Row;
  readonly entries: readonly Entry[];
  readonly request?: SeenRequest;
}

/** Something of a lead's that is read when its path is opened. */
export interface LeadDocument {
  /** The kind of the step that it belongs to. */
  readonly of: Entry["kind"];
  readonly title: string;
  readonly value: unknown;
}

export interface LeadReading {
  /** Each value that was read, its place in the enriched lead, and where it was found; empty for what was made of others. */
  readonly fields: readonly { readonly field: string; readonly value: unknown; readonly foundAt: string }[];
  /** Paths in the payload that nothing reads. */
  readonly leftAside: readonly string[];
  /** Why the lead is rejected or ignored. */
  readonly reason?: string;
}

/** A line of a function's that names the lead, or that is of its request. */
export interface LeadLine {
  readonly function: string;
  /** A JSON document, or a text. */
  readonly line: string;
}

export interface LeadDetails {
  readonly documents: readonly LeadDocument[];
  /** What the source proved, in a sentence; undefined for a file. */
  readonly verification?: string;
  readonly reading?: LeadReading;
  readonly lines: readonly LeadLine[];
}
