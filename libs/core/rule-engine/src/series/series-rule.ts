import { columnOf, fault } from '../bind-expression.js';
import { checkMoments, checkZone } from '../calendar.js';
import { type ColumnFact } from '../facts.js';
import { countIn } from '../measured-row.js';
import { type Ask, type Bound, type Compiled, type MeasuredRow } from '../rule-kind.js';
import { askSeries, type SeriesQuestion } from './ask-series.js';
import { checkSeriesConditions } from './judge-series.js';
import { type SeriesParams } from './series-params.js';
import { type Window, windowOf } from './window.js';

type Cut = Pick<SeriesParams, 'bucket' | 'training' | 'delay' | 'timeZone'>;

/** The periods of a rule at the time of its run. */
export const periodsAt = ({ now, params }: Pick<Bound<Cut>, 'now' | 'params'>): Window => windowOf(now, params);

/** Throws `InvalidInput` for what cannot be cut into periods, or judged. */
export function checkSeries(time: ColumnFact, path: readonly string[], params: SeriesParams): void {
  checkMoments(time, path);
  checkZone(params.timeZone);
  checkSeriesConditions(params);
  const { bucket, seasonality } = params;
  if (seasonality === 'none') return;
  const needed = seasonality.startsWith('hour') ? 'hour' : 'day';
  if (bucket.unit !== needed || bucket.count !== 1)
    throw fault(`${seasonality} compares single ${needed}s, and a period is ${bucket.count} ${bucket.unit}`, [
      'params',
      'seasonality',
    ]);
}

/** The column of a rule that names the time by a parameter. */
export const timeColumnOf = ({ target, params }: Bound<{ readonly timeColumn: string }>): ColumnFact =>
  columnOf(target, params.timeColumn, ['params', 'timeColumn']);

/** The one statement of a rule about periods; none when no period is whole yet. */
export function compiledSeries(
  bound: Pick<Bound<unknown>, 'target' | 'where'>,
  window: Window,
  question: Omit<SeriesQuestion, 'window'>,
): Compiled {
  const asks: Record<string, Ask> =
    window.periods === 0 ? {} : { periods: askSeries(bound.target, bound.where, { ...question, window }) };
  return { asks };
}

/** Rows of all periods. */
export const rowsIn = (periods: readonly MeasuredRow[]): bigint =>
  periods.reduce((sum, row) => sum + countIn(row, 'n'), 0n);
