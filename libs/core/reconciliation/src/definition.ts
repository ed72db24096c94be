import { type Static, Type } from 'typebox';

import { type Condition } from '#core/rule-engine';

const Name = (title: string, zh: string) => Type.String({ minLength: 1, maxLength: 300, title, 'x-title-zh': zh });

const Amount = (title: string, zh: string, description: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,30}(\\.[0-9]{1,30})?$' })], {
    title,
    'x-title-zh': zh,
    description,
  });

const TOLERANCE = {
  absolute: Type.Optional(Amount('Difference allowed', '允许差额', 'The larger of the two tolerances counts.')),
  relative: Type.Optional(Amount('Share allowed', '允许差异比例', 'Of the left side: 0.01 is one in a hundred.')),
};

const Pair = {
  left: Name('Column on the left', '源字段'),
  right: Type.Optional(Name('Column on the right, if it is called otherwise', '目标字段（名称不同时填写）')),
};

const TEXT_OPTIONS = {
  trim: Type.Optional(Type.Boolean({ title: 'Without blanks at the ends', 'x-title-zh': '忽略首尾空白' })),
  ignoreCase: Type.Optional(Type.Boolean({ title: 'Without regard to case', 'x-title-zh': '忽略大小写' })),
  emptyIsNull: Type.Optional(Type.Boolean({ title: 'An empty text is no value', 'x-title-zh': '空文本视为空值' })),
};

export const PRECISIONS = ['seconds', 'milliseconds', 'microseconds'] as const;
export type Precision = (typeof PRECISIONS)[number];

const PRECISION = Type.Optional(
  Type.Enum([...PRECISIONS], { title: 'How far moments are compared', 'x-title-zh': '时间比较精度' }),
);

const SideSchema = Type.Object(
  {
    where: Type.Optional(Type.Unsafe<Condition>({ title: 'Only rows where', 'x-title-zh': '过滤条件' })),
    timeZone: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Zone of dates and times that name none',
        'x-title-zh': '无时区时间所用的时区',
        description: 'UTC when left out.',
      }),
    ),
  },
  { additionalProperties: false },
);

const CheckSchema = Type.Union([
  Type.Object({ kind: Type.Literal('row_count'), ...TOLERANCE }, { additionalProperties: false }),
  Type.Object(
    { kind: Type.Literal('sum'), column: Name('Mapped column, by its name on the left', '求和字段'), ...TOLERANCE },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      kind: Type.Literal('groups'),
      by: Type.Array(Name('Mapped column or key, by its name on the left', '分组字段'), { minItems: 1, maxItems: 8 }),
      sums: Type.Optional(Type.Array(Name('Mapped column, by its name on the left', '求和字段'), { maxItems: 20 })),
      ...TOLERANCE,
    },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Literal('keys') }, { additionalProperties: false }),
]);

/** What is compared between two datasets, and how. Columns are named as the sources name them. */
export const DefinitionSchema = Type.Object(
  {
    keys: Type.Optional(
      Type.Array(Type.Object({ ...Pair, ...TEXT_OPTIONS, precision: PRECISION }, { additionalProperties: false }), {
        maxItems: 16,
        title: 'Key',
        'x-title-zh': '主键映射',
      }),
    ),
    columns: Type.Optional(
      Type.Array(
        Type.Object({ ...Pair, ...TEXT_OPTIONS, ...TOLERANCE, precision: PRECISION }, { additionalProperties: false }),
        { maxItems: 500, title: 'Columns', 'x-title-zh': '字段映射' },
      ),
    ),
    left: Type.Optional(SideSchema),
    right: Type.Optional(SideSchema),
    cutoff: Type.Optional(
      Type.Object(
        {
          left: Name('Column on the left', '源截止字段'),
          right: Type.Optional(Name('Column on the right', '目标截止字段')),
          until: Type.Union([
            Type.Object(
              {
                daysBack: Type.Integer({ minimum: 0, maximum: 3_660 }),
                timeZone: Type.String({ minLength: 1 }),
              },
              { additionalProperties: false, description: 'The end of the day so many days back: 1 is yesterday.' },
            ),
            Type.Object(
              { minutesBack: Type.Integer({ minimum: 0, maximum: 5_000_000 }) },
              { additionalProperties: false, description: 'So many minutes before the run.' },
            ),
            Type.Object(
              { moment: Type.String({ format: 'date-time' }) },
              { additionalProperties: false, description: 'A fixed moment.' },
            ),
          ]),
        },
        { additionalProperties: false, title: 'Cut-off', 'x-title-zh': '截止时间' },
      ),
    ),
    checks: Type.Array(CheckSchema, { minItems: 1, maxItems: 50, title: 'Checks', 'x-title-zh': '核对项' }),
    /** Keys that are listed at most; when more differ, the run says that its list is incomplete. */
    maxBreaks: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** Buckets of keys: more for tables beyond some ten million rows. */
    buckets: Type.Optional(Type.Enum([256, 4096, 65536])),
  },
  { additionalProperties: false },
);

export type Definition = Static<typeof DefinitionSchema>;
export type Check = Static<typeof CheckSchema>;
export type KeyMapping = NonNullable<Definition['keys']>[number];
export type ColumnMapping = NonNullable<Definition['columns']>[number];

export const rightOf = ({ left, right }: { readonly left: string; readonly right?: string }): string => right ?? left;
