import { type QualityCase } from '../case.js';
import { NotMapped } from './mapped.js';
import { columnIn, type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';

const names = (said: string | readonly string[] | undefined, params: Params): string[] | undefined =>
  (typeof said === 'string' ? said.split(',') : said)?.map((name) =>
    columnIn(params.given.table, name.trim(), params.tool),
  );

const UPPER = /^\s*coalesce\s*\(\s*([^,]+?)\s*,.*\)\s*$/is;

function exclusiveRanges(params: Params): Own {
  const upper = params.take<string>('upper') ?? '';
  // A far day for an absent end says that the range is open.
  const [, open] = UPPER.exec(upper) ?? [];
  return {
    kind: 'exclusive_ranges',
    columns: [params.column('lower'), columnIn(params.given.table, open ?? upper, params.tool)],
    params: {
      partitionBy: names(params.take<string>('partitionBy'), params),
      gaps: params.take('gaps'),
      zeroLengthAllowed: params.take('zeroLengthAllowed'),
      absentUpper: open === undefined ? 'violation' : 'open',
    },
  };
}

function sequential(params: Params): Own {
  return {
    kind: 'sequential',
    columns: [params.column('column')],
    params: {
      step: params.take('interval'),
      unit: params.take('datepart'),
      groupBy: params.columns('groupBy'),
    },
  };
}

/** A free name for the order of rows. */
const ROW = '#row';

/** A table has no order of its own; where a tool goes by the order of its rows, that order is made a column. */
const numbered = ({ table }: QualityCase): QualityCase['table'] => ({
  columns: [...table.columns, { name: ROW, type: 'bigint' }],
  rows: table.rows.map((row, at) => [...row, at]),
});

function monotonic(params: Params): Own {
  const column = params.column('column');
  const orderBy = names(params.take<string>('orderBy'), params);
  const direction = params.take<string>('direction') ?? 'asc';
  if (!['asc', 'desc'].includes(direction)) throw new NotMapped(`not mapped: direction ${direction}`);
  const byRow = orderBy === undefined && params.tool.name === 'gx';
  return {
    kind: 'monotonic',
    columns: [column],
    params: {
      orderBy: orderBy ?? [byRow ? ROW : column],
      direction,
      strict: params.take('strict'),
      step: params.take('step'),
      groupBy: params.columns('groupBy'),
    },
    ...(byRow && { table: numbered(params.given) }),
  };
}

/** Rules about rows beside each other. */
export const ORDER: Mappings = {
  mutually_exclusive_ranges: mapping('rows', exclusiveRanges),
  sequential_values: mapping('rows', sequential),
  monotonic: mapping('rows', monotonic),
};
