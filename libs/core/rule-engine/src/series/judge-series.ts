import { type Words } from '#core/connector-kit';

import { compiledTest, type Facts } from '../expression/evaluate.js';
import { type Counts } from '../rule-kind.js';
import { classOf, isUnusual, type Usual, usualFor } from '../statistics/usual.js';
import { spreadOf } from '../statistics/z-score.js';
import { type SeriesParams } from './series-params.js';
import { moved, timeText, type Window } from './window.js';

/** The figure of one period. Periods are told by their place in the window. */
export interface PeriodFigure {
  readonly period: number;
  readonly value: number;
}

/** Figures of one thing over time: of the table, of one metric, of one group. */
export type Series = readonly PeriodFigure[];

type Options = SeriesParams & { readonly failOnZero?: boolean };

interface Band extends Usual {
  /** Nothing ever moved, and the method has no measure for that. */
  readonly flat?: boolean;
}

interface Point extends PeriodFigure {
  /** When it begins, as text. */
  readonly at: string;
  readonly judged: boolean;
}

interface Judged {
  readonly point: Point;
  readonly band: Band;
  readonly unusual: boolean;
}

/** What conditions on a period can name. */
const OF_PERIOD = { date: 'time', begin: 'time', value: 'number' } as const;
const OF_JUDGED = { ...OF_PERIOD, usual: 'number', low: 'number', high: 'number' } as const;

/** Throws `InvalidInput` for conditions that cannot be asked of a period. */
export function checkSeriesConditions({ exclude, only }: Pick<SeriesParams, 'exclude' | 'only'>): void {
  if (exclude !== undefined) compiledTest(exclude, OF_PERIOD, ['params', 'exclude']);
  if (only !== undefined) compiledTest(only, OF_JUDGED, ['params', 'only']);
}

/** Judges the newest periods of each series. Those with a band are checked; unusual ones are violations. */
export function countsOfSeries(rows: bigint, all: readonly Series[], window: Window, options: Options): Counts {
  const newest = Math.max(...all.flatMap((series) => series.map(({ period }) => period)), -1);
  const judged = all.flatMap((series) => judgeSeries(series, newest, window, options));
  const unusual = judged.filter((each) => each.unusual);
  const shown = unusual.at(-1) ?? judged.at(-1);
  return {
    rows,
    checked: BigInt(judged.length),
    violations: BigInt(unusual.length),
    metrics: {
      periods: BigInt(new Set(all.flatMap((series) => series.map(({ period }) => period))).size),
      ...(all.length > 1 ? { series: BigInt(all.length) } : {}),
      ...(shown === undefined ? {} : shownOf(shown)),
    },
  };
}

const shownOf = ({ point, band }: Judged): Record<string, string> => ({
  period: point.at,
  value: String(point.value),
  usual: String(band.median),
  ...(band.flat === true ? {} : { low: String(band.low), high: String(band.high) }),
  trainedOn: String(band.trainedOn),
  trainedFrom: band.trainedFrom,
  trainedTo: band.trainedTo,
});

/** What was found: how many periods are unusual, and one of them. */
export function seriesFound({ checked, violations, metrics = {} }: Counts): Words {
  const { period, value, low, high, usual } = metrics as Readonly<Record<string, string | undefined>>;
  const band =
    low === undefined
      ? [`was always ${usual}`, `一直为 ${usual}`]
      : [`usual is ${low} to ${high}`, `正常区间为 ${low} 至 ${high}`];
  return {
    en: `${violations} of ${checked} periods judged are unusual; ${period} has ${value}, and ${band[0]}`,
    zh: `检测 ${checked} 个周期，${violations} 个异常；${period} 为 ${value}，${band[1]}`,
  };
}

function judgeSeries(series: Series, newest: number, window: Window, options: Options): Judged[] {
  const last = moved(window.begin, window.bucket, newest + 1);
  const since = moved(last, options.detection, -1);
  const excluded = options.exclude === undefined ? () => false : compiledTest(options.exclude, OF_PERIOD, []);
  const only = options.only === undefined ? () => true : compiledTest(options.only, OF_JUDGED, []);
  const points = series
    .map((figure): Point => {
      const at = timeText(moved(window.begin, window.bucket, figure.period));
      return { ...figure, at, judged: moved(window.begin, window.bucket, figure.period + 1) > since };
    })
    .filter((point) => !excluded(factsOf(point)))
    .sort((one, other) => one.period - other.period);
  return points.flatMap((point): Judged[] => {
    if (!point.judged) return [];
    const band = bandFor(point, learntFor(point, points, options), options);
    if (band === undefined) return [];
    const { median: usual, low, high } = band;
    const unusual = isBeyond(point.value, band, options) && only({ ...factsOf(point), usual, low, high });
    return [{ point, band, unusual }];
  });
}

const factsOf = ({ at, value }: Point): Facts => ({ date: at.slice(0, 10), begin: at, value });

const learntFor = ({ period }: Point, points: readonly Point[], { baseline }: Options): readonly Point[] =>
  points.filter((each) => {
    if (baseline === 'before_detection') return !each.judged;
    return baseline === 'before' ? each.period < period : each.period <= period;
  });

function bandFor({ at }: Point, before: readonly Point[], options: Options): Band | undefined {
  if (options.method === 'median') return usualFor(at, before, options);
  const same = before.filter((each) => classOf(each.at, options.seasonality) === classOf(at, options.seasonality));
  const spread = spreadOf(same.map(({ value }) => value));
  if (spread === undefined || same.length < options.minTraining) return undefined;
  const reach = options.sensitivity * spread.deviation;
  return {
    median: spread.mean,
    low: spread.mean - reach,
    high: spread.mean + reach,
    trainedOn: same.length,
    trainedFrom: same[0]!.at,
    trainedTo: same.at(-1)!.at,
    ...(spread.deviation === 0 && { flat: true }),
  };
}

function isBeyond(value: number, band: Band, options: Options): boolean {
  if (options.failOnZero === true && value === 0) return true;
  if (band.flat === true || (options.leastValue !== undefined && value < options.leastValue)) return false;
  return isUnusual(value, band, options);
}
