import { Type } from 'typebox';

import { checkMoments } from '../calendar.js';
import { fault } from '../faults.js';
import { type ColumnFact } from '../facts.js';
import { defineRuleKind } from '../rule-kind.js';
import { filled, firstOf, periodIn } from '../series/ask-series.js';
import { countsOfSeries, seriesFound } from '../series/judge-series.js';
import { timeOf } from '../series/period-term.js';
import { BEFORE_FIRST, PERIODS, USUAL } from '../series/series-params.js';
import { checkSeries, compiledSeries, periodsAt, rowsIn } from '../series/series-rule.js';
import { moved } from '../series/window.js';
import { call, countWhen, DECIMAL } from '../sql/term.js';

/**
 * How long after the event its row comes, at most, in each period of arrivals is as usual. A period without rows counts as one in
 * which a row needed all of it.
 */
export const eventFreshnessAnomaly = defineRuleKind({
  code: 'event_freshness_anomaly',
  title: { en: 'Events arrive as soon as usual', zh: '事件到达延迟无异常' },
  description: {
    en: 'The longest time between an event and its arrival in each of the newest periods, in seconds, is no longer than before.',
    zh: '最近各周期内事件发生到入库的最长延迟（秒）不超过由此前推得的正常范围。',
  },
  dimension: 'timeliness',
  columns: [2, 2],
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
      ...BEFORE_FIRST,
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [event, arrival] }) => ({
    en: `The time from "${event}" to "${arrival}" is as usual`,
    zh: `“${event}”到“${arrival}”的延迟无异常`,
  }),
  compile: (bound) => {
    const [event, arrival] = bound.columns as [ColumnFact, ColumnFact];
    checkMoments(event, ['columns', '0']);
    checkSeries(arrival, ['columns', '1'], bound.params);
    if ((event.typeFamily === 'timestamptz') !== (arrival.typeFamily === 'timestamptz'))
      throw fault(`only one of "${event.name}" and "${arrival.name}" knows its time zone`, ['columns']);
    return compiledSeries(bound, periodsAt(bound), {
      time: arrival,
      values: { late: call('seconds_between', DECIMAL, timeOf(event), timeOf(arrival)) },
      figures: (of) => ({ n: countWhen(), late: { is: 'aggregate', fn: 'max', of: of('late'), type: DECIMAL } }),
    });
  },
  count: ({ periods = [] }, params, bound) => {
    const window = periodsAt(bound);
    const seen = periods.map((row) => ({ period: periodIn(row), value: 0 }));
    const late = periods.flatMap((row) =>
      row['late'] == null ? [] : [{ period: periodIn(row), value: Number(row['late']) }],
    );
    const from = params.beforeFirst === 'zero' ? 0 : firstOf(seen, window);
    const whole = (moved(window.begin, window.bucket, 1) - window.begin) / 1_000;
    return countsOfSeries(rowsIn(periods), [{ figures: filled(late, window, from, whole) }], window, params);
  },
  found: seriesFound,
  examples: [
    {
      title: 'events that took an hour now take nine',
      columns: { happened: 'timestamp', loaded: 'timestamp' },
      rows: events('2026-06-10', 20).map(([happened, loaded], at) => [
        at === 19 ? happened.replace('T09', 'T01') : happened,
        loaded,
      ]),
      rule: { columns: ['happened', 'loaded'] },
      expect: {
        status: 'fail',
        rows: 20,
        checked: 1,
        violations: 1,
        metrics: { value: '32400', usual: '3600' },
        failingRows: 0,
      },
    },
    {
      title: 'as late as ever',
      columns: { happened: 'timestamptz', loaded: 'timestamptz' },
      rows: events('2026-06-10', 20).map((row) => row.map((at) => `${at}Z`)),
      rule: { columns: ['happened', 'loaded'] },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'a day on which nothing arrived is a day late',
      columns: { happened: 'timestamp', loaded: 'timestamp' },
      rows: events('2026-06-10', 19),
      rule: { columns: ['happened', 'loaded'] },
      expect: { status: 'fail', metrics: { value: '86400' } },
    },
  ],
});

/** One event a day at nine, loaded an hour later. */
function events(from: string, days: number): [string, string][] {
  return Array.from({ length: days }, (_, n) => {
    const day = new Date(Date.parse(`${from}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);
    return [`${day}T09:00:00`, `${day}T10:00:00`];
  });
}
