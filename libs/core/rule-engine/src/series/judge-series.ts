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
export interface Series {
  readonly figures: readonly PeriodFigure[];
  /** The group's values, as people read them. */
  readonly group?: string;
}

type Options = SeriesParams & { readonly failOnZero?: boolean };

interface Band extends Usual {
  /** Nothing ever moved, and the method has no measure for that. */
  readonly flat?: boolean;
}

interface Point extends PeriodFigure {
  /** When it begins, as text. */
  readonly at: string;
  readonly group: string;
}

interface Judged {
  readonly point: Point;
  readonly band: Band;
  readonly unusual: boolean;
}

/** What conditions on a period can name. */
const OF_PERIOD = { date: 'time', begin: 'time', value: 'number' } as const;
const OF_JUDGED = { ...OF_PERIOD, usual: 'number', low: 'number', high: 'number', group: 'text' } as const;

/** Throws `InvalidInput` for conditions that cannot be asked of a period. */
export function checkSeriesConditions({ exclude, only }: Pick<SeriesParams, 'exclude' | 'only'>): void {
  if (exclude !== undefined) compiledTest(exclude, OF_PERIOD, ['params', 'exclude']);
  if (only !== undefined) compiledTest(only, OF_JUDGED, ['params', 'only']);
}

/** Judges the newest periods of each series. Those with a band are checked; unusual ones are violations. */
export function countsOfSeries(rows: bigint, all: readonly Series[], window: Window, options: Options): Counts {
  const excluded = options.exclude === undefined ? () => false : compiledTest(options.exclude, OF_PERIOD, []);
  const kept = all.map((series) => pointsOf(series, window).filter((point) => !excluded(factsOf(point))));
  const newest = kept.reduce((last, points) => Math.max(last, points.at(-1)?.period ?? -1), -1);
  const since = moved(moved(window.begin, window.bucket, newest + 1), options.detection, -1);
  const judged = kept.flatMap((points) => judgePoints(points, since, window, options));
  const unusual = judged.filter((each) => each.unusual);
  const shown = unusual.at(-1) ?? judged.at(-1);
  return {
    rows,
    checked: BigInt(judged.length),
    violations: BigInt(unusual.length),
    metrics: {
      periods: BigInt(new Set(all.flatMap(({ figures }) => figures.map(({ period }) => period))).size),
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

const pointsOf = ({ figures, group = '' }: Series, { begin, bucket }: Window): Point[] =>
  figures
    .map((figure): Point => ({ ...figure, group, at: timeText(moved(begin, bucket, figure.period)) }))
    .sort((one, other) => one.period - other.period);

/** Judges the periods that end after a time. */
function judgePoints(points: readonly Point[], since: number, { begin, bucket }: Window, options: Options): Judged[] {
  const only = options.only === undefined ? () => true : compiledTest(options.only, OF_JUDGED, []);
  const isJudged = ({ period }: Point) => moved(begin, bucket, period + 1) > since;
  return points.filter(isJudged).flatMap((point): Judged[] => {
    const learnt = points.filter((each) => {
      if (options.baseline === 'before_detection') return !isJudged(each);
      return options.baseline === 'before' ? each.period < point.period : each.period <= point.period;
    });
    const band = bandFor(point, learnt, options);
    if (band === undefined) return [];
    const { median: usual, low, high } = band;
    const unusual =
      isBeyond(point.value, band, options) && only({ ...factsOf(point), usual, low, high, group: point.group });
    return [{ point, band, unusual }];
  });
}

const factsOf = ({ at, value }: Point): Facts => ({ date: at.slice(0, 10), begin: at, value });

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
