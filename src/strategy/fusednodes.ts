import type { IndicatorNode } from "./node.ts";
import { closed } from "./node.ts";

/** What the fused loop needs to write one indicator: its source's name, where it begins, and a way to ask for arguments. */
export interface Hand {
  /** Name of the variable that holds the source's value on this bar. */
  readonly x: string;
  /** Column of the source when it is a bar field; the loop may look back in it. */
  readonly column: string | null;
  /** Argument that holds the bar from which the source is known. */
  readonly offset: string;
  /** Names of the variables of high, low and close. */
  readonly bar: Readonly<Record<"high" | "low" | "close", () => string>>;
  /** A number known only when the loop runs, so that other periods reuse the loop. */
  argument(value: number): string;
  /** A table of numbers, as {@link argument}. */
  table(value: Float64Array): string;
  /** A variable that lives from bar to bar. */
  state(initial: string): string;
  /** A statement for the end of each bar. */
  atEnd(statement: string): void;
}

/** One indicator as statements that set `v`: on any bar, and on bars where it is surely past its seed. */
export interface Written {
  readonly anyBar: string;
  readonly steady: string;
}

type Writer = (node: IndicatorNode, v: string, hand: Hand) => Written | null;

const number = (node: IndicatorNode, name: string): number => closed(node.values[name] as number);

/** Moves `alpha` of the way to each new value after a mean of the first `seedBars`, as the averages of the catalogue do. */
function decaying(v: string, x: string, at: { offset: string; alpha: string; seed: string }, hand: Hand): Written {
  const mean = hand.state("0");
  return {
    anyBar: `
      if (i < ${at.offset}) ${v} = NaN;
      else if (i - ${at.offset} < ${at.seed}) { ${mean} += (${x} - ${mean}) / (i - ${at.offset} + 1); ${v} = i - ${at.offset} + 1 === ${at.seed} ? ${mean} : NaN; }
      else { ${mean} += ${at.alpha} * (${x} - ${mean}); ${v} = ${mean}; }`,
    steady: `${mean} += ${at.alpha} * (${x} - ${mean}); ${v} = ${mean};`,
  };
}

const ema: Writer = (node, v, hand) => {
  const period = number(node, "period");
  const seed = node.values.seed === "sma" ? period : 1;
  const at = { offset: hand.offset, alpha: hand.argument(2 / (period + 1)), seed: hand.argument(seed) };
  return decaying(v, hand.x, at, hand);
};

const rma: Writer = (node, v, hand) => {
  const period = number(node, "period");
  const seed = node.values.seed === "sma" ? period : 1;
  const at = { offset: hand.offset, alpha: hand.argument(1 / period), seed: hand.argument(seed) };
  return decaying(v, hand.x, at, hand);
};

const rsi: Writer = (node, v, hand) => {
  const { x, offset } = hand;
  const period = hand.argument(number(node, "period"));
  const alpha = hand.argument(1 / number(node, "period"));
  const [last, gain, loss] = [hand.state("0"), hand.state("0"), hand.state("0")] as const;
  const move = `const change = ${x} - ${last}, size = Math.abs(change);
      ${gain} += ((size + change) / 2 - ${gain}) * ${alpha};
      ${loss} += ((size - change) / 2 - ${loss}) * ${alpha};
      const total = ${gain} + ${loss};`;
  const steady = `{ ${move}
      ${v} = total === 0 ? 50 : 50 + 50 * ((${gain} - ${loss}) / total);
      ${last} = ${x}; }`;
  return {
    anyBar: `
      if (i < ${offset}) ${v} = NaN;
      else if (i - ${offset} > ${period}) ${steady}
      else {
        const seen = i - ${offset};
        if (seen > 0) {
          const change = ${x} - ${last}, weight = seen < ${period} ? 1 / seen : ${alpha};
          ${gain} += (Math.max(change, 0) - ${gain}) * weight;
          ${loss} += (Math.max(-change, 0) - ${loss}) * weight;
        }
        ${last} = ${x};
        ${v} = seen < ${period} ? NaN : ${gain} + ${loss} === 0 ? 50 : 50 + (50 * (${gain} - ${loss})) / (${gain} + ${loss});
      }`,
    steady,
  };
};

const atr: Writer = (node, v, hand) => {
  const { mode } = node.values;
  if (mode === "sma") return null;
  const period = number(node, "period");
  const [high, low, close] = [hand.bar.high(), hand.bar.low(), hand.bar.close()] as const;
  const last = hand.state("NaN");
  const alpha = hand.argument(mode === "ema" ? 2 / (period + 1) : 1 / period);
  const range = `${v}r`;
  const first = mode === "tradingview" ? `${high} - ${low}` : "NaN";
  const offset = hand.argument(mode === "tradingview" ? 0 : 1);
  const mean = decaying(v, range, { offset, alpha, seed: hand.argument(period) }, hand);
  const measured = `Math.max(${high}, ${last}) - Math.min(${low}, ${last})`;
  hand.atEnd(`${last} = ${close};`);
  return {
    anyBar: `const ${range} = i === 0 ? ${first} : ${measured}; ${mean.anyBar}`,
    steady: `const ${range} = ${measured}; ${mean.steady}`,
  };
};

const sma: Writer = (node, v, hand) => {
  if (hand.column === null) return null; // it sums whole blocks of its source again, which only a column has
  const { x, column } = hand;
  const bars = number(node, "period");
  hand.atEnd(`${hand.state("0")} += ${x} * 0;`); // a window forgets an undefined value; the loop's verdict must not
  if (bars === 3) {
    const steady = `${v} = ${x} + (${column}[i - 1] - ${x} + (${column}[i - 2] - ${x})) / 3;`;
    return { anyBar: `if (i < 2) ${v} = NaN; else ${steady}`, steady };
  }
  const period = hand.argument(bars);
  const tails = hand.table(new Float64Array(bars).fill(NaN, 1));
  const [head, pivot, left] = [hand.state("0"), hand.state("0"), hand.state("0")] as const;
  const steady = `
      if (${left} === 0) {
        ${pivot} = ${x}; ${head} = 0; ${left} = ${period};
        if (i > 0) for (let m = 1, sum = 0; m < ${tails}.length; m++) { sum += ${column}[i - m] - ${pivot}; ${tails}[m] = sum; }
      }
      ${left}--;
      ${head} += ${x} - ${pivot};
      ${v} = ${pivot} + (${tails}[${left}] + ${head}) / ${period};`;
  return { anyBar: steady, steady };
};

/** Indicators the fused loop can write. Each says the same as its kernel, which a property test holds it to. */
export const WRITERS: Readonly<Record<string, Writer>> = { ema, rma, rsi, atr, sma };
