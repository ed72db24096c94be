import { type Static, Type } from 'typebox';

import { ExpressionSchema } from './expression.js';
import { ScopeSchema } from './scope.js';

/** The dimensions of GB/T 36344, and uniqueness, which the standard files under accuracy. */
export const DIMENSIONS = [
  'validity',
  'completeness',
  'accuracy',
  'consistency',
  'timeliness',
  'accessibility',
  'uniqueness',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

const Numeral = Type.Union([
  Type.Number(),
  Type.String({
    pattern:
      '^(-?[0-9]{1,30}(\\.[0-9]{1,30})?|[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+Z-]{4,24})?|[0-9]{2}:[0-9:.]{2,12})$',
  }),
]);

const Range = Type.Object(
  {
    min: Numeral,
    max: Numeral,
    strictMin: Type.Optional(Type.Boolean()),
    strictMax: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/**
 * One condition on a number. Texts such as `"0.001"` are taken exactly, as are numbers by their shortest writing. A date or time is
 * for a measured value that is one.
 */
export const BoundSchema = Type.Object(
  {
    eq: Type.Optional(Numeral),
    ne: Type.Optional(Numeral),
    gt: Type.Optional(Numeral),
    gte: Type.Optional(Numeral),
    lt: Type.Optional(Numeral),
    lte: Type.Optional(Numeral),
    between: Type.Optional(Range),
    notBetween: Type.Optional(Range),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);
export type Bound = Static<typeof BoundSchema>;

export const ThresholdSchema = Type.Object(
  {
    metric: Type.Enum(['count', 'ratio', 'value'], {
      default: 'count',
      title: 'Measured as',
      'x-title-zh': '度量方式',
      description: 'count: how many. ratio: their share, from 0 to 1. value: the value that the kind measures.',
      'x-description-zh': 'count：违规数量；ratio：违规占比（0 到 1）；value：规则测得的值。',
    }),
    fail: Type.Optional(BoundSchema),
    warn: Type.Optional(BoundSchema),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    title: 'Threshold',
    'x-title-zh': '阈值',
    description: 'The rule fails, or warns, when this holds. Without a threshold it fails at the first violation.',
    'x-description-zh': '满足条件时判为失败或告警；不设阈值时，出现一条违规即失败。',
  },
);
export type Threshold = Static<typeof ThresholdSchema>;

/** What every rule has beside the parameters of its kind. */
export const RuleSchema = Type.Object(
  {
    kind: Type.String({ title: 'Kind', 'x-title-zh': '规则类型' }),
    columns: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      maxItems: 16,
      title: 'Columns',
      'x-title-zh': '字段',
      'x-columns-of': 'target',
    }),
    params: Type.Record(Type.String(), Type.Unknown(), { default: {} }),
    where: Type.Optional(ExpressionSchema({ title: 'Only rows where', 'x-title-zh': '行过滤条件' })),
    nullPolicy: Type.Enum(['ignore', 'fail', 'pass'], {
      default: 'ignore',
      title: 'Absent values',
      'x-title-zh': '空值处理',
      description: 'ignore: not checked. fail: a violation. pass: checked, and fine.',
      'x-description-zh': 'ignore：不参与检查；fail：视为违规；pass：参与检查且视为合格。',
    }),
    onEmpty: Type.Enum(['not_evaluated', 'pass', 'fail'], {
      default: 'not_evaluated',
      title: 'When there is nothing to check',
      'x-title-zh': '无数据可检查时',
    }),
    denominator: Type.Enum(['checked', 'all'], {
      default: 'checked',
      title: 'Share of',
      'x-title-zh': '占比分母',
      description: 'checked: of the rows that were checked. all: of all rows that the filter lets through.',
      'x-description-zh': 'checked：参与检查的行；all：通过过滤条件的全部行。',
    }),
    threshold: Type.Optional(ThresholdSchema),
    dimension: Type.Optional(Type.Enum([...DIMENSIONS], { title: 'Dimension', 'x-title-zh': '质量维度' })),
    severity: Type.Enum(['S1', 'S2', 'S3', 'S4'], { default: 'S3', title: 'Severity', 'x-title-zh': '严重程度' }),
    samples: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 20,
      title: 'Failing rows to show',
      'x-title-zh': '违规样例行数',
    }),
    scope: Type.Optional(ScopeSchema),
    budgetMs: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 86_400_000,
        title: 'Milliseconds that it may take',
        'x-title-zh': '时间预算（毫秒）',
        description:
          'A statement that the source expects to take longer is not sent: the rule is skipped, and says so.',
        'x-description-zh': '数据源预计耗时超出预算时不执行，规则判为跳过并说明原因。',
      }),
    ),
    verify: Type.Optional(
      Type.Boolean({
        title: 'Look at the data even when a constraint of the source proves the rule',
        'x-title-zh': '即使数据源约束已可证明，也检查数据',
      }),
    ),
  },
  { additionalProperties: false },
);

/** A rule that was checked: every default is filled in and `params` fit the kind. Make one with `checkRule`. */
export type Rule = Static<typeof RuleSchema>;
export type NullPolicy = Rule['nullPolicy'];
export type Severity = Rule['severity'];
