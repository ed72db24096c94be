import { type Static, Type } from 'typebox';

import { columnOf, fault, termOf } from './bind-expression.js';
import { checkMoments, dayText, literalOf, localOf, TIME_ZONE } from './calendar.js';
import { type ColumnFact, type DatasetFacts } from './facts.js';
import { all, compared, type Test, TRUE, value } from './sql/term.js';
import { typedValue } from './typed-values.js';

const DAY = 86_400_000;
const UNITS = { hour: DAY / 24, day: DAY, week: 7 * DAY } as const;
const FORMATS = ['yyyy-MM-dd', 'yyyyMMdd'] as const;

const columnNamed = (title: string, zh: string) =>
  Type.String({ minLength: 1, title, 'x-title-zh': zh, 'x-columns-of': 'target' });

/** Which part of a dataset a run looks at: new rows, a partition, a sample. */
export const ScopeSchema = Type.Object(
  {
    window: Type.Optional(
      Type.Object(
        {
          column: columnNamed('Date or time of a row', '时间字段'),
          last: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, title: 'The last', 'x-title-zh': '最近' })),
          unit: Type.Enum(['hour', 'day', 'week'], { default: 'day', title: 'Unit', 'x-title-zh': '单位' }),
          sinceLastRun: Type.Boolean({
            default: false,
            title: 'Only rows since the last run',
            'x-title-zh': '仅上次运行之后的行',
            description: 'The first run, and the first one after the rule was changed, look at all rows.',
            'x-description-zh': '首次运行以及规则修改后的首次运行检查全部行。',
          }),
          timeZone: TIME_ZONE,
        },
        { additionalProperties: false, title: 'New rows', 'x-title-zh': '增量窗口' },
      ),
    ),
    partition: Type.Optional(
      Type.Object(
        {
          column: columnNamed('Partition column', '分区字段'),
          value: Type.Optional(Type.Union([Type.String(), Type.Number()], { title: 'Value', 'x-title-zh': '取值' })),
          daysAgo: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 10_000, title: 'The day so many days ago', 'x-title-zh': '几天前' }),
          ),
          format: Type.Enum([...FORMATS], { default: 'yyyy-MM-dd', title: 'Written as', 'x-title-zh': '日期格式' }),
          timeZone: TIME_ZONE,
        },
        { additionalProperties: false, title: 'Partition', 'x-title-zh': '分区' },
      ),
    ),
    sample: Type.Optional(
      Type.Object(
        {
          percent: Type.Number({
            minimum: 0.001,
            maximum: 99,
            title: 'Percent of the rows',
            'x-title-zh': '抽样百分比',
          }),
        },
        { additionalProperties: false, title: 'Sample', 'x-title-zh': '抽样' },
      ),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    title: 'Part of the dataset',
    'x-title-zh': '检查范围',
    description: 'Only new rows, one partition, or a sample. Left out: all rows.',
    'x-description-zh': '仅增量、单个分区或抽样；省略则检查全部行。',
  },
);
export type Scope = Static<typeof ScopeSchema>;

/** A scope, bound: which rows, and what share of them is drawn. */
export interface BoundScope {
  readonly rows: Test;
  /** From 0 to 1, as a numeral. */
  readonly sample?: string;
}

/** Checks a scope against the facts. `since` is the time from which rows are new to the rule, if it has run before. Throws `InvalidInput`. */
export function bindScope(
  scope: Scope | undefined,
  target: DatasetFacts,
  now: Date,
  since: string | undefined,
): BoundScope {
  const { window, partition, sample } = scope ?? {};
  return {
    rows: all(
      window === undefined ? TRUE : newRows(window, target, now, since),
      partition === undefined ? TRUE : inPartition(partition, target, now),
    ),
    ...(sample === undefined ? {} : { sample: shareOf(sample.percent) }),
  };
}

function newRows(
  { column: name, last, unit, sinceLastRun, timeZone }: NonNullable<Scope['window']>,
  target: DatasetFacts,
  now: Date,
  since: string | undefined,
): Test {
  const path = ['scope', 'window'];
  const column = columnOf(target, name, [...path, 'column']);
  checkMoments(column, [...path, 'column']);
  if ((last !== undefined) === sinceLastRun) throw fault('say either how far back, or since the last run', path);
  const zone = zoneOf(timeZone, path);
  const from =
    last === undefined ? (since === undefined ? undefined : Date.parse(since)) : now.getTime() - last * UNITS[unit];
  if (from === undefined) return TRUE;
  const bound = typedValue(literalOf(from, column, zone), column, path);
  return compared(termOf(column), 'gte', value(bound));
}

function inPartition(
  { column: name, value: given, daysAgo, format, timeZone }: NonNullable<Scope['partition']>,
  target: DatasetFacts,
  now: Date,
): Test {
  const path = ['scope', 'partition'];
  const column = columnOf(target, name, [...path, 'column']);
  if ((given !== undefined) === (daysAgo !== undefined))
    throw fault('say either the value of the partition, or the day', path);
  const wanted = given ?? dayOf(now, daysAgo!, zoneOf(timeZone, path), format, column);
  return compared(
    termOf(column),
    'eq',
    value(typedValue(wanted, column, [...path, given === undefined ? 'daysAgo' : 'value'])),
  );
}

/** A day as the partition's column has it: a date, or its name in a text or a number. */
function dayOf(
  now: Date,
  daysAgo: number,
  zone: string,
  format: (typeof FORMATS)[number],
  { typeFamily }: ColumnFact,
): string {
  const day = dayText(localOf(now.getTime(), zone) - daysAgo * DAY);
  return typeFamily === 'date' || (format === 'yyyy-MM-dd' && typeFamily !== 'integer') ? day : day.replaceAll('-', '');
}

function zoneOf(zone: string, path: readonly string[]): string {
  try {
    localOf(0, zone);
    return zone;
  } catch {
    throw fault(`there is no time zone ${JSON.stringify(zone)}`, [...path, 'timeZone']);
  }
}

/** Percent as a share in plain digits. */
const shareOf = (percent: number): string => (percent / 100).toFixed(7).replace(/0+$/, '');
