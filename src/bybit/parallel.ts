/**
 * Does `work` on every item, at most `most` at a time, in order of the list. The first failure stops the rest: their
 * signal is aborted, and what they say after that is not heard.
 */
export async function inParallel<T>(
  items: readonly T[],
  { most, signal }: { most: number; signal?: AbortSignal | undefined },
  work: (item: T, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let next = 0;
  const lane = async () => {
    while (next < items.length && !stop.signal.aborted) {
      const index = next++;
      await work(items[index]!, index, either);
    }
  };
  const lanes = Array.from({ length: Math.min(most, items.length) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(lanes);
    throw error;
  }
}
