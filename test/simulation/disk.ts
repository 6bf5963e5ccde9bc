import type { JournalEvent } from "../../src/engine/events.ts";

interface StoredRecord {
  readonly event: JournalEvent;
  isDamaged: boolean;
}

/** What a journal file holds after a start, or that it cannot be believed. */
export type Recovered = { readonly events: JournalEvent[] } | { readonly damaged: true };

/** A journal on a disk that keeps what was synced, mostly, and of the rest what it likes. */
export class Disk {
  isFull = false;
  readonly durable: StoredRecord[] = [];
  private cached: StoredRecord[] = [];

  append(event: JournalEvent): void {
    this.cached.push({ event, isDamaged: false });
  }

  /** Makes everything appended durable; false when the disk is full and nothing was. */
  sync(): boolean {
    if (this.cached.length === 0) return true;
    if (this.isFull) return false;
    this.durable.push(...this.cached);
    this.cached = [];
    return true;
  }

  /** Loses what was not synced but for the first `kept` records, the last of which may be torn; returns what is lost. */
  crash(kept: number, isTorn: boolean): JournalEvent[] {
    const survivors = this.cached.slice(0, kept);
    if (isTorn && survivors.length > 0) survivors.pop();
    this.durable.push(...survivors);
    const lost = this.cached.slice(survivors.length).map(({ event }) => event);
    this.cached = [];
    return lost;
  }

  get unsynced(): number {
    return this.cached.length;
  }

  lie(records: number): void {
    this.durable.splice(Math.max(1, this.durable.length - records));
  }

  flip(at: number): void {
    const record = this.durable[at];
    if (record) record.isDamaged = true;
  }

  delete(): void {
    this.durable.length = 0;
    this.cached = [];
  }

  /** Reads everything, through text as a file does. */
  recover(): Recovered {
    if (this.durable.some(({ isDamaged }) => isDamaged)) return { damaged: true };
    return { events: this.durable.map(({ event }) => JSON.parse(JSON.stringify(event)) as JournalEvent) };
  }
}
