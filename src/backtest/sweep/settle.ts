import { EXTREMES_BITS } from "./extremes-table.ts";
import { COLUMN, type RowColumn, type RowSettings } from "./row.ts";
import { ROW, type SweepTables } from "./tables.ts";

/**
 * JavaScript that turns `fills` (entry and exit bar of each trade, `count` numbers; exit `length` is still open) into a
 * row of results. It is a part of the function `compileScan` writes and reads its names.
 *
 * Money takes the same steps as `simulate`, down to the order of the sums. Returns need no money: a bar's is that of
 * the price, and what an entry or exit costs is the same fraction whatever the equity.
 */
export function settleCode(tables: SweepTables, settings: RowSettings): string {
  const { withDownside, withDrawdown } = settings;
  const buy = 1 + settings.slippageFraction;
  const sell = 1 - settings.slippageFraction;
  const addReturn = `sum += r; squares += r * r;${withDownside ? " if (r < 0) losing += r * r;" : ""}`;
  // Equity is quantity times price while a trade lasts. Most trades neither reach the peak nor fall below the deepest
  // drawdown so far: two look-ups tell.
  const drawdown = `
        const last = exit - 1;
        const f = entry >>> ${EXTREMES_BITS}, run = (last >>> ${EXTREMES_BITS}) - f + 1, k = 31 - Math.clz32(run);
        const p = 2 * (k * blocks + f), q = p + 2 * (run - (1 << k));
        if (qty * Math.max(entries[p + 1], entries[q + 1]) > peak || qty * Math.min(entries[p], entries[q]) < floor) {
          fall.highest = peak / qty;
          fall.drawdown = worst;
          deepen(fall, entry, exit);
          worst = fall.drawdown;
          peak = Math.max(peak, qty * fall.highest);
          floor = peak * (1 - worst);
        }
        if (after > peak) {
          peak = after;
          floor = peak * (1 - worst);
        } else if (after < floor) {
          floor = after;
          worst = 1 - after / peak;
        }`;
  return `
    let equity = ${settings.cash}, peak = equity, floor = equity, worst = 0, open = 0, wins = 0, losses = 0, profit = 0, loss = 0;
    let fees = 0, held = 0, sum = 0, squares = 0, losing = 0;
    for (let t = 0; t < count; t += 2) {
      const entry = fills[t], exit = fills[t + 1];
      const a = entry * ${ROW}, b = (exit - 1) * ${ROW};
      const bought = bar[a] * ${buy};
      const qty = equity / (bought * ${1 + settings.feeRate});
      const entryFee = bought * qty * ${settings.feeRate};
      let r = bar[a + 1] / (bought * ${1 + settings.feeRate}) - 1;
      ${addReturn}
      sum += bar[b + 2] - bar[a + 2];
      squares += bar[b + 3] - bar[a + 3];
      ${withDownside ? "losing += downside[exit - 1] - downside[entry];" : ""}
      let after = equity - entryFee;
      if (exit < length) {
        const sold = bar[b + ${ROW}] * ${sell};
        const gross = qty * (sold - bought);
        const exitFee = sold * qty * ${settings.feeRate};
        after = after + gross - exitFee;
        r = sold * ${1 - settings.feeRate} / bar[b + 1] - 1;
        ${addReturn}
        const pnl = gross - (entryFee + exitFee);
        if (pnl > 0) { wins++; profit += pnl; } else if (pnl < 0) { losses++; loss -= pnl; }
        fees += entryFee + exitFee;
        held += exit - entry;
      } else {
        after += qty * (bar[b + 1] - bought);
        fees += entryFee;
        open = 1;
        held += exit - entry - ${1 - tables.delay};
      }
      ${withDrawdown ? drawdown : ""}
      equity = after;
    }
    ${Object.entries(RESULTS)
      .map(([name, code]) => `rows[at + ${COLUMN[name as RowColumn]}] = ${code};`)
      .join(" ")}`;
}

/** What the code calls each column of a row. */
const RESULTS: Readonly<Record<RowColumn, string>> = {
  warmup: "warmup",
  finalEquity: "equity",
  trades: "count >>> 1",
  openTrades: "open",
  winningTrades: "wins",
  losingTrades: "losses",
  grossProfit: "profit",
  grossLoss: "loss",
  fees: "fees",
  barsInMarket: "held",
  sum: "sum",
  squares: "squares",
  downside: "losing",
  maxDrawdown: "worst",
};
