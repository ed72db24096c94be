import { type Costs, type Form, type Load } from './cost-model.js';
import { SCANS, type ScanLane } from './lanes.js';

/** What one statement of a run took. */
export interface Taken {
  readonly form: Form;
  readonly load: Load;
  /** Rows that it read. */
  readonly rows: number;
  readonly seconds: number;
}

/** How much the constants that were known weigh against one measurement. */
const TRUST = 0.05;

/**
 * Constants that fit what runs took, near those that were known: with one measurement they move a little, with many they are what was
 * measured. Least squares of relative errors, so that a second too much counts more where three were expected than where a hundred were.
 */
export function fitCosts(known: Costs, taken: readonly Taken[]): Costs {
  const start = vectorOf(known);
  const usable = taken.filter(({ rows, seconds }) => rows > 0 && seconds > 0);
  if (usable.length === 0) return known;
  const size = start.length;
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const right = new Array<number>(size).fill(0);
  for (const { form, load, rows, seconds } of usable) {
    const row = rowOf(form, load).map((count) => (count * rows) / (seconds * 1e6));
    row.forEach((a, i) => {
      right[i]! += a;
      row.forEach((b, j) => (matrix[i]![j]! += a * b));
    });
  }
  start.forEach((value, i) => {
    const weight = TRUST / Math.max(value, 0.001) ** 2;
    matrix[i]![i]! += weight;
    right[i]! += weight * value;
  });
  return { ...known, ...costsOf(solved(matrix, right).map((value) => Math.max(0, value))) };
}

const FORMS = ['together', 'apart'] as const;

const vectorOf = ({ read, columns, ...by }: Costs): number[] => [
  read,
  columns,
  ...FORMS.flatMap((form) => SCANS.map((lane) => by[form][lane])),
];

function costsOf([read, columns, ...rest]: readonly number[]): Costs {
  const of = (from: number) =>
    Object.fromEntries(SCANS.map((lane, at) => [lane, rest[from + at]!])) as Record<ScanLane, number>;
  return { read: read!, columns: columns!, together: of(0), apart: of(SCANS.length) };
}

/** How often each constant counts in a statement's time for one row. */
function rowOf(form: Form, load: Load): number[] {
  const questions = SCANS.reduce((sum, lane) => sum + (load[lane] ?? 0), 0);
  const ofColumns = questions - (load.count ?? 0);
  const readings = form === 'together' ? [1, ofColumns > 0 ? 1 : 0] : [questions, ofColumns];
  return [...readings, ...FORMS.flatMap((each) => SCANS.map((lane) => (each === form ? (load[lane] ?? 0) : 0)))];
}

/** Gaussian elimination. The matrix is positive definite, for every constant that was known adds to its diagonal. */
function solved(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let at = 0; at < rows.length; at++)
    for (let below = at + 1; below < rows.length; below++) {
      const factor = rows[below]![at]! / rows[at]![at]!;
      for (let column = at; column <= rows.length; column++) rows[below]![column]! -= factor * rows[at]![column]!;
    }
  const found = new Array<number>(rows.length).fill(0);
  for (let at = rows.length - 1; at >= 0; at--) {
    const known = found.reduce((sum, value, column) => sum + (column > at ? value * rows[at]![column]! : 0), 0);
    found[at] = (rows[at]![rows.length]! - known) / rows[at]![at]!;
  }
  return found;
}
