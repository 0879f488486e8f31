/**
 * Does work for items in their order, and begins with the next ones before it is asked for them.
 *
 * @param count how many more may run at a time
 */
export async function* ahead<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  count: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = []
  for await (const item of items) {
    const one = work(item)
    // Told where its turn comes.
    one.catch(() => {})
    running.push(one)
    if (running.length > count) yield await (running.shift() as Promise<R>)
  }
  for (const one of running) yield await one
}
