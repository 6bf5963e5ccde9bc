import type { Metrics } from "./metrics.ts";
import { deflatedSharpe, minTrackRecordLength, probabilisticSharpe, type SharpeSample } from "./sharpe.ts";

/** From worst to best. There is no better grade than "promising": the rest only live trading can tell. */
export type Grade = "too little data" | "losing" | "likely luck" | "weak" | "promising";

/** Fewer returns or trades than this make no Sharpe ratio worth a headline. */
export const LEAST_SAMPLE = 30;

/** Confidence (0…1) asked of the deflated Sharpe ratio before a result is called promising. */
const CONFIDENCE = 0.95;

export interface VerdictInput {
  /** Of the in-sample returns, per period; `null` where it is not defined. */
  readonly sample: SharpeSample | null;
  /** Of those periods. */
  readonly barsPerYear: number;
  readonly inSample: Metrics;
  /** On data the search never saw; `null` where none was held out. */
  readonly outOfSample: Metrics | null;
  readonly search: {
    /** Every evaluation ever made on that data, earlier sessions included; 1 for a single backtest. */
    readonly trials: number;
    /** Variance of their per-period Sharpe ratios; 0 for a single one. */
    readonly variance: number;
  };
}

/** What a result is worth, in numbers and in words. */
export interface Verdict {
  readonly grade: Grade;
  /** Probability (0…1) that the true Sharpe ratio is above 0. */
  readonly psr: number | null;
  /** Probability (0…1) that it is above what luck reaches in that many trials. */
  readonly dsr: number | null;
  /** Annualised Sharpe ratio that luck alone is expected to reach in that many trials. */
  readonly sharpeThreshold: number;
  /** Bars needed before the Sharpe ratio is above 0 at 95 %; `null` where no number is enough. */
  readonly minTrackRecordBars: number | null;
  /** Bars there are. */
  readonly trackRecordBars: number;
  readonly trials: number;
  /** Annualised, in sample; `null` where it is undefined or the sample too small to print it large. */
  readonly headlineSharpe: number | null;
  /** One sentence: the grade, and the number that decided it. */
  readonly line: string;
  /** The other numbers, one sentence each. */
  readonly reasons: readonly string[];
}

/** Judges a result by its deflated Sharpe ratio, its track record and what it did out of sample. */
export function verdict(input: VerdictInput): Verdict {
  const { sample, inSample, outOfSample, search, barsPerYear } = input;
  const perYear = Math.sqrt(barsPerYear);
  const deflated = sample && deflatedSharpe(sample, search);
  const enough = sample !== null && sample.count >= LEAST_SAMPLE && inSample.trades >= LEAST_SAMPLE;
  const facts: Facts = {
    input,
    psr: sample && probabilisticSharpe(sample),
    dsr: deflated?.probability ?? null,
    sharpe: sample && sample.sharpe * perYear,
    sharpeThreshold: (deflated?.threshold ?? 0) * perYear,
    minTrackRecordBars: sample && ceil(minTrackRecordLength(sample)),
    bars: sample?.count ?? 0,
  };
  const { grade, why } = judge(facts, enough);
  return {
    grade,
    psr: facts.psr,
    dsr: facts.dsr,
    sharpeThreshold: facts.sharpeThreshold,
    minTrackRecordBars: facts.minTrackRecordBars,
    trackRecordBars: facts.bars,
    trials: search.trials,
    headlineSharpe: enough ? facts.sharpe : null,
    line: `${grade}: ${why}`,
    reasons: reasonsOf(facts, outOfSample),
  };
}

interface Facts {
  readonly input: VerdictInput;
  readonly psr: number | null;
  readonly dsr: number | null;
  readonly sharpe: number | null;
  readonly sharpeThreshold: number;
  readonly minTrackRecordBars: number | null;
  readonly bars: number;
}

function judge(facts: Facts, enough: boolean): { grade: Grade; why: string } {
  const { sharpe, dsr, sharpeThreshold, input } = facts;
  const { inSample, outOfSample, search } = input;
  if (!enough || sharpe === null || dsr === null) {
    const found = `${count(inSample.trades, "trade")} on ${count(facts.bars, "bar")}`;
    if (facts.bars === 0) {
      return {
        grade: "too little data",
        why: `${count(inSample.trades, "trade")}; equity never moved, nothing to judge`,
      };
    }
    return {
      grade: "too little data",
      why: `${found}; no Sharpe ratio is worth printing below ${LEAST_SAMPLE} of each`,
    };
  }
  if (inSample.totalReturn <= 0 || sharpe <= 0) {
    return { grade: "losing", why: `${percent(inSample.totalReturn)} after costs, on the data it was made for` };
  }
  const tries =
    search.trials > 1 ? `the best of ${count(search.trials, "trial")} without skill reaches` : "luck reaches";
  if (dsr < 0.5) {
    return { grade: "likely luck", why: `Sharpe ${fixed(sharpe)}, where ${tries} ${fixed(sharpeThreshold)}` };
  }
  const outside = outOfSampleFault(sharpe, outOfSample);
  if (outside?.lost && dsr < CONFIDENCE) return { grade: "likely luck", why: outside.why };
  if (outside !== null) return { grade: "weak", why: outside.why };
  const sure = `${percentOf(dsr)} sure of skill after ${count(search.trials, "trial")}`;
  if (dsr < CONFIDENCE)
    return { grade: "weak", why: `${sure}, where ${percentOf(CONFIDENCE)} is the least to ask for` };
  const rest = outOfSample === null ? "but nothing was held out to check it on" : "and it held out of sample";
  return { grade: outOfSample === null ? "weak" : "promising", why: `${sure}, ${rest}` };
}

/** What speaks against a result in data its search never saw; `null` if nothing does, or there are no such data. */
function outOfSampleFault(sharpe: number, outOfSample: Metrics | null): { lost: boolean; why: string } | null {
  if (outOfSample === null) return null;
  if (outOfSample.totalReturn < 0 || (outOfSample.sharpe ?? 0) < 0) {
    return { lost: true, why: `it lost out of sample (${percent(outOfSample.totalReturn)})` };
  }
  if (outOfSample.trades < LEAST_SAMPLE) {
    return { lost: false, why: `only ${count(outOfSample.trades, "trade")} out of sample, too few to tell` };
  }
  const kept = (outOfSample.sharpe ?? 0) / sharpe;
  if (kept >= 0.5) return null;
  return { lost: false, why: `out of sample it kept ${percentOf(kept)} of its Sharpe ratio` };
}

function reasonsOf(facts: Facts, outOfSample: Metrics | null): string[] {
  const { psr, dsr, sharpe, sharpeThreshold, minTrackRecordBars, bars, input } = facts;
  const { trials } = input.search;
  const reasons: string[] = [];
  if (psr !== null) reasons.push(`PSR ${fixed(psr, 3)}: chance that the true Sharpe ratio is above 0`);
  if (dsr !== null && trials > 1) {
    const luck = `above the ${fixed(sharpeThreshold)} that luck reaches in ${count(trials, "trial")}`;
    reasons.push(`DSR ${fixed(dsr, 3)}: chance that it is ${luck}`);
  }
  if (sharpe !== null) reasons.push(trackRecord(minTrackRecordBars, bars));
  if (outOfSample !== null && input.inSample.sharpe !== null) {
    const [inside, outside] = [fixed(input.inSample.sharpe), outOfSample.sharpe];
    const told = outside === null ? "undefined" : fixed(outside);
    reasons.push(`Sharpe ${told} out of sample, ${inside} in sample`);
  }
  return reasons;
}

function trackRecord(needed: number | null, bars: number): string {
  if (needed === null) return "no track record is long enough for a Sharpe ratio that is not above 0";
  const enough = needed <= bars ? "is long enough" : "is too short";
  return `track record ${enough}: ${integer(bars)} bars, ${integer(needed)} needed for 95 %`;
}

const ceil = (value: number | null) => (value === null ? null : Math.ceil(value));
const fixed = (value: number, digits = 2) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1");
const percent = (fraction: number) => `${fraction > 0 ? "+" : ""}${fixed(100 * fraction, 1)} %`;
/** A share without its sign, rounded down so that 94.9 % is never printed as 95 %. */
const percentOf = (fraction: number) => `${Math.floor(100 * fraction + 1e-9)} %`;
const integer = (value: number) => value.toLocaleString("en-US");
const count = (value: number, what: string) => `${integer(value)} ${what}${value === 1 ? "" : "s"}`;
