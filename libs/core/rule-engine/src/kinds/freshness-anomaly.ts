import { Type } from 'typebox';

import { momentIn, momentOf } from '../calendar.js';
import { type ColumnFact } from '../facts.js';
import { type MeasuredRow } from '../rule-kind.js';
import { defineRuleKind } from '../rule-kind.js';
import { periodIn } from '../series/ask-series.js';
import { countsOfSeries, type PeriodFigure, seriesFound } from '../series/judge-series.js';
import { timeOf } from '../series/period-term.js';
import { PERIODS, USUAL } from '../series/series-params.js';
import { checkSeries, compiledSeries, periodsAt, rowsIn } from '../series/series-rule.js';
import { beginOfPeriod, type Window } from '../series/window.js';
import { call, countWhen, DECIMAL, type Term, typeOf } from '../sql/term.js';

// The first row of the window needs the one before it; an older one is no longer of interest.
const A_WEEK = 7 * 86_400_000;

/** The longest time without new rows, in each period, is as usual. Only longer ones are unusual unless the rule says otherwise. */
export const freshnessAnomaly = defineRuleKind({
  code: 'freshness_anomaly',
  title: { en: 'Rows come as often as usual', zh: '数据更新间隔无异常' },
  description: {
    en: 'The longest time without new rows in each of the newest periods, in seconds, is no longer than the ones before make one expect.',
    zh: '最近各周期内最长的无新数据时长（秒）不超过由此前推得的正常范围。',
  },
  dimension: 'timeliness',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      ...PERIODS,
      ...USUAL,
      direction: Type.Enum(['both', 'spike', 'drop'], {
        default: 'spike',
        title: 'What is unusual',
        'x-title-zh': '关注方向',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column] }) => ({
    en: `Rows come by "${column}" as often as usual`,
    zh: `按“${column}”的数据更新间隔无异常`,
  }),
  compile: (bound) => {
    const [time] = bound.columns as [ColumnFact];
    checkSeries(time, ['columns', '0'], bound.params);
    const at = timeOf(time);
    const earlier: Term = { is: 'window', fn: 'lag', of: at, partition: [], order: [{ by: at }], type: typeOf(at) };
    return compiledSeries(bound, periodsAt(bound), {
      time,
      before: A_WEEK,
      values: { at, gap: call('seconds_between', DECIMAL, earlier, at) },
      figures: (of) => ({
        n: countWhen(),
        gap: { is: 'aggregate', fn: 'max', of: of('gap'), type: DECIMAL },
        latest: { is: 'aggregate', fn: 'max', of: of('at'), type: typeOf(at) },
      }),
    });
  },
  count: ({ periods = [] }, params, bound) => {
    const window = periodsAt(bound);
    const figures = agesOf(periods, bound.columns[0]!, window, bound.now.getTime());
    return countsOfSeries(rowsIn(periods.filter((row) => periodIn(row) >= 0)), [{ figures }], window, params);
  },
  found: seriesFound,
  examples: [
    {
      title: 'rows came every hour, and then no more',
      columns: { at: 'timestamp' },
      rows: hourly('2026-06-10T00:30:00', 19 * 24 + 6),
      rule: { columns: ['at'] },
      expect: {
        status: 'fail',
        rows: 462, // 19 · 24 + 6
        checked: 1,
        violations: 1,
        metrics: { value: '66600', usual: '3600' }, // from 05:30 to midnight
        failingRows: 0,
      },
    },
    {
      title: 'as often as ever',
      columns: { at: 'timestamptz' },
      rows: hourly('2026-06-10T00:30:00', 20 * 24).map(([at]) => [`${at}Z`]),
      rule: { columns: ['at'] },
      expect: { status: 'pass', checked: 1, violations: 0, metrics: { value: '3600' } },
    },
    {
      title: 'too little to learn from',
      columns: { at: 'timestamp' },
      rows: [['2026-06-29T12:00:00']],
      rule: { columns: ['at'] },
      expect: { status: 'not_evaluated', rows: 1, checked: 0 },
    },
  ],
});

/** For each period the longest gap that ended in it, or the time that had passed at its end, or at the time of the run. */
function agesOf(rows: readonly MeasuredRow[], column: ColumnFact, window: Window, now: number): PeriodFigure[] {
  const at: ColumnFact = column.typeFamily === 'date' ? { ...column, typeFamily: 'timestamp' } : column;
  const found = [...rows].sort((one, other) => periodIn(one) - periodIn(other));
  const ages: PeriodFigure[] = [];
  let latest: number | undefined;
  let next = 0;
  for (let period = 0; period < window.periods; period++) {
    let gap = -1;
    for (; next < found.length && periodIn(found[next]!) <= period; next++) {
      const row = found[next]!;
      latest = row['latest'] == null ? latest : (momentIn(row['latest'], at, window.zone) ?? latest);
      if (periodIn(row) === period && row['gap'] != null) gap = Number(row['gap']);
    }
    if (latest === undefined) continue;
    const end = Math.min(momentOf(beginOfPeriod(window, period + 1), window.zone), now);
    ages.push({ period, value: Math.max(gap, (end - latest) / 1_000) });
  }
  return ages;
}

function hourly(from: string, hours: number): [string][] {
  return Array.from({ length: hours }, (_, n): [string] => [
    new Date(Date.parse(`${from}Z`) + n * 3_600_000).toISOString().slice(0, 19),
  ]);
}
