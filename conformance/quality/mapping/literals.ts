import { type CaseType } from '../case.js';
import { momentFor } from './moments.js';
import { Refused } from './mapped.js';
import { type Params } from './params.js';

export type Value = string | number | boolean | null;

const NUMERAL = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * A value of another tool as our rules write it for a column: a date where there is a time means the beginning of that day, and a
 * time zone is left out where the column has none. Undefined for a value that no value of the column can equal.
 */
export function literalFor(value: Value, type: CaseType | undefined, params: Params): Value | undefined {
  if (value === null) return null;
  switch (type) {
    case 'string':
      // dbt writes all values in quotes.
      return typeof value === 'string' ? value : params.tool.name === 'gx' ? undefined : String(value);
    case 'int':
    case 'bigint':
    case 'double':
    case 'decimal':
      return typeof value === 'number' || (typeof value === 'string' && NUMERAL.test(value)) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : TRUTH[String(value).toLowerCase()];
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return typeof value === 'string' ? momentFor(value, type) : undefined;
    case undefined:
      return value;
    default:
      return type satisfies never;
  }
}

const TRUTH: Readonly<Record<string, boolean>> = { 1: true, 0: false, true: true, false: false };

/** The type of a column in the case's table. */
export const typeOf = ({ given }: Params, column: string | undefined): CaseType | undefined =>
  given.table.columns.find(({ name }) => name === column)?.type;

/**
 * The case's table with another type for a column without any value: a file of which only NULLs were read calls it a text, whatever
 * the tool's own column was. Undefined when the column has values, or a type that says something.
 */
export function retyped({ given: { table } }: Params, column: string | undefined, type: CaseType | undefined) {
  const at = table.columns.findIndex(({ name }) => name === column);
  const says = table.columns[at]?.type !== 'string' || table.rows.some((row) => row[at] != null);
  if (type === undefined || type === 'string' || says) return undefined;
  return { ...table, columns: table.columns.map((each, index) => (index === at ? { ...each, type } : each)) };
}

/** A bound, for comparing a column with it. One that is no value of the column's type stays, and is refused. */
export function boundFor(params: Params, name: string, column: string | undefined): Value | undefined {
  const bound = params.take<unknown>(name);
  if (bound === undefined || bound === null) return undefined;
  if (typeof bound === 'object') throw new Refused(`the parameter ${JSON.stringify(bound)} has no value`);
  return literalFor(bound as Value, typeOf(params, column), params) ?? (bound as Value);
}

/** A list, without NULL and other values that no value of the column can equal. */
export const listFor = (params: Params, column: string | undefined): Value[] | undefined =>
  params.take<Value[] | null>('values')?.flatMap((value) => {
    const read = literalFor(value, typeOf(params, column), params);
    return read === undefined || read === null ? [] : [read];
  });

/** A name in the text form of our conditions. */
export const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A literal in the text form of our conditions. */
export const written = (value: Value): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
