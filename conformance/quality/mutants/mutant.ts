import { type CaseCell, type CaseTable, type CaseType, type QualityCase } from '../case.js';
import { type Assertion, conditionIn } from '../mapping/thresholds.js';
import { keeps } from '../mapping/bounds.js';
import { toolOf } from '../mapping/tools.js';
import { type Row, ROW_MEANINGS } from './row-meanings.js';
import { rowsOf, TABLE_MEANINGS, VALUE_MEANINGS } from './table-meanings.js';

/** The case with one cell changed, so that its rule is broken. */
export interface Mutant {
  readonly given: QualityCase;
  /** Which cell, and what is there now. */
  readonly change: string;
}

/**
 * Makes a mutant of a passing case: the first change of one cell after which the rule, by its meaning as it is written down here once
 * more, does not hold. Undefined when no change breaks it, or when nothing is written down: rules about columns and numbers of rows, SQL,
 * filters and statistics.
 */
export function mutantOf(given: QualityCase): Mutant | undefined {
  if (holds(given, given.table) !== true) return undefined;
  const { columns, rows } = given.table;
  const named = new Set(namesIn(given.params));
  for (const [at, { name, type }] of columns.entries()) {
    if (!named.has(name) && given.rule !== 'table_equality') continue;
    for (const [index, row] of rows.entries())
      for (const cell of candidates(
        row[at] ?? null,
        type,
        rows.map((each) => each[at] ?? null),
        given.params,
      )) {
        const table = changed(given.table, index, at, cell);
        if (holds(given, table) !== false) continue;
        const { observed: _, unexpectedCount: __, ...expect } = given.expect;
        const change = `row ${index + 1}, ${name}: ${JSON.stringify(row[at])} is now ${JSON.stringify(cell)}`;
        return { change, given: { ...given, table, expect: { ...expect, success: false } } };
      }
  }
  return undefined;
}

const changed = ({ columns, rows }: CaseTable, row: number, column: number, cell: CaseCell): CaseTable => ({
  columns,
  rows: rows.map((each, at) => (at === row ? each.map((old, index) => (index === column ? cell : old)) : each)),
});

/** All texts among the parameters: the columns that the rule looks at are among them. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...(value.match(/\w+/g) ?? [])];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

/** What a cell may be changed to: something near, something far, nothing, what other rows have, what the rule names. */
function candidates(
  old: CaseCell,
  type: CaseType,
  others: readonly CaseCell[],
  { values }: Readonly<Record<string, unknown>>,
): CaseCell[] {
  const named = Array.isArray(values) ? (values.flat() as CaseCell[]) : [];
  const fits = (cell: CaseCell) => cell === null || typeof cell === typeof (usual(type)[0] ?? cell);
  const near =
    typeof old === 'number' ? [old + 1, old - 1] : typeof old === 'string' && type === 'string' ? [`${old}~`] : [];
  return [...near, ...usual(type), ...others, ...named, null].filter((cell) => cell !== old && fits(cell));
}

function usual(type: CaseType): CaseCell[] {
  switch (type) {
    case 'string':
      return ['~', '', 'xx', 'a very long text'];
    case 'int':
    case 'bigint':
    case 'double':
    case 'decimal':
      return [1_000_003, -1_000_003, 0];
    case 'boolean':
      return [true, false];
    case 'date':
      return ['1901-01-01', '2901-01-01'];
    case 'timestamp':
    case 'timestamptz':
      return ['1901-01-01T00:00:00', '2901-01-01T00:00:00'].map((each) => each + (type === 'timestamptz' ? 'Z' : ''));
    default:
      return type satisfies never;
  }
}

/** Whether a case's rule holds of a table, by what it means; undefined when that is not written down. */
function holds({ rule, params, otherTables = {}, suite }: QualityCase, table: CaseTable): boolean | undefined {
  const passes = filterOf(params['where']);
  if (passes === undefined) return undefined;
  const rows = rowsOf(table).filter(passes);
  const others = Object.fromEntries(Object.entries(otherTables).map(([name, each]) => [name, rowsOf(each)]));
  const assertion = { ...(params['threshold'] as object), ...(params['assert'] as object) };
  if (rule === 'unique' || Object.hasOwn(ROW_MEANINGS, rule)) {
    const obeyed =
      rule === 'unique' ? uniqueRows(rows, params) : rows.map((row) => ROW_MEANINGS[rule]!(row, params, others));
    return enough(obeyed, params['mostly'] as number | undefined, assertion, toolOf(suite).threshold === 'violations');
  }
  if (Object.hasOwn(VALUE_MEANINGS, rule)) {
    if (params['groupBy'] !== undefined) return undefined;
    const value = VALUE_MEANINGS[rule]!(rows, params);
    return value === undefined ? undefined : keepsBounds(value, params, assertion);
  }
  if (!Object.hasOwn(TABLE_MEANINGS, rule) || Object.keys(assertion).some((name) => name !== 'gte' && name !== 'eq'))
    return undefined;
  if (Object.values(assertion).some((bound) => bound !== 1)) return undefined;
  return TABLE_MEANINGS[rule]!(rows, params, others);
}

const COMPARISON = /^\s*(?:col\("(\w+)"\)|(\w+))\s*(==?|<>|<|>)\s*(?:"(.*)"|'(.*)'|(-?[\d.]+))\s*$/;

/** The filter, when it compares one column with a value; undefined for any other. */
function filterOf(where: unknown): ((row: Row) => boolean) | undefined {
  if (where === undefined) return () => true;
  const [, inCall, bare, sign, double, single, number] = COMPARISON.exec(String(where)) ?? [];
  if (sign === undefined) return undefined;
  const bound = double ?? single ?? Number(number);
  return (row) => {
    const cell = row[(inCall ?? bare)!];
    if (cell == null) return false;
    return sign === '<' ? cell < bound : sign === '>' ? cell > bound : (cell === bound) === (sign !== '<>');
  };
}

/** Each row whose values occur in another one breaks it. */
function uniqueRows(rows: ReturnType<typeof rowsOf>, params: QualityCase['params']): (boolean | undefined)[] {
  const keys = rows.map((row) => (params['columns'] as string[]).map((name) => row[name] ?? null));
  const written = keys.map((key) => JSON.stringify(key));
  const ignored = params['nullPolicy'] !== 'never_ignore';
  return keys.map((key, at) =>
    ignored && key.every((each) => each === null)
      ? undefined
      : written.filter((each) => each === written[at]).length === 1,
  );
}

/** Bounds that are dates are compared as texts. */
function keepsBounds(value: number | string, params: QualityCase['params'], assertion: Assertion): boolean {
  if (typeof value === 'number') return keeps(value, params, assertion);
  const { min, max, strictMin, strictMax } = params as { min?: string; max?: string } & Record<string, unknown>;
  const above = min === undefined || (strictMin === true ? value > min : value >= min);
  return above && (max === undefined || (strictMax === true ? value < max : value <= max));
}

/** Whether enough of the rows that were looked at obey. */
function enough(
  obeyed: readonly (boolean | undefined)[],
  mostly: number | undefined,
  assertion: Assertion,
  ofViolations: boolean,
): boolean | undefined {
  const looked = obeyed.filter((each) => each !== undefined);
  const broken = looked.filter((each) => !each).length;
  if (mostly !== undefined) return looked.length === 0 || (looked.length - broken) / looked.length >= mostly;
  if (conditionIn(assertion) === undefined) return broken === 0;
  if (assertion['metric'] !== undefined) return undefined;
  return keeps(ofViolations ? broken : 1 - broken / obeyed.length, {}, assertion);
}
