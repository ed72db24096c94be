import { type CaseCell } from '../case.js';

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, CaseCell>>;
type Params = Readonly<Record<string, unknown>>;

/** The case's other tables, by name. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** Whether a row obeys; undefined when the rule does not look at it. */
export type RowMeaning = (row: Row, params: Params, others: Tables) => boolean | undefined;

/** The rule looks at rows with a value in its column. */
const present =
  (obeys: (value: Exclude<CaseCell, null>, params: Params) => boolean): RowMeaning =>
  (row, params) => {
    const value = row[params['column'] as string];
    return value == null ? undefined : obeys(value, params);
  };

type Ordered = string | number;
const compare = (one: CaseCell, other: CaseCell): number =>
  one === other ? 0 : (one as Ordered) < (other as Ordered) ? -1 : 1;

function within(value: CaseCell | number, { min, max, strictMin, strictMax }: Params): boolean {
  const low = min == null ? 1 : compare(value, min as CaseCell);
  const high = max == null ? -1 : compare(value, max as CaseCell);
  return (strictMin === true ? low > 0 : low >= 0) && (strictMax === true ? high < 0 : high <= 0);
}

const list = (params: Params, name: string): readonly CaseCell[] => (params[name] as CaseCell[] | undefined) ?? [];

function matching(found: (text: string, pattern: string) => boolean): RowMeaning {
  return present((value, params) => {
    const found_ = list(params, 'patterns').map((pattern) => found(String(value), String(pattern)));
    switch (params['match']) {
      case 'any':
        return found_.includes(true);
      case 'none':
        return !found_.includes(true);
      case 'not_any_single':
        return found_.includes(false);
      default:
        return !found_.includes(false);
    }
  });
}

const likePattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('%', '[^]*')
      .replaceAll('_', '[^]')}$`,
    'u',
  );

const valuesOf = (row: Row, params: Params): CaseCell[] =>
  list(params, 'columns').map((name) => row[String(name)] ?? null);

/** Rows of several columns, of which those are left out that the rule ignores. */
const together =
  (obeys: (values: readonly CaseCell[], params: Params) => boolean): RowMeaning =>
  (row, params) => {
    const values = valuesOf(row, params);
    const policy = params['nullPolicy'] ?? 'ignore_if_all_null';
    if (policy === 'ignore_if_any_null' && values.includes(null)) return undefined;
    if (policy === 'ignore_if_all_null' && values.every((each) => each === null)) return undefined;
    return obeys(values, params);
  };

const SIGNS: Readonly<Record<string, (difference: number) => boolean>> = {
  '=': (difference) => difference === 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
};

/** What rules about single rows mean, written again in a few lines, to know a mutant without asking the engine under test. */
export const ROW_MEANINGS: Readonly<Record<string, RowMeaning>> = {
  not_null: (row, { column }) => row[column as string] != null,
  is_null: (row, { column }) => row[column as string] == null,
  in_set: present((value, params) => list(params, 'values').includes(value)),
  not_in_set: present((value, params) => !list(params, 'values').includes(value)),
  between: present((value, params) => within(value, params)),
  length_between: present((value, params) => within([...String(value)].length, params)),
  like: matching((text, pattern) => likePattern(pattern).test(text)),
  regex: matching((text, pattern) => new RegExp(pattern, 'u').test(text)),
  json_valid: present((value) => {
    try {
      JSON.parse(String(value));
      return true;
    } catch {
      return false;
    }
  }),
  all_not_null: (row, params) => !valuesOf(row, params).includes(null),
  any_not_null: (row, params) => valuesOf(row, params).some((each) => each !== null),
  compare_columns: (row, { left, right, op, nullPolicy = 'ignore_if_all_null' }) =>
    together(
      ([one = null, other = null]) => one !== null && other !== null && SIGNS[op as string]!(compare(one, other)),
    )(row, { columns: [left, right], nullPolicy }, {}),
  distinct_within_row: together((values) => {
    const there = values.filter((each) => each !== null);
    return new Set(there).size === there.length;
  }),
  pair_in_set: together((values, params) =>
    (params['values'] as CaseCell[][]).some((known) => known.every((each, at) => each === values[at])),
  ),
  row_sum_equals: together(
    (values, { total }) =>
      !values.includes(null) && values.reduce<number>((sum, each) => sum + Number(each), 0) === total,
  ),
  foreign_key: (row, { column, columns, refColumn, refColumns, other, refTable }, others) => {
    const key = keyOf(row, columns ?? [column]);
    // Given as lists it is Deequ's, to which a row without a key has no partner.
    if (key.includes(null)) return columns === undefined ? undefined : false;
    const there = others[(other ?? refTable) as string] ?? [];
    return there.some((each) => JSON.stringify(keyOf(each, refColumns ?? [refColumn])) === JSON.stringify(key));
  },
};

const keyOf = (row: Row, names: unknown): CaseCell[] =>
  (names as string[]).map((name) => row[name.replace(/^`(.*)`$/, '$1')] ?? null);
