import type { Bars } from "../model/bar.ts";
import { type Finding, follows, median, type Severity, Tally } from "./finding.ts";

/**
 * Thresholds, set on years of Bybit and Binance bars of 1 minute to 1 day: there the wildest close-to-close move was
 * 200 medians (81 % a day), the longest run of bars without a price change 4, one wick in 1.6 million bars 300 medians.
 */
const JUMP = { medians: 250, least: 0.05 };
const WICK = { medians: 200, least: 0.2 };
const SCALE_BREAK = Math.log(3);
const FLAT_RUN = 20;

/** What sound bars tell of the market they come from: still, absurd, or in two currencies. */
export function marketFindings(bars: Bars): Finding[] {
  return [...priceFindings(bars), ...wickFindings(bars), ...flatFindings(bars), ...volumeFindings(bars)];
}

function priceFindings(bars: Bars): Finding[] {
  const { close, length } = bars;
  const moves = new Float64Array(Math.max(0, length - 1));
  for (let i = 1; i < length; i++) moves[i - 1] = Math.abs(Math.log(close[i]! / close[i - 1]!));
  const limit = Math.max(JUMP.least, JUMP.medians * median(moves));
  const jumps = new Tally();
  const breaks = new Tally();
  for (let i = 1; i < length; i++) {
    const move = moves[i - 1]!;
    if (move <= JUMP.least || !follows(bars, i)) continue;
    const text = `${close[i - 1]} to ${close[i]}`;
    if (move > SCALE_BREAK) breaks.add(bars.time[i]!, text);
    else if (move > limit) jumps.add(bars.time[i]!, text);
  }
  return [
    ...breaks.finding("scaleBreak", "error", "prices change threefold from bar to bar: another unit, coin or market"),
    ...jumps.finding("jumps", "warning", `moves above ${JUMP.medians} times the usual: compare with another source`),
  ];
}

function wickFindings(bars: Bars): Finding[] {
  const { open, high, low, close, length } = bars;
  const wicks = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const top = Math.log(high[i]! / Math.max(open[i]!, close[i]!));
    const bottom = Math.log(Math.min(open[i]!, close[i]!) / low[i]!);
    wicks[i] = Math.max(top, bottom);
  }
  const limit = Math.max(WICK.least, Math.min(1, WICK.medians * median(wicks)));
  const tally = new Tally();
  for (let i = 0; i < length; i++) {
    if (wicks[i]! > limit)
      tally.add(bars.time[i]!, `open ${open[i]}, high ${high[i]}, low ${low[i]}, close ${close[i]}`);
  }
  const often = tally.count >= 5 && tally.count > length / 5000;
  const message = often
    ? "absurd wicks again and again, as on a testnet: do not trade on this"
    : "wicks of absurd size: stops would have been hit there; compare with another source";
  return tally.finding("wicks", often ? "error" : "warning", message);
}

/** Long runs of bars that never move: a testnet, a halted or a dead market. */
function flatFindings(bars: Bars): Finding[] {
  const { high, low, close, length } = bars;
  const tally = new Tally();
  let inside = 0;
  let run = 0;
  for (let i = 0; i <= length; i++) {
    if (i < length && high[i] === low[i] && (run === 0 || close[i] === close[i - 1])) {
      run++;
      continue;
    }
    if (run >= FLAT_RUN) {
      inside += run;
      tally.add(bars.time[i - run]!, `${run} bars at ${close[i - 1]}`);
    }
    run = i < length && high[i] === low[i] ? 1 : 0;
  }
  const severity: Severity = inside > 0.05 * length ? "error" : "warning";
  const share = ((inside / Math.max(1, length)) * 100).toFixed(1);
  const message = `long flat stretches, ${share} % of all bars, as on a testnet or while trading is halted`;
  return tally.finding("flat", severity, message);
}

function volumeFindings(bars: Bars): Finding[] {
  const tally = new Tally();
  for (let i = 0; i < bars.length; i++) if (bars.volume[i] === 0) tally.add(bars.time[i]!, `close ${bars.close[i]}`);
  const fraction = tally.count / Math.max(1, bars.length);
  const severity: Severity = fraction > 0.5 ? "error" : fraction > 0.02 ? "warning" : "note";
  return tally.finding("zeroVolume", severity, "bars without a trade: orders do not fill there");
}
