import { describe, expect, it } from "vitest";
import type { IndicatorValues } from "../../src/indicators/indicator.ts";
import { golden, goldenBars, goldenColumn, outputOf } from "../support/golden-columns.ts";

/**
 * Golden values have 10 significant digits, and where a column crosses zero theirs carry the rounding of far larger terms.
 * So |ours - theirs| ≤ 1e-9 · max(|theirs|, a thousandth of the column's largest value).
 */
const TOLERANCE = 1e-9;
const SMALL = 1e-3;

interface Row {
  readonly key: string;
  /** `name`, `name.output`, or `name(setting=value …).output`. */
  readonly ours: string;
  /** Theirs times this is in our unit. */
  readonly scale?: number;
  /** First bar that is compared: until there another seed may show. Without it, what is undefined must be the same too. */
  readonly from?: number;
  /** Bars where ours is undefined by definition (0 / 0) and theirs says 0. */
  readonly undefinedAt?: readonly number[];
  /** Runs on this column in place of close. */
  readonly over?: "high" | "low";
}

const FLAT_BARS = [300, 301, 302, 303, 304, 305];

const TALIB: readonly Row[] = [
  ...[9, 20, 200].flatMap((n) => [
    { key: `sma(${n})`, ours: `sma(period=${n})` },
    { key: `ema(${n})`, ours: `ema(period=${n})` },
  ]),
  { key: "wma(20)", ours: "wma" },
  { key: "dema(20)", ours: "dema" },
  { key: "tema(20)", ours: "tema" },
  { key: "trima(20)", ours: "trima" },
  { key: "kama(10)", ours: "kama" },
  { key: "t3(5,0.7)", ours: "t3" },
  { key: "trix(15)", ours: "trix" },
  { key: "rsi(14)", ours: "rsi" },
  { key: "rsi(7)", ours: "rsi(period=7)" },
  { key: "cmo(14)", ours: "cmo" },
  ...["macd", "macdext_ema"].flatMap((name) => [
    { key: `${name}(12,26,9).macd`, ours: "macd.macd" },
    { key: `${name}(12,26,9).signal`, ours: "macd.signal" },
    { key: `${name}(12,26,9).hist`, ours: "macd.histogram" },
  ]),
  { key: "apo_ema(12,26)", ours: "apo" },
  { key: "ppo_ema(12,26)", ours: "ppo" },
  { key: "stoch(14,3,3).slowk", ours: "stoch.k" },
  { key: "stoch(14,3,3).slowd", ours: "stoch.d" },
  { key: "stochf(14,3).fastk", ours: "stochf.k" },
  { key: "stochf(14,3).fastd", ours: "stochf.d" },
  { key: "stochrsi(14,14,3).fastk", ours: "stochrsi(kSmooth=1).k", from: 29 }, // ours is known before its %D
  { key: "stochrsi(14,14,3).fastd", ours: "stochrsi(kSmooth=1).d" },
  ...["upper", "middle", "lower"].map((band) => ({ key: `bbands(20,2).${band}`, ours: `bbands.${band}` })),
  { key: "stddev(20)", ours: "stddev" },
  { key: "linearreg(14)", ours: "linreg" },
  { key: "linearreg_slope(14)", ours: "linreg.slope" },
  { key: "trange", ours: "tr" },
  { key: "atr(14)", ours: "atr" },
  { key: "natr(14)", ours: "natr" },
  { key: "adx(14)", ours: "adx" },
  { key: "adxr(14)", ours: "adx.adxr" },
  { key: "dx(14)", ours: "dmi.dx" },
  { key: "plus_di(14)", ours: "adx.plusDi" },
  { key: "minus_di(14)", ours: "dmi.minusDi" },
  { key: "obv", ours: "obv" },
  { key: "ad", ours: "ad" },
  { key: "adosc(3,10)", ours: "adosc" },
  { key: "mfi(14)", ours: "mfi" },
  { key: "cci(20)", ours: "cci" },
  { key: "willr(14)", ours: "willr" },
  { key: "ultosc(7,14,28)", ours: "ultosc" },
  { key: "roc(10)", ours: "roc" },
  { key: "mom(10)", ours: "mom" },
  { key: "bop", ours: "bop", undefinedAt: FLAT_BARS },
  { key: "aroon(14).down", ours: "aroon.down" },
  { key: "aroon(14).up", ours: "aroon.up" },
  { key: "aroonosc(14)", ours: "aroon.oscillator" },
  { key: "sar(0.02,0.2)", ours: "psar" },
  { key: "max(20)", ours: "highest", over: "high" },
  { key: "min(20)", ours: "lowest", over: "low" },
  { key: "correl(20)", ours: "correl" },
];

/** TA-Lib columns of indicators that do not ship. */
const NOT_SHIPPED = ["ht_trendline", "mama(0.5,0.05).mama", "mama(0.5,0.05).fama"];

const DEFINITION: readonly Row[] = [
  { key: "ema_sma_seed(20)", ours: "ema" },
  { key: "ema_first_value_seed(20)", ours: "ema(seed=first)" },
  { key: "rma(14)", ours: "rma" },
  { key: "hma(16)", ours: "hma" },
  { key: "rsi_wilder(14)", ours: "rsi" },
  { key: "tr_first_hl", ours: "tr(first=range)" },
  { key: "atr_wilder_talib(14)", ours: "atr" },
  { key: "atr_rma_tradingview(14)", ours: "atr(mode=tradingview)" },
  { key: "supertrend(10,3).line", ours: "supertrend" },
  { key: "supertrend(10,3).dir", ours: "supertrend.direction" },
  { key: "vwap_utc_day", ours: "vwap" },
  { key: "donchian(20).upper", ours: "donchian.upper" },
  { key: "donchian(20).lower", ours: "donchian.lower" },
  { key: "donchian(20).mid", ours: "donchian.middle" },
  { key: "ichimoku.tenkan(9)", ours: "ichimoku.tenkan" },
  { key: "ichimoku.kijun(26)", ours: "ichimoku.kijun" },
  { key: "ichimoku.senkouA_unshifted", ours: "ichimoku.leadA" },
  { key: "ichimoku.senkouB_unshifted(52)", ours: "ichimoku.leadB" },
  { key: "ichimoku.senkouA_visible_now(shift25)", ours: "ichimoku.senkouA" },
  { key: "ichimoku.senkouB_visible_now(shift25)", ours: "ichimoku.senkouB" },
  { key: "keltner_tv(20,2,atr10).upper", ours: "keltner.upper" },
  { key: "keltner_tv(20,2,atr10).lower", ours: "keltner.lower" },
  { key: "cmf(20)", ours: "cmf" },
  { key: "mfi_def(14)", ours: "mfi" },
  { key: "stochrsi_tv(14,14,3,3).k", ours: "stochrsi.k" },
  { key: "stochrsi_tv(14,14,3,3).d", ours: "stochrsi.d" },
  ...["P", "R1", "S1", "R2", "S2", "R3", "S3"].flatMap((level) => [
    { key: `pivot_classic.${level}`, ours: `pivots.${level.toLowerCase()}` },
    { key: `pivot_fib.${level}`, ours: `pivots(kind=fibonacci).${level.toLowerCase()}` },
  ]),
  ...["R1", "S1", "R2", "S2", "R3", "S3", "R4", "S4"].map((level) => ({
    key: `pivot_camarilla.${level}`,
    ours: `pivots(kind=camarilla).${level.toLowerCase()}`,
  })),
];

/** The same definition as ours. */
const PANDAS_SAME: readonly Row[] = [
  ...[9, 20, 200].flatMap((n) => [
    { key: `sma(${n})`, ours: `sma(period=${n})` },
    { key: `ema(${n})`, ours: `ema(period=${n})` },
    { key: `ema_firstvalue(${n})`, ours: `ema(period=${n} seed=first)` },
  ]),
  { key: "wma(20)", ours: "wma" },
  { key: "hma(16)", ours: "hma" },
  { key: "vwma(20)", ours: "vwma" },
  { key: "macd(12,26,9).MACD_12_26_9", ours: "macd(align=classic).macd" },
  { key: "macd(12,26,9).MACDs_12_26_9", ours: "macd(align=classic).signal" },
  { key: "macd(12,26,9).MACDh_12_26_9", ours: "macd(align=classic).histogram" },
  { key: "stoch(14,3,3).STOCHk_14_3_3", ours: "stoch.k", from: 17 },
  { key: "stoch(14,3,3).STOCHd_14_3_3", ours: "stoch.d" },
  { key: "bbands(20,2).BBL_20_2.0", ours: "bbands.lower" },
  { key: "bbands(20,2).BBM_20_2.0", ours: "bbands.middle" },
  { key: "bbands(20,2).BBU_20_2.0", ours: "bbands.upper" },
  { key: "bbands(20,2).BBB_20_2.0", ours: "bbands.width", scale: 0.01 },
  { key: "bbands(20,2).BBP_20_2.0", ours: "bbands.percent" },
  { key: "bbands_ddof1(20,2).BBL_20_2.0", ours: "bbands(ddof=1).lower" },
  { key: "bbands_ddof1(20,2).BBU_20_2.0", ours: "bbands(ddof=1).upper" },
  { key: "bbands_ddof1(20,2).BBB_20_2.0", ours: "bbands(ddof=1).width", scale: 0.01 },
  { key: "bbands_ddof1(20,2).BBP_20_2.0", ours: "bbands(ddof=1).percent" },
  { key: "stdev(20)", ours: "stddev(ddof=1)" },
  { key: "true_range", ours: "tr" },
  { key: "obv", ours: "obv" },
  { key: "ad", ours: "ad" },
  { key: "vwap_D", ours: "vwap" },
  { key: "cci(20)", ours: "cci" },
  { key: "willr(14)", ours: "willr" },
  { key: "roc(10)", ours: "roc" },
  { key: "mom(10)", ours: "mom" },
  { key: "ichimoku(9,26,52).ITS_9", ours: "ichimoku.tenkan" },
  { key: "ichimoku(9,26,52).IKS_26", ours: "ichimoku.kijun" },
  { key: "ichimoku(9,26,52).ISA_9", ours: "ichimoku(displacement=27).senkouA" },
  { key: "ichimoku(9,26,52).ISB_26", ours: "ichimoku(displacement=27).senkouB" },
  { key: "donchian(20,20).DCL_20_20", ours: "donchian.lower" },
  { key: "donchian(20,20).DCM_20_20", ours: "donchian.middle" },
  { key: "donchian(20,20).DCU_20_20", ours: "donchian.upper" },
  { key: "kc(20,2).KCBe_20_2.0", ours: "keltner.middle" },
  { key: "aroon(14).AROOND_14", ours: "aroon.down" },
  { key: "aroon(14).AROONU_14", ours: "aroon.up" },
  { key: "aroon(14).AROONOSC_14", ours: "aroon.oscillator" },
  { key: "cmf(20)", ours: "cmf" },
  { key: "zscore(30)", ours: "zscore" },
  { key: "chop(14)", ours: "chop" },
  { key: "ao", ours: "ao" },
  { key: "squeeze.SQZ_20_2.0_20_1.5", ours: "squeeze.momentum" },
  { key: "squeeze.SQZ_ON", ours: "squeeze.on", from: 20 }, // theirs says 0 before it knows
  { key: "vortex(14).VTXP_14", ours: "vortex.plus" },
  { key: "vortex(14).VTXM_14", ours: "vortex.minus" },
  { key: "mfi(14)", ours: "mfi", from: 14 },
  { key: "uo", ours: "ultosc", from: 28 },
  { key: "fisher(9).FISHERT_9_1", ours: "fisher", from: 9 },
  { key: "fisher(9).FISHERTs_9_1", ours: "fisher.signal", from: 10 },
];

/** Another seed, the same from some bar on: what is left of a seed shrinks with every bar. */
const PANDAS_CONVERGES: readonly Row[] = [
  { key: "dema(20)", ours: "dema", from: 400 },
  { key: "tema(20)", ours: "tema", from: 400 },
  { key: "rma(14)", ours: "rma", from: 400 },
  { key: "rsi(14)", ours: "rsi", from: 400 },
  { key: "atr(14)", ours: "atr", from: 400 },
  { key: "natr_rma(14)", ours: "natr", from: 400 },
  { key: "natr(14)", ours: "natr(mode=ema)", from: 400 },
  { key: "adx(14).ADX_14", ours: "adx", from: 500 },
  { key: "adx(14).DMP_14", ours: "adx.plusDi", from: 400 },
  { key: "adx(14).DMN_14", ours: "adx.minusDi", from: 400 },
  { key: "trix(15).TRIX_15_9", ours: "trix", from: 400 },
  { key: "trix(15).TRIXs_15_9", ours: "trix.signal", from: 400 },
  { key: "adosc(3,10)", ours: "adosc", from: 400 },
  { key: "efi(13)", ours: "efi", from: 400 },
  { key: "tsi.TSI_13_25_13", ours: "tsi", from: 450 },
  { key: "tsi.TSIs_13_25_13", ours: "tsi.signal", from: 450 },
  { key: "kc(20,2).KCLe_20_2.0", ours: "keltner(atrPeriod=20 mode=ema).lower", from: 400 },
  { key: "kc(20,2).KCUe_20_2.0", ours: "keltner(atrPeriod=20 mode=ema).upper", from: 400 },
  { key: "stochrsi(14,14,3,3).STOCHRSIk_14_14_3_3", ours: "stochrsi.k", from: 450 },
  { key: "stochrsi(14,14,3,3).STOCHRSId_14_14_3_3", ours: "stochrsi.d", from: 450 },
  { key: "supertrend(10,3).SUPERT_10_3.0", ours: "supertrend", from: 400 },
  { key: "supertrend(7,3).SUPERT_7_3.0", ours: "supertrend(period=7)", from: 400 },
  { key: "kama(10,2,30)", ours: "kama", from: 590 }, // theirs starts from 0
];

/** pandas-ta columns with nothing of ours to compare. */
const LEFT_OUT_OF_PANDAS: Readonly<Record<string, readonly string[]>> = {
  "another definition: it does not end on the newest bar's value": ["linreg(14)"],
  "the close of 26 bars later": ["ichimoku(9,26,52).ICS_26"],
  "another first direction, at most 1.9 % apart": ["l_", "s_", "af_", "r_"].map((part) => `psar.PSAR${part}0.02_0.2`),
  "the line and direction once more, cut in two; 0 and 1 before they are known": ["7", "10"].flatMap((n) =>
    ["d", "l", "s"].map((part) => `supertrend(${n},3).SUPERT${part}_${n}_3.0`),
  ),
  "the complements of SQZ_ON": ["squeeze.SQZ_OFF", "squeeze.SQZ_NO"],
  "MACD of MACD, which does not ship": ["AS", "ASh", "ASs"].map((part) => `macd_asmode(12,26,9).MACD${part}_12_26_9`),
  "the middle band again": ["bbands_ddof1(20,2).BBM_20_2.0"],
};

describe("golden vectors", () => {
  describe.each([
    ["TA-Lib", "talib", TALIB],
    ["the definition", "definition", DEFINITION],
    ["pandas-ta, same definition", "pandas_ta", PANDAS_SAME],
    ["pandas-ta, other seed", "pandas_ta", PANDAS_CONVERGES],
  ] as const)("%s", (_, section, rows) => {
    it.each(rows.map((row) => [row.ours, row.key, row] as const))("%s is %s", (_ours, key, row) => {
      const theirs = goldenColumn(section, key);
      const ours = outputOf({
        ...parse(row.ours),
        bars: row.over ? { ...goldenBars, close: goldenBars[row.over] } : goldenBars,
      });
      expect(disagreements(ours, theirs, row)).toEqual([]);
    });
  });

  it("are compared with every TA-Lib column whose indicator ships, every definition, and pandas-ta but for a list", () => {
    const covered = (rows: readonly Row[]) => rows.map((row) => row.key);
    expect(new Set([...covered(TALIB), ...NOT_SHIPPED])).toEqual(new Set(Object.keys(golden.talib)));
    expect(new Set(covered(DEFINITION))).toEqual(new Set(Object.keys(golden.definition)));
    const pandas = [...covered(PANDAS_SAME), ...covered(PANDAS_CONVERGES), ...Object.values(LEFT_OUT_OF_PANDAS).flat()];
    expect(new Set(pandas)).toEqual(new Set(Object.keys(golden.pandas_ta)));
  });
});

/** Bars where ours is neither within tolerance of theirs nor undefined where theirs is. */
function disagreements(ours: Float64Array, theirs: Float64Array, row: Row): string[] {
  const { scale = 1, from = 0, undefinedAt = [] } = row;
  const largest = scale * theirs.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  const found: string[] = [];
  for (let i = from; i < theirs.length; i++) {
    const expected = undefinedAt.includes(i) ? NaN : scale * theirs[i]!;
    const actual = ours[i]!;
    const room = TOLERANCE * Math.max(Math.abs(expected), SMALL * largest);
    const same = Number.isNaN(expected) ? Number.isNaN(actual) : Math.abs(actual - expected) <= room;
    if (!same) found.push(`bar ${i}: ${actual} against ${expected}`);
  }
  return found;
}

/** `name(a=1 b=word).output` as a call. */
function parse(text: string): { name: string; values: IndicatorValues; output?: string } {
  const [, name = "", settings = "", output] = /^(\w+)(?:\(([^)]*)\))?(?:\.(\w+))?$/.exec(text) ?? [];
  const values: Record<string, number | string> = {};
  for (const pair of settings.split(" ").filter(Boolean)) {
    const [key = "", value = ""] = pair.split("=");
    values[key] = Number.isNaN(Number(value)) ? value : Number(value);
  }
  return output === undefined ? { name, values } : { name, values, output };
}
