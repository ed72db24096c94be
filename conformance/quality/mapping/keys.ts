import { type Params } from './params.js';
import { columnIn } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';
import { treatAsNull } from './values.js';

/** What counts as a violation: all rows of a double, the doubled values, or the rows too many. */
const COUNTED = { gx: 'duplicated_rows', dbt: 'groups', soda: 'extra_rows', deequ: 'duplicated_rows' } as const;

function unique(params: Params): Own {
  const columns = params.columns('columns') ?? [params.column('column')!];
  const { name } = params.tool;
  // Soda counts every combination, and divides by the rows that have a value.
  const usual = name === 'soda' && columns.length > 1 ? 'never_ignore' : 'ignore_if_all_null';
  return {
    kind: 'unique',
    columns,
    params: {
      nulls: params.take('nullPolicy') ?? usual,
      counted: COUNTED[name],
      treatAsNull: treatAsNull(params, columns[0]),
    },
    ...(name === 'soda' && { more: { denominator: 'checked' } }),
  };
}

function foreignKey(params: Params): Own {
  const { given, tool } = params;
  const columns = params.columns('columns') ?? [params.column('column')!];
  const other =
    params.take<string>('other') ?? params.take<string>('refTable') ?? Object.keys(given.otherTables ?? {})[0];
  params.ignore('refTable');
  const there = given.otherTables?.[other ?? ''];
  const named = params.take<string[]>('refColumns') ?? [params.take<string>('refColumn')!];
  return {
    kind: 'foreign_key',
    columns,
    params: { refColumns: there === undefined ? named : named.map((name) => columnIn(there, name, tool)) },
    ...(other !== undefined && { other }),
    // A row without a key has no partner, which only Deequ holds against it.
    ...(tool.name === 'deequ' && { more: { nullPolicy: 'fail' } }),
  };
}

/** Deequ's own primary key need only be unique; that of its rule language is complete as well. */
const primaryKey = (params: Params): Own => {
  const columns = params.columns('columns') ?? [];
  return params.tool.name === 'deequ' && !params.given.suite.includes('dqdl')
    ? { kind: 'unique', columns }
    : { kind: 'primary_key', columns };
};

/** Rules about keys. */
export const KEYS: Mappings = {
  unique: mapping('rows', unique),
  primary_key: mapping('rows', primaryKey),
  foreign_key: mapping('rows', foreignKey),
};
