import { EventEmitter } from "node:events";
import type { Answered, HttpAnswered, LogRecord, QueuedMessage } from "local-aws";
import { enrichedPrefix, fetchedPrefix, workerOf } from "../../flow.ts";
import { isFile, rawObjectLeadId, sourceOf } from "../../functions/lead/lead-id.ts";
import { DeadLetterAttribute } from "../../functions/runtime/names.ts";
import { correlationIdOf, createdObject } from "../../functions/runtime/object-created.ts";
import type { LeadAudit } from "../lead-audit.ts";
import type { Platform } from "../platform.ts";
import type { Notification } from "../summary.ts";
import { type Entry, ends, type Followed, type Place, places, type Row, type SeenObject } from "./entry.ts";
import { meaningOf, type SaidLine, saidIn } from "./log-line.ts";
import { type Brought, broughtBy } from "./requests.ts";

/** Rows that are kept: the latest ones, and in a burst so many more that have not come to an end. */
const keptRows = 10_000;
const mostRows = 50_000;
/** Entries of one lead that are kept, the first ones. */
const keptEntries = 100;
/** Requests whose log lines wait for the answer. */
const keptRequests = 1000;
/** Bytes of an enriched lead in which a name is looked for. */
const longestWithName = 64 * 1024;

export type JournalParts = Pick<Platform, "api" | "gateway" | "logs" | "deadLetters" | "bucket">;

type NewEntry = Omit<Entry, "at" | "id" | "source" | "level"> & Partial<Pick<Entry, "at" | "level" | "source">>;
type Change = Partial<Pick<Row, "place" | "name" | "why" | "milliseconds" | "channel" | "repeats">>;
type KeptRow = { -readonly [Name in keyof Row]: Row[Name] };
type Kept = Omit<Followed, "row" | "entries"> & { readonly row: KeptRow; readonly entries: Entry[] };

/** Which rows are wanted: those that have all that is given. */
export interface RowFilter {
  readonly source?: string;
  readonly place?: Place;
  readonly channel?: string;
  /** A part of the id or the name, whatever the case. */
  readonly text?: string;
}

/**
 * Follows every lead of a run, and every request that brought none, and says each thing that happens to them as an `entry`.
 * It keeps the latest 10,000 rows; what came to an end is forgotten first. Every count includes what was forgotten.
 */
export class Journal extends EventEmitter<{ entry: [Entry] }> {
  /** Rows by their place. */
  readonly counts = Object.fromEntries(places.map((place) => [place, 0])) as Record<Place, number>;
  readonly #rows = new Map<string, Kept>();
  readonly #ended = new Set<string>();
  /** What ingest said of requests that are not answered yet. */
  readonly #said = new Map<string, SaidLine[]>();
  readonly #bucket: string;
  #requests = 0;

  /** @param audit says what is announced */
  constructor({ api, gateway, logs, deadLetters, bucket }: JournalParts, audit: Pick<LeadAudit, "on">) {
    super();
    this.#bucket = bucket;
    api.on("answered", (answered) => this.#answered(answered));
    gateway.on("answered", (answered) => this.#called(answered));
    logs.on("line", (record) => this.#line(record));
    deadLetters.on("arrived", (letter, queue) => this.#deadLettered(letter, queue));
    audit.on("notified", (notification) => this.#announced(notification));
  }

  /** All that is known of a row; undefined if there is none, or not any more. */
  followed(id: string): Followed | undefined {
    return this.#rows.get(id);
  }

  row(id: string): Row | undefined {
    return this.#rows.get(id)?.row;
  }

  /** The rows that fit, the newest first, and how many there are. @param most how many are returned */
  rows(filter: RowFilter = {}, most = 200): { readonly rows: readonly Row[]; readonly total: number } {
    const rows: Row[] = [];
    let total = 0;
    const kept = [...this.#rows.values()];
    for (let index = kept.length - 1; index >= 0; index--) {
      const row = kept[index]?.row;
      if (!row || !fits(row, filter)) continue;
      total += 1;
      if (rows.length < most) rows.push(row);
    }
    return { rows, total };
  }

  /** The sources that the kept rows name, in the order of the alphabet. */
  sources(): string[] {
    return [...new Set(this.#rows.values().map(({ row }) => row.source))].sort();
  }

  #answered(answered: HttpAnswered): void {
    const lines = this.#said.get(answered.requestId) ?? [];
    this.#said.delete(answered.requestId);
    const brought = broughtBy(answered, lines);
    const { accepted, repeated, ignored, refused, request, source, receivedAt } = brought;
    const { status, milliseconds } = request;
    const text = `${status} to ${request.method} ${request.path} after ${milliseconds} ms`;
    for (const id of accepted) {
      this.#note(id, { kind: "accepted", at: receivedAt, text, status }, {}, { request });
    }
    for (const id of repeated) {
      this.#repeated(id, { kind: "repeat", text: "it came again; it is stored already", source, status });
    }
    const why = ignored.join("; ");
    if (ignored.length > 0) this.#noLead(brought, { kind: "ignored", text: why, status }, { place: "ignored", why });
    if (refused !== undefined) {
      const level = status >= 500 ? "error" : "warn";
      this.#noLead(brought, { kind: "refused", text: refused, status, level }, { place: "refused", why: refused });
    } else if (accepted.length + repeated.length + ignored.length === 0) {
      this.#say({ kind: "answered", text, source, status, id: request.requestId });
    }
  }

  /** A row for a request that brought no lead. */
  #noLead({ request, source, receivedAt }: Brought, entry: NewEntry, change: Change): void {
    this.#requests += 1;
    this.#note(`request-${this.#requests}`, { ...entry, source, at: receivedAt }, change, { request });
  }

  #called({ call: { service, operation, parameters, caller }, request, answer }: Answered): void {
    if (service === "s3" && operation === "PutObject") {
      const key = String(parameters.Key);
      if (parameters.Bucket !== this.#bucket || answer.status !== 200) return;
      const etag = answer.headers.etag ?? "";
      const versionId = answer.headers["x-amz-version-id"];
      const object = { key, ...(versionId !== undefined && { versionId }) };
      if (key.includes("/")) this.#made(object, request.body);
      else this.#stored(object, caller.kind === "role" ? key.slice(0, -5) : rawObjectLeadId(key, etag), request.body);
    } else if (service === "dynamodb" && operation === "UpdateItem" && answer.status === 200) {
      this.#claimed(parameters as Claim);
    } else if (caller.kind === "operator" && operation === "SendMessage") {
      this.#redriven(String(parameters.MessageBody));
    }
  }

  /** A raw object. A key that ingest made names the lead. */
  #stored(object: SeenObject, id: string, body: Buffer): void {
    const entry = { kind: isFile(id) ? "dropped" : "stored", text: `${object.key}, ${body.length} bytes` } as const;
    this.#note(id, entry, { place: "stored" }, { raw: object });
    if (isFile(id)) void this.#splitFile(id, body);
  }

  #made(object: SeenObject, body: Buffer): void {
    const { key } = object;
    const id = key.slice(key.lastIndexOf("/") + 1, -5);
    if (key.startsWith(fetchedPrefix)) {
      const entry = { kind: "fetched", text: "the source's API gave the record" } as const;
      this.#note(id, entry, { place: "fetched" }, { fetched: object });
    } else if (key.startsWith(enrichedPrefix)) {
      const change = { place: "enriched", name: nameIn(body) } as const;
      this.#note(id, { kind: "enriched", text: `${body.length} bytes` }, change, { enriched: object });
    }
  }

  /** A file with several leads is followed as its leads. One that cannot be read has the file's own row. */
  async #splitFile(fileId: string, body: Buffer): Promise<void> {
    const { leadsInObject } = await import("../../functions/enrich/leads-in-object.ts");
    let leads: ReturnType<typeof leadsInObject>;
    try {
      leads = leadsInObject({ body }, fileId);
    } catch {
      return;
    }
    const file = this.#rows.get(fileId);
    if (leads.length < 2 || !file) return;
    this.#forget(file.row);
    for (const [index, { id }] of leads.entries()) {
      const text = `${index + 1} of ${leads.length} in ${file.raw?.key}`;
      this.#note(id, { kind: "stored", at: file.row.firstAt, text }, {}, file.raw && { raw: file.raw });
    }
  }

  /** The ledger also has items of other kinds: a claim is the one of a lead at a destination. */
  #claimed({ Key, ExpressionAttributeValues }: Claim): void {
    const id = Key?.id?.S ?? "";
    const [leadId, destination, content] = id.split("#");
    if (ExpressionAttributeValues?.[":state"]?.S !== "claimed" || !leadId || !destination || content === undefined)
      return;
    this.#note(leadId, { kind: "claimed", text: `for ${destination}` }, { place: "claimed" }, { claim: id });
  }

  #redriven(body: string): void {
    const id = correlationIdOf({ body });
    if (id === undefined) return;
    const { key } = createdObject({ body });
    const place = workerOf(key) === "notify" ? "enriched" : "stored";
    const ofFile = [...this.#rows.values()].filter(({ raw, row }) => raw?.key === key && row.place === "dead-lettered");
    for (const one of new Set([...(this.#rows.has(id) ? [id] : []), ...ofFile.map(({ row }) => row.id)])) {
      this.#note(one, { kind: "redriven", text: "sent again to its queue" }, { place });
    }
  }

  #deadLettered(letter: QueuedMessage, queue: string): void {
    const { correlationId, errorClass, reason } = DeadLetterAttribute;
    const said = (name: string) => letter.messageAttributes[name]?.StringValue;
    const id = said(correlationId) ?? correlationIdOf(letter);
    const named = [said(errorClass), said(reason)].filter(Boolean).join(": ");
    const last = id === undefined ? undefined : this.row(id)?.why;
    const crashed = `Its attempts failed ${letter.approximateReceiveCount} times. ${last ?? ""}`.trim();
    const text = named || crashed;
    const entry = { kind: "dead-lettered", text: `${text} (${queue})`, level: "error" } as const;
    if (id === undefined) this.#say({ ...entry, source: "", id: letter.messageId });
    else this.#note(id, entry, { place: "dead-lettered", why: text });
  }

  #announced({ leadId, channel }: Notification): void {
    const known = this.row(leadId);
    if (known?.place === "announced" && known.channel !== undefined) {
      this.#repeated(leadId, { kind: "repeat", text: `announced again by ${channel}`, level: "warn", channel });
      return;
    }
    // The audit's time begins with the answer, where an answer names no lead.
    const took = known && { milliseconds: Date.now() - known.firstAt };
    const entry = { kind: "announced", text: channel, channel, ...took } as const;
    this.#note(leadId, entry, { place: "announced", channel, ...took });
  }

  #line({ requestId, line }: LogRecord): void {
    const said = saidIn(line);
    if (!said) return;
    const { correlationId, correlationIds = correlationId === undefined ? [] : [correlationId] } = said;
    const isOfRequest = said.message === "lead ingested" || correlationIds.length === 0;
    if (isOfRequest && requestId !== undefined) {
      this.#keepSaid(requestId, said);
      return;
    }
    const meaning = meaningOf(said);
    if (!meaning) return;
    const { isReason, ...entry } = meaning;
    for (const id of correlationIds) {
      if (entry.kind === "repeat") this.#repeated(id, entry);
      else this.#note(id, entry, { ...placeAfter(entry.kind), ...(isReason && { why: entry.text }) });
    }
  }

  #keepSaid(requestId: string, said: SaidLine): void {
    if (!["lead ingested", "event ignored", "request not accepted"].includes(said.message)) return;
    const lines = this.#said.get(requestId) ?? [];
    this.#said.set(requestId, [...lines, said]);
    const [first] = this.#said.keys();
    if (this.#said.size > keptRequests && first !== undefined) this.#said.delete(first);
  }

  /** A lead that is forgotten does not get a row again because it came again. */
  #repeated(id: string, entry: NewEntry): void {
    const known = this.row(id);
    if (known) this.#note(id, entry, { repeats: known.repeats + 1 });
    else this.#say({ ...entry, id, source: entry.source ?? sourceOf(id) });
  }

  /** Changes rows in place: copies would cost a burst more than all the rest of the journal. */
  #note(id: string, entry: NewEntry, change: Change, seen?: Partial<Omit<Followed, "row" | "entries">>): void {
    const at = entry.at ?? Date.now();
    const kept = this.#rows.get(id) ?? this.#newRow(id, entry.source ?? sourceOf(id), at);
    const { row } = kept;
    if (seen) Object.assign(kept, seen);
    // Whoever was announced stays so: what comes later is of another attempt.
    if (row.place !== "announced") {
      const { place = row.place } = change;
      // A reason holds as long as the lead is where it is. The announcement by another channel has the reason of the first one.
      if (place !== row.place && place !== "announced") delete row.why;
      if (place !== row.place) this.#move(row, place, at);
      Object.assign(row, change);
    } else if (change.repeats !== undefined) row.repeats = change.repeats;
    row.firstAt = Math.min(at, row.firstAt);
    this.#say({ ...entry, at, id, source: row.source }, kept);
  }

  #move(row: KeptRow, place: Place, at: number): void {
    this.counts[row.place] -= 1;
    this.counts[place] += 1;
    row.place = place;
    row.since = at;
    if (ends.has(place)) this.#ended.add(row.id);
    else this.#ended.delete(row.id);
  }

  #newRow(id: string, source: string, at: number): Kept {
    if (this.#rows.size >= keptRows) {
      const [ended] = this.#ended;
      const [oldest] = this.#rows.keys();
      const forgotten = this.row(ended ?? (this.#rows.size >= mostRows ? oldest : undefined) ?? "");
      if (forgotten) this.#forget(forgotten);
    }
    const row: KeptRow = { id, source, name: "", place: "stored", since: at, firstAt: at, repeats: 0 };
    const kept: Kept = { row, entries: [] };
    this.#rows.set(id, kept);
    this.counts.stored += 1;
    return kept;
  }

  #say(entry: NewEntry & Pick<Entry, "id" | "source">, kept?: Kept): void {
    const said: Entry = { level: "info", at: Date.now(), ...entry };
    if (kept && kept.entries.length < keptEntries) kept.entries.push(said);
    this.emit("entry", said);
  }

  /** A lead under way that is forgotten is no longer counted, because it may get a row again. */
  #forget({ id, place }: Row): void {
    this.#rows.delete(id);
    if (!this.#ended.delete(id)) this.counts[place] -= 1;
  }
}

type Values = Readonly<Partial<Record<string, { readonly S?: string }>>>;
/** Parameters of an update that can be a claim. */
type Claim = Readonly<Partial<Record<"Key" | "ExpressionAttributeValues", Values>>>;

/** Log lines that move a lead. */
const placeAfter = (kind: Entry["kind"]): { readonly place?: Place } => {
  const place = places.find((one) => one === kind);
  return place ? { place } : {};
};

const fits = (row: Row, { source, place, channel, text }: RowFilter): boolean =>
  (source === undefined || row.source === source) &&
  (place === undefined || row.place === place) &&
  (channel === undefined || row.channel === channel) &&
  (text === undefined || `${row.id} ${row.name}`.toLowerCase().includes(text.toLowerCase()));

/** Who an enriched lead is, and the company. */
function nameIn(body: Buffer): string {
  if (body.length > longestWithName) return "";
  try {
    const { name, email, phone, company } = JSON.parse(body.toString("utf8"));
    const who: unknown = name?.full ?? email?.address ?? phone?.e164;
    return [who, company?.name ?? company?.domain].filter((part) => typeof part === "string").join(", ");
  } catch {
    return "";
  }
}
