import type { Cell } from "../../analytics/database.ts";
import type { Objects } from "./analytics.ts";

type Rows = readonly (readonly Cell[])[];

/** Compares rows by the columns at these places, in this order; a minus stands for descending. */
const sorted = (rows: Rows, ...order: readonly number[]): Rows =>
  rows.toSorted((a, b) => {
    for (const place of order) {
      const [x, y] = [a[Math.abs(place) - 1], b[Math.abs(place) - 1]];
      if (x === y || x === undefined || y === undefined) continue;
      if (x === null || y === null) return x === null ? 1 : -1;
      return (x < y ? -1 : 1) * Math.sign(place);
    }
    return 0;
  });

/** A row for each group: the values of its key, and what is counted of its members. */
function grouped<T>(
  all: readonly T[],
  key: (one: T) => readonly Cell[],
  ...counts: readonly ((group: readonly T[]) => Cell)[]
): Rows {
  const groups = Map.groupBy(all, (one) => JSON.stringify(key(one)));
  return [...groups].map(([name, group]) => [...JSON.parse(name), ...counts.map((count) => count(group))]);
}

const size = (group: readonly unknown[]) => group.length;
const ids = (group: readonly { readonly id: string }[]) => new Set(group.map(({ id }) => id)).size;

const monday = (time: string): string => {
  const date = new Date(`${time.slice(0, 10)}T00:00:00Z`);
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10);
};

/** The value that this share of the values does not exceed. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;

/** What every named query gives, counted with loops over the objects. */
export function independentCounts({ leads: allLeads, outcomes: allOutcomes }: Objects): Readonly<Record<string, Rows>> {
  const isReal = ({ source, test }: { readonly source: string; readonly test?: true | undefined }) =>
    source !== "smoke" && test === undefined;
  const [leads, outcomes] = [allLeads.filter(isReal), allOutcomes.filter(isReal)];
  const of = (name: string) => outcomes.filter(({ outcome }) => outcome === name);
  const announced = of("announced");
  const firsts = [...Map.groupBy(announced, ({ id }) => id).values()].flatMap((group) => {
    const timed = group.filter(({ milliseconds }) => milliseconds !== undefined);
    const [{ source = "", receivedAt = "" } = {}] = timed.toSorted((a, b) =>
      String(a.receivedAt) < String(b.receivedAt) ? -1 : 1,
    );
    return timed.length === 0
      ? []
      : [{ source, receivedAt, milliseconds: Math.min(...timed.map(({ milliseconds = 0 }) => milliseconds)) }];
  });
  const at = (share: number) => (group: readonly { readonly milliseconds: number }[]) =>
    percentile(
      group.map(({ milliseconds }) => milliseconds),
      share,
    ) / 1000;
  const reasons = (name: string) =>
    sorted(
      grouped(of(name), ({ reason, source }) => [reason ?? null, source], ids),
      ...[-3, 1, 2],
    );
  const known = new Map(
    [...Map.groupBy(outcomes, ({ id }) => id)].map(([id, group]) => [
      id,
      {
        reason:
          group
            .map(({ reason }) => reason ?? "")
            .toSorted()
            .at(-1) || null,
        isAnnounced: group.some(({ outcome }) => outcome === "announced"),
      },
    ]),
  );
  const companies = leads.filter(({ company }) => company?.domain !== undefined);
  return {
    "leads-by-source-and-day": sorted(
      grouped(leads, ({ dt, source }) => [dt, source], size),
      ...[1, 2],
    ),
    "seconds-to-announcement": sorted(
      grouped(firsts, (one) => [one.source, monday(one.receivedAt)], size, at(0.5), at(0.95), at(0.99)),
      ...[1, 2],
    ),
    scores: sorted(
      grouped(leads, ({ score }) => [Math.floor(score / 10) * 10], size),
      1,
    ),
    channels: sorted(
      grouped(
        announced,
        ({ channel = null, destination = null }) => [channel, destination],
        size,
        (group) => new Set(group.map(({ happenedAt }) => happenedAt)).size,
        (group) => group.filter(({ mayBeRepeat }) => mayBeRepeat).length,
      ),
      ...[-3, 1, 2],
    ),
    "dead-letters": reasons("deadLettered"),
    "ignored-events": reasons("ignored"),
    "people-seen-again": sorted(
      grouped(
        announced,
        ({ source }) => [source],
        ids,
        (group) => ids(group.filter(({ seenBefore }) => seenBefore)),
      ),
      1,
    ),
    "top-companies": sorted(
      grouped(
        companies,
        ({ company }) => [company?.domain ?? null],
        (group) =>
          group
            .flatMap(({ company }) => company?.name ?? [])
            .toSorted(byBytes)
            .at(-1) ?? null,
        size,
      ),
      ...[-3, 1],
    ).slice(0, 50),
    "unread-fields": sorted(
      grouped(
        leads.flatMap(({ source, warnings }) => warnings.map((warning) => ({ source, warning }))),
        ({ source, warning }) => [source, warning],
        size,
      ),
      ...[-3, 1, 2],
    ),
    "unannounced-leads": sorted(
      leads
        .filter(({ id }) => !known.get(id)?.isAnnounced)
        .map(({ id, source, receivedAt }) => [id, source, timestamp(receivedAt), known.get(id)?.reason ?? null]),
      ...[3, 1],
    ),
  };
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** A time as DuckDB prints it: without zeros at the end of its fraction. */
const timestamp = (time: string) => time.replace("T", " ").replace(/\.?0*Z$/, "");
