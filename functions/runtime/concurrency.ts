/**
 * Waits until all of the work has ended, well or badly, so that nothing goes on after the function's answer: Lambda freezes
 * what goes on then.
 * @returns the results
 * @throws the first failure in the given order
 */
export async function allEnded<const Work extends readonly unknown[]>(work: Work) {
  try {
    return await Promise.all(work);
  } catch {
    await Promise.allSettled(work);
    return Promise.all(work);
  }
}

/**
 * Does work for every item, some at a time. After a failure nothing more is begun, and what is under way comes to an end.
 * @param atOnce how many at a time, from 1
 * @returns the results in the order of the items
 * @throws the first failure
 */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const left = items.entries();
  const worker = async () => {
    for (const [index, item] of left) {
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
