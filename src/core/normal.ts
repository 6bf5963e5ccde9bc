const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal. */
export function normalPdf(x: number): number {
  return Math.exp(-0.5 * x * x) / ROOT_TWO_PI;
}

/** Probability of a standard normal below `x`, within 1e-13 relative down to 1e-300. */
export function normalCdf(x: number): number {
  if (Math.abs(x) < 2) return 0.5 + centre(x);
  return x < 0 ? tail(-x) : 1 - tail(x);
}

/** The `x` below which a standard normal lies with `probability`, within 1e-13; ±Infinity at 0 and 1. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0)) return probability === 0 ? Number.NEGATIVE_INFINITY : NaN;
  if (!(probability < 1)) return probability === 1 ? Number.POSITIVE_INFINITY : NaN;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  // Abramowitz & Stegun 26.2.22 is good to 3e-3; each Halley step triples the digits.
  const t = Math.sqrt(-2 * Math.log(probability));
  let x = (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)) - t;
  for (let step = 0; step < 4; step++) {
    const miss = (normalCdf(x) - probability) / normalPdf(x);
    if (!Number.isFinite(miss)) break;
    x -= miss / (1 + 0.5 * x * miss);
  }
  return x;
}

/** Φ(x) − ½ by its series x + x³/3 + x⁵/(3·5) + …, whose terms all have one sign: no digit cancels. */
function centre(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= square / odd;
    sum += term;
  }
  return sum * normalPdf(x);
}

/** 1 − Φ(x) for x ≥ 2 by Laplace's continued fraction φ(x) / (x + 1/(x + 2/(x + 3/…))), from the inside out. */
function tail(x: number): number {
  let fraction = x;
  for (let k = 120; k >= 1; k--) fraction = x + k / fraction;
  return normalPdf(x) / fraction;
}
