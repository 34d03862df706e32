import type { ListedObject } from "../../../functions/reconcile/announced.ts";
import type { ListedVersion } from "../../../functions/reconcile/enriched.ts";

/** A time in March 2026, such as `01T12:00`. */
export const at = (time: string) => new Date(`2026-03-${time}:00.000Z`);

/** An object in a listing. @param time such as `01T12:00`, in March 2026 */
export const listed = (key: string, time: string): ListedObject => ({ key, etag: "e1", size: 10, createdAt: at(time) });

export const listedVersion = (key: string, time: string, versionId = "v1"): ListedVersion => ({
  ...listed(key, time),
  versionId,
  isDeleted: false,
  etag: `etag-${versionId}`,
});

export const march = (from: string, to: string) => ({ from: at(from), to: at(to) });

/** Lists what is below a prefix and after a key, in the order of the keys, as S3 does. */
export async function* sortedBelow<Listed extends { readonly key: string }>(
  all: readonly Listed[],
  prefix = "",
  after = "",
): AsyncGenerator<Listed> {
  const sorted = all.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  yield* sorted.filter(({ key }) => key.startsWith(prefix) && key > after);
}
