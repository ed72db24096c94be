import { type Numeral } from '../args.js';
import { type Conversion, NotUnderstood, type RuleText } from '../imported.js';
import { boundsFor, brokenWhen, type Levels, measured, type Requirement } from '../requirement.js';
import { type Filters, whereOf } from './common.js';

/** Figures of a column, by Soda's names of either generation. */
const FIGURES: Readonly<Record<string, string>> = {
  avg: 'avg',
  sum: 'sum',
  min: 'min',
  max: 'max',
  min_length: 'min_length',
  max_length: 'max_length',
  avg_length: 'avg_length',
  minlength: 'min_length',
  maxlength: 'max_length',
  avglength: 'avg_length',
  stddev: 'stddev',
  stddev_samp: 'stddev',
  stddev_pop: 'stddev_pop',
  variance: 'variance',
  var_samp: 'variance',
  var_pop: 'variance_pop',
};

const SAMPLE = ['on MySQL and MariaDB the same name is the figure of a whole population; here it is that of a sample'];

export const isFigure = (name: string): boolean => FIGURES[name.toLowerCase()] !== undefined;

/** A figure of a column between bounds. Without values Soda does not evaluate it, nor do we. */
export function figure(name: string, column: string, levels: Levels, filters: Filters): Conversion {
  const { params, threshold } = measured(levels);
  return {
    rule: {
      kind: 'aggregate',
      columns: [column],
      params: { fn: FIGURES[name.toLowerCase()], ...params },
      ...(threshold && { threshold }),
      ...whereOf(filters),
    },
    ...(/^(stddev|variance)$/.test(name) && { notes: SAMPLE }),
  };
}

/** `percentile(column, 0.95)`: a value that occurs, as PERCENTILE_DISC gives it. */
export function percentile(column: string, q: string, { fail, warn }: Levels, filters: Filters): Conversion {
  const bounds = fail === undefined || warn !== undefined ? undefined : boundsFor(fail);
  if (bounds === undefined || 'strictMin' in bounds || 'strictMax' in bounds)
    throw new NotUnderstood('a quantile has bounds that belong to it: write >=, <= or between, without a warning');
  return {
    rule: {
      kind: 'quantiles',
      columns: [column],
      params: { method: 'nearest_rank', quantiles: [{ q: Number(q), ...bounds }] },
      ...whereOf(filters),
    },
  };
}

export function rowCount(levels: Levels, filters: Filters): Conversion {
  const { params, threshold } = measured(levels);
  return { rule: { kind: 'row_count', params, ...(threshold && { threshold }), ...whereOf(filters) } };
}

/** No row at all is a failure to Soda. A date is as old as its morning here. */
export function freshness(
  column: string,
  unit: 'second' | 'minute' | 'hour' | 'day',
  { fail, warn }: Levels,
  filters: Filters,
): Conversion {
  const plain = warn === undefined ? fail : undefined;
  const simple = plain !== undefined && (plain.is === 'lt' || plain.is === 'lte') ? plain : undefined;
  const common: Partial<RuleText> = { columns: [column], onEmpty: 'fail', ...whereOf(filters) };
  if (simple !== undefined)
    return {
      rule: {
        kind: 'freshness',
        params: { maxAge: simple.than, unit, ...(simple.is === 'lt' && { strictMax: true }) },
        ...common,
      },
    };
  const threshold = {
    metric: 'value',
    ...(fail && { fail: brokenWhen(fail) }),
    ...(warn && { warn: brokenWhen(warn) }),
  };
  return { rule: { kind: 'freshness', params: { unit }, ...common, threshold } };
}

/** The largest unit in which all of these seconds are whole. */
export function unitFor(levels: Levels): 'second' | 'minute' | 'hour' | 'day' {
  const seconds = [levels.fail, levels.warn].flatMap((each) => (each === undefined ? [] : numbers(each)));
  const fits = (size: number) => seconds.every((each) => Number(each) % size === 0);
  return fits(86_400) ? 'day' : fits(3_600) ? 'hour' : fits(60) ? 'minute' : 'second';
}

export const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;

const numbers = (required: Requirement): Numeral[] =>
  'than' in required ? [required.than] : [required.min, required.max];
