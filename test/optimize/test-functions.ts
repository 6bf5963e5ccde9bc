import { float } from "../../src/optimize/distribution.ts";
import type { Space } from "../../src/optimize/space.ts";

/** A function to minimise whose optimum is known. */
export interface TestFunction {
  readonly name: string;
  readonly space: Space;
  readonly optimum: number;
  at(x: readonly number[]): number;
}

function box(count: number, min: number, max: number): Space {
  return Object.fromEntries(Array.from({ length: count }, (_, k) => [`x${k}`, float(min, max)]));
}

function rosenbrock(x: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
  return sum;
}

const HARTMANN_WEIGHTS = [1, 1.2, 3, 3.2];
const HARTMANN_SCALES = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** The six functions of `test/golden/optuna_quality.json`. */
export const TEST_FUNCTIONS: readonly TestFunction[] = [
  { name: "sphere5", space: box(5, -5, 5), optimum: 0, at: (x) => x.reduce((sum, each) => sum + each * each, 0) },
  { name: "rosenbrock2", space: box(2, -2.048, 2.048), optimum: 0, at: rosenbrock },
  { name: "rosenbrock5", space: box(5, -2.048, 2.048), optimum: 0, at: rosenbrock },
  {
    name: "hartmann6",
    space: box(6, 0, 1),
    optimum: -3.3223680114155,
    at: (x) =>
      -HARTMANN_WEIGHTS.reduce((sum, weight, i) => {
        const distance = x.reduce(
          (d, each, j) => d + HARTMANN_SCALES[i]![j]! * (each - HARTMANN_CENTRES[i]![j]!) ** 2,
          0,
        );
        return sum + weight * Math.exp(-distance);
      }, 0),
  },
  {
    name: "branin",
    space: { x0: float(-5, 10), x1: float(0, 15) },
    optimum: 0.39788735772973816,
    at: ([a, b]) => {
      const bend = b! - (5.1 / (4 * Math.PI ** 2)) * a! ** 2 + (5 / Math.PI) * a! - 6;
      return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a!) + 10;
    },
  },
  {
    name: "ackley5",
    space: box(5, -32.768, 32.768),
    optimum: 0,
    at: (x) => {
      const square = x.reduce((sum, each) => sum + each * each, 0) / x.length;
      const waves = x.reduce((sum, each) => sum + Math.cos(2 * Math.PI * each), 0) / x.length;
      return 20 + Math.E - 20 * Math.exp(-0.2 * Math.sqrt(square)) - Math.exp(waves);
    },
  },
];
