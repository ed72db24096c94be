import { type Static, type TObject, Type } from 'typebox';

import { TIME_ZONE } from '../calendar.js';
import { ExpressionSchema } from '../expression.js';
import { SEASONALITIES } from '../statistics/usual.js';
import { UNITS } from './window.js';

const span = (fewest: number, count: number, title: string, zh: string, description: string, zhDescription: string) =>
  Type.Object(
    {
      unit: Type.Enum([...UNITS], { default: 'day', title: 'Unit', 'x-title-zh': '单位' }),
      count: Type.Integer({
        default: count,
        minimum: fewest,
        maximum: 10_000,
        title: 'How many',
        'x-title-zh': '数量',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      title,
      'x-title-zh': zh,
      description,
      'x-description-zh': zhDescription,
    },
  );

/** How a table is cut into periods by its own times. */
export const PERIODS = {
  bucket: span(
    1,
    1,
    'Period',
    '周期',
    'What is measured once: an hour, a day, a week from Monday, a month, or several of them. Only whole periods count.',
    '度量的时间粒度：小时、日、周（自周一起）、月或其倍数；只统计完整周期。',
  ),
  training: span(
    1,
    28,
    'How far back',
    '回看时长',
    'From the day so long before the run to the run; what is judged is part of it.',
    '从运行前这么久的那一天起，至运行时刻，含被检测的周期。',
  ),
  detection: span(1, 1, 'What is judged', '检测时长', 'The newest periods, so long.', '最近这么长时间的周期。'),
  delay: span(
    0,
    0,
    'How late data comes',
    '数据延迟',
    'The newest so long is not looked at yet.',
    '最近这么长时间的数据暂不检测。',
  ),
  timeZone: TIME_ZONE,
};

const percent = (title: string, zh: string) =>
  Type.Optional(
    Type.Number({
      minimum: 0,
      title,
      'x-title-zh': zh,
      description: 'In percent of the median, or of the mean.',
      'x-description-zh': '相对中位数（或均值）的百分比。',
    }),
  );

/** What is usual, and what is far enough from it. */
export const USUAL = {
  method: Type.Enum(['median', 'zscore'], {
    default: 'median',
    title: 'Method',
    'x-title-zh': '方法',
    description:
      'median: so many median deviations from the median. zscore: so many standard deviations (of a sample) from the mean; what never moved has none, and nothing is unusual then.',
    'x-description-zh': 'median：中位数与绝对中位差；zscore：均值与样本标准差，标准差为零时不判异常。',
  }),
  baseline: Type.Enum(['before', 'up_to', 'before_detection'], {
    default: 'before',
    title: 'Learnt from',
    'x-title-zh': '训练范围',
    description:
      'before: the periods before the one judged. up_to: those and itself, by which it hides itself. before_detection: only what is older than all that is judged.',
    'x-description-zh':
      'before：被检测周期之前的周期；up_to：含其自身（会自我掩盖）；before_detection：仅检测时长之前的周期。',
  }),
  sensitivity: Type.Number({
    default: 3,
    exclusiveMinimum: 0,
    maximum: 100,
    title: 'How many spreads are still usual',
    'x-title-zh': '灵敏度（几倍离差）',
  }),
  minTraining: Type.Integer({
    default: 14,
    minimum: 2,
    maximum: 10_000,
    title: 'Periods to learn from, at least',
    'x-title-zh': '最少训练周期数',
  }),
  seasonality: Type.Enum([...SEASONALITIES], {
    default: 'none',
    title: 'Seasonality',
    'x-title-zh': '季节性',
    description:
      'day_of_week, hour_of_day, hour_of_week: compared with the same day or hour. month_end: last and first days of months apart. working_day, working_month_end: by China’s working days, with swapped ones.',
    'x-description-zh':
      '与同一星期几或同一小时比较；month_end：月末、月初单独比较；working_day、working_month_end：按中国工作日（含调休）。',
  }),
  direction: Type.Enum(['both', 'spike', 'drop'], {
    default: 'both',
    title: 'What is unusual',
    'x-title-zh': '关注方向',
  }),
  ignoreDropPercent: percent('Drops ignored', '忽略的下降幅度'),
  ignoreSpikePercent: percent('Spikes ignored', '忽略的上升幅度'),
  leastValue: Type.Optional(
    Type.Number({
      title: 'Values below are never unusual',
      'x-title-zh': '低于此值不判异常',
    }),
  ),
  exclude: Type.Optional(
    ExpressionSchema({
      title: 'Periods left out',
      'x-title-zh': '排除的周期',
      description: "Neither learnt from nor judged, by date, begin and value: date = '2026-01-01' or value < 10.",
      'x-description-zh': "既不参与训练也不检测，可用 date、begin、value：date = '2026-01-01' or value < 10。",
    }),
  ),
  only: Type.Optional(
    ExpressionSchema({
      title: 'Unusual only where',
      'x-title-zh': '仅当满足时判异常',
      description: 'By date, begin, value, usual, low, high and group: value > 100 and usual > 10.',
      'x-description-zh': '可用 date、begin、value、usual、low、high、group：value > 100 and usual > 10。',
    }),
  ),
};

export const FAIL_ON_ZERO = {
  failOnZero: Type.Boolean({ default: false, title: 'Zero is always unusual', 'x-title-zh': '为零即异常' }),
};

export const BEFORE_FIRST = {
  beforeFirst: Type.Enum(['left_out', 'zero'], {
    default: 'left_out',
    title: 'Periods before the first row',
    'x-title-zh': '首行之前的周期',
    description: 'left_out: the table was not there yet. zero: they had no rows.',
    'x-description-zh': 'left_out：视为尚无此表；zero：视为零行。',
  }),
};

export const TIME_COLUMN = {
  timeColumn: Type.String({
    minLength: 1,
    title: 'Time by which periods are cut',
    'x-title-zh': '用于划分周期的时间字段',
    'x-columns-of': 'target',
  }),
};

export type SeriesParams = Static<TObject<typeof PERIODS & typeof USUAL>>;
