/** Mean and spread of values: what a z-score is made of. */
export interface Spread {
  readonly mean: number;
  /** The standard deviation of a sample. */
  readonly deviation: number;
}

/** Undefined for fewer than two values, which have no spread. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  // About the mean, and not by the sum of squares: of large numbers that differ little the latter has no digits left.
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const equal = values.every((value) => value === values[0]);
  return equal ? { mean: values[0]!, deviation: 0 } : { mean, deviation: Math.sqrt(squares / (n - 1)) };
}
