import { Type } from 'typebox';

import { fault, termOf } from './bind-expression.js';
import { checkMoments, momentIn } from './calendar.js';
import { type ColumnFact } from './facts.js';
import { countIn } from './measured-row.js';
import { NUMBERS } from './quantity.js';
import { type Ask, type Bound, type MeasuredRow } from './rule-kind.js';
import { absent, countWhen, FLOAT, INTEGER, type Term, typeOf } from './sql/term.js';

export const METRICS = [
  'rows',
  'null_count',
  'null_ratio',
  'distinct_count',
  'min',
  'max',
  'avg',
  'sum',
  'stddev',
  'age_hours',
] as const;
export type Metric = (typeof METRICS)[number];

/** Parameter of kinds that compare a figure of today with earlier ones. */
export const METRIC = Type.Enum([...METRICS], {
  default: 'rows',
  title: 'What is measured',
  'x-title-zh': '度量',
  description: 'All but the number of rows are of a column. age_hours: since the latest date or time, in hours.',
  'x-description-zh': '除 rows 外均针对字段；age_hours：最新时间距今的小时数。',
});

/** Asks for today's figure. Throws `InvalidInput` when the column does not fit. */
export function askFigure(metric: Metric, columns: readonly ColumnFact[]): Ask {
  const column = columns[0];
  if ((metric === 'rows') !== (column === undefined))
    throw fault(metric === 'rows' ? 'the number of rows is of no column' : `${metric} is of a column`, ['columns']);
  return { is: 'values', values: { rows: countWhen(), ...(column === undefined ? {} : figureOf(metric, column)) } };
}

function figureOf(metric: Metric, column: ColumnFact): Record<string, Term> {
  const of = termOf(column);
  switch (metric) {
    case 'rows':
      return {};
    case 'null_count':
    case 'null_ratio':
      return { v: countWhen(absent(of)) };
    case 'distinct_count':
      return { v: { is: 'aggregate', fn: 'count', distinct: true, of, type: INTEGER } };
    case 'age_hours':
      checkMoments(column, ['columns', '0']);
      return { v: { is: 'aggregate', fn: 'max', of, type: typeOf(of) } };
    case 'min':
    case 'max':
    case 'avg':
    case 'sum':
    case 'stddev':
      if (!NUMBERS.includes(column.typeFamily)) throw fault(`"${column.name}" holds no numbers`, ['columns', '0']);
      return { v: { is: 'aggregate', fn: metric, of, type: FLOAT } };
    default:
      return metric satisfies never;
  }
}

/** Today's figure; undefined when there is none. */
export function figureIn(
  row: MeasuredRow,
  metric: Metric,
  { columns, now }: Pick<Bound<unknown>, 'columns' | 'now'>,
): number | undefined {
  const rows = Number(countIn(row, 'rows'));
  if (metric === 'rows') return rows;
  const text = row['v'];
  if (text == null) return undefined;
  if (metric === 'null_ratio') return rows === 0 ? undefined : Number(text) / rows;
  if (metric !== 'age_hours') return Number(text);
  const latest = momentIn(text, columns[0]!, 'UTC');
  return latest === undefined ? undefined : (now.getTime() - latest) / 3_600_000;
}
