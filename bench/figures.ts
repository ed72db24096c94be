/** The value below which a share of the measurements lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Milliseconds that something took, once for each run. */
export async function timed(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

/** Prints a line: what, figure, and what the issue or the floor says beside it. */
export function line(what: string, figure: string, beside = ''): void {
  console.log(`  ${what.padEnd(58)} ${figure.padStart(22)}  ${beside}`);
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const spread = (values: readonly number[]): string =>
  `p50 ${ms(quantile(values, 0.5))}, p95 ${ms(quantile(values, 0.95))}`;
