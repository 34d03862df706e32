/** Removes the entries from before a time. @param list the oldest first */
export function forgetBefore(list: { readonly at: number }[], time: Date): void {
  const first = list.findIndex(({ at }) => at >= time.getTime());
  list.splice(0, first === -1 ? list.length : first);
}
