/** Waits, ms of this machine. `mayEnd`: a process that has nothing else to do need not wait for it. */
export function pause(ms: number, { mayEnd = false } = {}): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    if (mayEnd) timer.unref();
  });
}
