import { chiSquareQuantile } from './distributions.js';

/** Counts as shares, none of them zero: a bin without rows gets half a row, since a logarithm of nothing is infinite. */
export function smoothedShares(counts: readonly number[]): number[] {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const filled = counts.map((count) => Math.max(count, 0.5));
  const all = filled.reduce((sum, count) => sum + count, 0);
  return n === 0 ? counts.map(() => 1 / counts.length) : filled.map((count) => count / all);
}

/** Population stability index Σ(p-q)·ln(p/q) (Siddiqi, Credit Risk Scorecards, 2006). By convention 0.1 is a change to look at, 0.25 a shift. */
export const psi = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, each, at) => sum + (each - q[at]!) * Math.log(each / q[at]!), 0);

/** Jensen-Shannon divergence in bits, from 0 (the same) to 1 (nothing in common): ½ KL(p‖m) + ½ KL(q‖m) with m = (p+q)/2 (Lin 1991). */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const half = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, each, at) => sum + (each === 0 ? 0 : each * Math.log2((2 * each) / (each + other[at]!))), 0) / 2;
  return half(p, q) + half(q, p);
}

/** The largest distance of two distribution functions, known at the edges of their bins. */
export function ksOfBins(p: readonly number[], q: readonly number[]): number {
  let [apart, most] = [0, 0];
  p.forEach((each, at) => {
    apart += each - q[at]!;
    most = Math.max(most, Math.abs(apart));
  });
  return most;
}

/** Beyond this PSI two samples of n and m rows in so many bins differ by more than chance, 19 times in 20: χ²(B-1, .95)·(1/n + 1/m) (Yurdakul 2018). */
export const psiByChance = (bins: number, n: number, m: number): number =>
  chiSquareQuantile(0.95, bins - 1) * (1 / n + 1 / m);

/** The largest distance of a sample's distribution function from another. `sample` is sorted values with how often each occurs. */
export function ksOfSample(
  sample: readonly (readonly [value: number, times: number])[],
  cdf: (x: number) => number,
): number {
  const n = sample.reduce((sum, [, times]) => sum + times, 0);
  let [below, most] = [0, 0];
  for (const [value, times] of sample) {
    const expected = cdf(value);
    most = Math.max(most, Math.abs(below / n - expected));
    below += times;
    most = Math.max(most, Math.abs(below / n - expected));
  }
  return most;
}

/**
 * How likely a distance of at least D is by chance: Kolmogorov's series 2Σ(-1)^(k-1)·exp(-2k²λ²) with λ = (√n + 0.12 + 0.11/√n)·D
 * (Stephens 1970), good from four values on. For two samples n is n₁n₂/(n₁+n₂).
 */
export function ksProbability(d: number, n: number): number {
  const root = Math.sqrt(n);
  const lambda = (root + 0.12 + 0.11 / root) * d;
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, 2 * sum));
}

/** A distribution function given by bins: straight between their edges. Weights beside the edges lie below the first and above the last. */
export function cdfOfBins(
  edges: readonly number[],
  weights: readonly number[],
  tails: readonly [number, number] = [0, 0],
): (x: number) => number {
  const all = weights.reduce((sum, weight) => sum + weight, tails[0] + tails[1]);
  return (x) => {
    if (x < edges[0]!) return 0;
    let below = tails[0];
    for (const [at, weight] of weights.entries()) {
      const [low, high] = [edges[at]!, edges[at + 1]!];
      if (x < high) return (below + weight * ((x - low) / (high - low))) / all;
      below += weight;
    }
    return x > edges.at(-1)! ? 1 : below / all;
  };
}
