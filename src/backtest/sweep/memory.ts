/** Whose memory is: one thread's own, which the collector weighs and takes back soon, or shared with other threads. */
export type MemoryKind = "own" | "shared";

/** Zeroed memory. */
export function memoryOf(kind: MemoryKind, bytes: number): ArrayBuffer | SharedArrayBuffer {
  return kind === "shared" ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}
