/** ln Γ(x) for x > 0: Lanczos' approximation with g = 7 and nine terms (Numerical Recipes, 3rd ed., 6.1). */
export function lnGamma(x: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const t = x + 6.5;
  const sum = c.slice(1).reduce((all, each, at) => all + each / (x + at), c[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const TINY = 1e-300;
const NEAR = 1e-15;

/** P(a, x), the regularised lower incomplete gamma function: its series below a+1, its continued fraction above (NR 6.2). */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; n < 10_000 && Math.abs(term) > Math.abs(sum) * NEAR; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < NEAR) break;
  }
  return 1 - front * h;
}

/** I_x(a, b), the regularised incomplete beta function, by Lentz's continued fraction (NR 6.4). */
export function betaI(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaI(b, a, 1 - x);
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < NEAR) break;
  }
  return (front * h) / a;
}

const nonZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/** Distributions by the names and parameters that SciPy gives them: shapes first, then where it begins (or its mean) and its scale. */
export const DISTRIBUTIONS = ['norm', 'uniform', 'expon', 'gamma', 'beta', 'chi2'] as const;
export type DistributionName = (typeof DISTRIBUTIONS)[number];

export const SHAPES: Readonly<Record<DistributionName, number>> = {
  norm: 0,
  uniform: 0,
  expon: 0,
  gamma: 1,
  beta: 2,
  chi2: 1,
};

/** The distribution function: which share lies at or below x. */
export function cdfOf(name: DistributionName, params: readonly number[]): (x: number) => number {
  const shapes = params.slice(0, SHAPES[name]);
  const [loc = 0, scale = 1] = params.slice(SHAPES[name]);
  const [a = 1, b = 1] = shapes;
  const standard = (z: number): number => {
    switch (name) {
      case 'norm': {
        // Φ(z) = ½ (1 + sign(z) · P(½, z²/2)).
        const half = gammaP(0.5, (z * z) / 2) / 2;
        return z < 0 ? 0.5 - half : 0.5 + half;
      }
      case 'uniform':
        return Math.min(1, Math.max(0, z));
      case 'expon':
        return z <= 0 ? 0 : 1 - Math.exp(-z);
      case 'gamma':
        return gammaP(a, z);
      case 'chi2':
        return gammaP(a / 2, z / 2);
      case 'beta':
        return betaI(a, b, z);
      default:
        return name satisfies never;
    }
  };
  return (x) => standard((x - loc) / scale);
}

/** The value of χ² with so many degrees of freedom below which a share lies, by halving. */
export function chiSquareQuantile(share: number, degrees: number): number {
  const cdf = cdfOf('chi2', [degrees]);
  let [low, high] = [0, degrees + 10 * Math.sqrt(2 * degrees) + 10];
  for (let n = 0; n < 100; n++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
