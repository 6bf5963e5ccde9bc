/** The machine slept, or somebody set its clock, when its two clocks are apart by more than they were, ms. */
const JUMP_MS = 1_000;

/** Notices when the wall clock leaves the monotonic one. */
export class ClockJumps {
  private apart = Date.now() - performance.now();

  /** By how much the wall clock has jumped since the last look, ms; 0 when it has not. */
  look(): number {
    const apart = Date.now() - performance.now();
    const byMs = apart - this.apart;
    if (Math.abs(byMs) <= JUMP_MS) return 0;
    this.apart = apart;
    return byMs;
  }
}
