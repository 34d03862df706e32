import type { WorkerName } from "../../flow.ts";

/** A lead that is stored before a stage and not beyond it. It holds no personal data, but a file's key can be anything. */
export interface Finding {
  /** Key of the object whose event the stage needs again: raw for enrich, enriched for notify. */
  readonly key: string;
  /** Version of a raw object. Enriched objects have one. */
  readonly versionId?: string;
  readonly leadId: string;
  /** The stage at which the lead stopped. */
  readonly stage: WorkerName;
  /** Such as `not announced` or `rejected NoContact`. */
  readonly reason: string;
  /** The stage's own rules say that nothing is to be done with the lead, so it is not lost. */
  readonly isDecided: boolean;
  /** When the object was created. */
  readonly createdAt: Date;
}

/** Objects that were created at or after `from` and before `to`. S3's times are whole seconds. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export const isWithin = ({ createdAt }: { readonly createdAt: Date }, { from, to }: Window) =>
  createdAt >= from && createdAt < to;

/** Leads that are read at the same time. The memory of a comparison is bounded by them and by the pages of its listings. */
export const leadsAtOnce = 50;

/** Groups the items of a listing that fulfil a condition, `leadsAtOnce` in each group. */
export async function* grouped<Item>(items: AsyncIterable<Item>, isWanted: (item: Item) => boolean | Promise<boolean>) {
  let group: Item[] = [];
  for await (const item of items) {
    if (!(await isWanted(item))) continue;
    group.push(item);
    if (group.length < leadsAtOnce) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
