import { type CaseCell, type CaseTable } from '../case.js';
import { type Row, type Tables } from './row-meanings.js';

type Params = Readonly<Record<string, unknown>>;

/** A value that a rule measures, to be compared with its bounds; undefined when there is none. */
export type ValueMeaning = (rows: readonly Row[], params: Params) => number | string | undefined;

/** Whether a whole table obeys. */
export type TableMeaning = (rows: readonly Row[], params: Params, others: Tables) => boolean;

export const rowsOf = ({ columns, rows }: CaseTable): Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));

const values = (rows: readonly Row[], name: unknown): Exclude<CaseCell, null>[] =>
  rows.flatMap((row) => row[name as string] ?? []);

const sorted = <T extends CaseCell>(list: readonly T[]): T[] =>
  [...list].sort((one, other) => (one === other ? 0 : (one as number) < (other as number) ? -1 : 1));

const sum = (list: readonly number[]): number => list.reduce((one, other) => one + other, 0);

function figure(fn: string, list: readonly Exclude<CaseCell, null>[]): number | string | undefined {
  if (list.length === 0) return undefined;
  const numbers = list.map(Number);
  const average = sum(numbers) / numbers.length;
  const middle = (list.length - 1) / 2;
  const inOrder = sorted(list);
  switch (fn) {
    case 'min':
      return inOrder[0] as number | string;
    case 'max':
      return inOrder.at(-1) as number | string;
    case 'sum':
      return sum(numbers);
    case 'avg':
      return average;
    case 'median':
      return (Number(inOrder[Math.floor(middle)]) + Number(inOrder[Math.ceil(middle)])) / 2;
    case 'stddev_samp':
      return Math.sqrt(sum(numbers.map((each) => (each - average) ** 2)) / (numbers.length - 1));
    default:
      return undefined;
  }
}

export const VALUE_MEANINGS: Readonly<Record<string, ValueMeaning>> = {
  aggregate_between: (rows, { column, fn }) => figure(fn as string, values(rows, column)),
  distinct_count_between: (rows, { column }) => new Set(values(rows, column)).size,
  distinct_ratio_between: (rows, { column }) => {
    const there = values(rows, column);
    return there.length === 0 ? 0 : new Set(there).size / there.length;
  },
  not_null_count_between: (rows, { column }) => values(rows, column).length,
  not_null_ratio_between: (rows, { column }) => values(rows, column).length / rows.length,
};

const keyOf = (row: Row, names: unknown): CaseCell[] => (names as string[]).map((name) => row[name] ?? null);
const listed = (rows: readonly Row[], names: unknown): string[] =>
  rows.map((row) => JSON.stringify(keyOf(row, names))).sort();

/** Names of the columns that two tables are compared by. */
function comparedBy(rows: readonly Row[], { compareColumns, excludeColumns }: Params): string[] {
  const left = (excludeColumns as string[] | undefined)?.map((name) => name.toLowerCase()) ?? [];
  return (
    (compareColumns as string[] | undefined) ??
    Object.keys(rows[0] ?? {}).filter((name) => !left.includes(name.toLowerCase()))
  );
}

export const TABLE_MEANINGS: Readonly<Record<string, TableMeaning>> = {
  primary_key: (rows, { columns }) =>
    rows.every((row) => !keyOf(row, columns).includes(null)) && new Set(listed(rows, columns)).size === rows.length,
  distinct_set: (rows, { column, relation, values: list }) => {
    const [here, there] = [new Set<CaseCell>(values(rows, column)), new Set(list as CaseCell[] | null)];
    const within = relation === 'superset' || [...here].every((each) => there.has(each));
    return within && (relation === 'subset' || [...there].every((each) => here.has(each)));
  },
  mode_in_set: (rows, { column, values: list, tiesOk }) => {
    const there = values(rows, column);
    const times = (value: CaseCell) => there.filter((each) => each === value).length;
    const most = Math.max(...there.map(times));
    const modes = [...new Set(there)].filter((each) => times(each) === most);
    const fits = modes.filter((each) => (list as CaseCell[]).includes(each));
    return tiesOk === true ? fits.length > 0 : fits.length === modes.length;
  },
  sequential_values: (rows, { column, interval, datepart, groupBy = [] }) => {
    const step = datepart === undefined ? Number(interval ?? 1) : Number(interval ?? 1) * 3_600_000;
    const number = (value: CaseCell) => (datepart === undefined ? Number(value) : Date.parse(`${String(value)}Z`));
    const groups = Object.values(Object.groupBy(rows, (row) => JSON.stringify(keyOf(row, groupBy))));
    return groups.every((group) => {
      const inOrder = values(group!, column)
        .map(number)
        .sort((one, other) => one - other);
      return inOrder.every((each, at) => at === 0 || each - inOrder[at - 1]! === step);
    });
  },
  mutually_exclusive_ranges: (rows, { lower, upper, partitionBy, gaps, zeroLengthAllowed }) => {
    const end = /^coalesce\(\s*(\w+)\s*,\s*'(.*)'\)$/.exec(upper as string);
    const ends = (row: Row): CaseCell => (end === null ? row[upper as string]! : (row[end[1]!] ?? end[2]!));
    const groups = Object.values(Object.groupBy(rows, (row) => String(row[(partitionBy as string) ?? ''])));
    return groups.every((group) => {
      const inOrder = [...group!].sort((one, other) => Number(one[lower as string]! > other[lower as string]!) * 2 - 1);
      return inOrder.every((row, at) => {
        const [from, to, next] = [row[lower as string]!, ends(row)!, inOrder[at + 1]?.[lower as string]];
        if (zeroLengthAllowed === true ? from > to : from >= to) return false;
        if (next === undefined) return true;
        return gaps === 'not_allowed' ? to === next : gaps === 'required' ? to < next! : to <= next!;
      });
    });
  },
  table_equality: (rows, params, others) => {
    const names = comparedBy(rows, params);
    const round = (row: Row): Row =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'number' && params['precision'] !== undefined
            ? value.toFixed(Number(params['precision']))
            : value,
        ]),
      );
    const [here, there] = [rows, others[params['other'] as string] ?? []].map((each) => listed(each.map(round), names));
    return JSON.stringify(here) === JSON.stringify(there);
  },
  cardinality_equality: (rows, { column, other, otherColumn }, others) =>
    JSON.stringify(listed(rows, [column])) ===
    JSON.stringify(
      (others[other as string] ?? []).map((row) => JSON.stringify(keyOf(row, [otherColumn ?? column]))).sort(),
    ),
};
