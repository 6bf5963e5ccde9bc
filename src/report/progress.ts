import { formatDuration } from "../core/time.ts";

export interface Progress {
  /** Total work may become known late; `note` is shown behind the bar. */
  update(done: number, note?: string, total?: number): void;
  /** Clears the line. */
  stop(): void;
}

interface Screen {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** A one-line bar with rate and ETA on a terminal, silent elsewhere; redraws at most ten times a second. */
export function progress(label: string, total: number, screen: Screen = process.stderr): Progress {
  if (!screen.isTTY) return { update() {}, stop() {} };
  const started = performance.now();
  let drawn = 0;
  let whole = total;
  return {
    update(done, note = "", newTotal = whole) {
      whole = newTotal;
      const now = performance.now();
      if (now - drawn < 100 && done < whole) return;
      drawn = now;
      screen.write(
        `\r\x1b[K${progressLine({ label, done, total: whole, note, elapsedMs: now - started }, screen.columns ?? 80)}`,
      );
    },
    stop() {
      screen.write("\r\x1b[K");
    },
  };
}

/** The bar as text, at most `columns` wide. */
export function progressLine(
  state: { label: string; done: number; total: number; note: string; elapsedMs: number },
  columns: number,
): string {
  const fraction = state.total > 0 ? Math.min(1, state.done / state.total) : 0;
  const filled = Math.round(fraction * 20);
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  const rate = state.elapsedMs > 0 ? (state.done / state.elapsedMs) * 1000 : 0;
  const eta = fraction > 0 && fraction < 1 ? `ETA ${formatDuration(state.elapsedMs * (1 / fraction - 1))}` : "";
  const rateText = rate >= 100 ? `${Math.round(rate)}/s` : `${rate.toFixed(1)}/s`;
  const text = [`${state.label} ${bar}`, `${state.done}/${state.total}`, rateText, eta, state.note]
    .filter(Boolean)
    .join("  ");
  return text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
}
