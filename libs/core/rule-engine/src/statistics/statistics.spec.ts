import { cdfOfBins, jensenShannon, ksOfBins, ksOfSample, ksProbability, psi, smoothedShares } from './distances.js';
import { cdfOf, chiSquareQuantile, lnGamma } from './distributions.js';
import { classOf, isUnusual, median, rateOfChange, usualFor, type UsualOptions } from './usual.js';

describe('distributions', () => {
  it.each([
    ['norm', [0, 1], 1.96, 0.9750021],
    ['norm', [10, 2], 8, 0.1586553],
    ['uniform', [2, 4], 3, 0.25],
    ['expon', [0, 2], 2, 0.6321206], // 1 - 1/e
    ['gamma', [2], 1, 0.2642411], // 1 - 2/e
    ['beta', [2, 2], 0.25, 0.15625], // 3x² - 2x³
    ['beta', [1, 1], 0.9, 0.9],
    ['chi2', [2], 2, 0.6321206],
  ] as const)('%s %j at %d', (name, params, x, share) => {
    expect(cdfOf(name, params)(x)).toBeCloseTo(share, 6);
  });

  it('knows Γ and the quantiles of χ² from tables', () => {
    expect(Math.exp(lnGamma(5))).toBeCloseTo(24, 9);
    expect(Math.exp(lnGamma(0.5)) ** 2).toBeCloseTo(Math.PI, 9);
    expect(chiSquareQuantile(0.95, 10)).toBeCloseTo(18.307, 3);
  });
});

describe('distances', () => {
  it('PSI of (½, ½) and (¼, ¾)', () => {
    expect(psi([0.5, 0.5], [0.25, 0.75])).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(1.5), 12);
    expect(psi([0.5, 0.5], [0.5, 0.5])).toBe(0);
  });

  it('Jensen-Shannon is 0 for the same, 1 for nothing in common', () => {
    expect(jensenShannon([0.5, 0.5], [0.5, 0.5])).toBe(0);
    expect(jensenShannon([1, 0], [0, 1])).toBe(1);
  });

  it('gives an empty bin half a row', () => {
    expect(smoothedShares([3, 0])).toEqual([3 / 3.5, 0.5 / 3.5]);
  });

  it('KS of bins and of a sample', () => {
    expect(ksOfBins([0.5, 0.25, 0.25], [0.25, 0.25, 0.5])).toBeCloseTo(0.25, 12);
    // 0.1 and 0.2 of a uniform distribution: all of the sample lies at or below 0.2.
    expect(ksOfSample([[0.1, 1], [0.2, 1]], cdfOf('uniform', []))).toBeCloseTo(0.8, 12); // prettier-ignore
  });

  it('KS by chance, from the table of critical values', () => {
    // Smirnov's table for 100 values has 0.13403 at five in a hundred.
    expect(ksProbability(0.13403, 100)).toBeCloseTo(0.05, 3);
    expect(ksProbability(0, 100)).toBe(1);
    expect(ksProbability(1, 100)).toBeLessThan(1e-12);
  });

  it('bins as a distribution function', () => {
    const cdf = cdfOfBins([0, 1, 3], [1, 1], [0, 2]);
    expect([-1, 0, 0.5, 1, 2, 3, 4].map(cdf)).toEqual([0, 0, 0.125, 0.25, 0.375, 0.5, 1]);
  });
});

describe('what is usual', () => {
  const options: UsualOptions = { sensitivity: 3, minTraining: 5, seasonality: 'none', direction: 'both' };
  const days = (values: readonly number[]) =>
    values.map((value, at) => ({ at: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(), value }));

  it('is the median and so many median deviations', () => {
    expect(median([3, 1, 2, 10])).toBe(2.5);
    // The median is 10, deviations are 1, 1, 0, 1, 1.
    expect(usualFor('2026-02-01', days([9, 11, 10, 9, 11]), options)).toMatchObject({
      median: 10,
      high: 10 + 3 * 1.4826,
      trainedOn: 5,
    });
  });

  it('does not let one bad day hide the next', () => {
    const usual = usualFor('2026-02-01', days([100, 101, 99, 100, 1000, 100]), options)!;
    expect(isUnusual(1000, usual, options)).toBe(true);
    expect(isUnusual(102, usual, options)).toBe(false);
    expect(isUnusual(1000, usual, { ...options, direction: 'drop' })).toBe(false);
    expect(isUnusual(110, usual, { ...options, ignoreSpikePercent: 20 })).toBe(false);
  });

  it('compares Sundays with Sundays', () => {
    // 2026-01-04 is a Sunday; on Sundays there are ten rows, on other days a hundred.
    const weeks = days(Array.from({ length: 28 }, (_, at) => (at % 7 === 3 ? 10 : 100)));
    const weekly: UsualOptions = { ...options, seasonality: 'day_of_week' };
    expect(isUnusual(10, usualFor('2026-02-01', weeks, weekly)!, weekly)).toBe(false);
    expect(isUnusual(10, usualFor('2026-02-02', weeks, weekly)!, weekly)).toBe(true);
  });

  it('says nothing with too little to learn from', () => {
    expect(usualFor('2026-02-01', days([1, 2, 3, 4]), options)).toBeUndefined();
  });

  it('changes, as ratio and as difference', () => {
    expect(rateOfChange([1, 2, 4], 1, true)).toBe(2);
    expect(rateOfChange([1, 2, 4], 2, true)).toBe(4);
    expect(rateOfChange([1, 2, 4], 2, false)).toBe(1); // 4 - 2·2 + 1
    expect(rateOfChange([1], 1, true)).toBeUndefined();
  });
});

// National Day 2024: 1 to 7 October off, Sunday 29 September and Saturday 12 October worked.
it.each([
  ['a Sunday that is worked', 'working_day', '2024-09-29', 1],
  ['an ordinary Sunday', 'working_day', '2024-09-22', 0],
  ['a Tuesday of a holiday', 'working_day', '2024-10-01', 0],
  ['the last working day before a holiday', 'working_month_end', '2024-09-30', 1],
  ['the first working day after it', 'working_month_end', '2024-10-08', 2],
  ['a working day within a month', 'working_month_end', '2024-10-12', 0],
  ['a calendar month’s first day that nobody works on', 'working_month_end', '2024-10-01', 3],
] as const)('%s is of its class', (_, seasonality, day, expected) => {
  expect(classOf(day, seasonality)).toBe(expected);
});
