/** Works on several items at once and gives the results in the order of the items. No more than `atOnce` are begun before they are taken. */
export async function* inOrder<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  let next = 0;
  const begin = () => {
    const item = work(items[next++] as T);
    // Who takes it sees the failure; until then it must not count as unhandled.
    item.catch(() => undefined);
    begun.push(item);
  };
  while (next < items.length && begun.length < atOnce) begin();
  for (let one = begun.shift(); one; one = begun.shift()) {
    if (next < items.length) begin();
    yield await one;
  }
}
