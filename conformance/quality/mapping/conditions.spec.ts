import { parseCondition } from '#core/rule-engine';

import { type CaseTable } from '../case.js';
import { spokenIn, translated } from './conditions.js';
import { NotMapped, Refused } from './mapped.js';
import { toolOf } from './tools.js';

const TABLE: CaseTable = {
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'Name', type: 'string' },
    { name: 'item.one', type: 'string' },
    { name: 'day', type: 'date' },
    { name: 'at', type: 'timestamp' },
    { name: '状态', type: 'string' },
  ],
  rows: [],
};

const ours = (source: string, suite: string, dialect?: string) => {
  const tool = toolOf(suite);
  return translated(source, spokenIn(dialect, tool), TABLE, tool);
};

it.each([
  ['dbt', undefined, 'id <> -1 and name is not null', `"id" <> - 1 and "Name" is not null`],
  ['dbt', undefined, `"id" > 1 OR "Name" = 'x''y'`, `"id" > 1 or "Name" = 'x''y'`],
  ['dbt', undefined, '1=1', 'true'],
  ['dbt', undefined, "day >= '2026-01-01'::date", `"day" >= '2026-01-01'`],
  ['dbt', undefined, "at >= '2026-01-01'", `"at" >= '2026-01-01T00:00:00'`],
  ['dbt', undefined, "at::date = date '2026-01-01'", `cast("at" as date) = '2026-01-01'`],
  ['dbt', undefined, 'char_length(name) between 1 and 3', `length ( "Name" ) between 1 and 3`],
  ['gx', 'pandas', 'id==1 & Name!="x y"', `"id" = 1 and "Name" != 'x y'`],
  ['gx', 'pandas', '~(`item.one`.isnull()) and id in [1, 2]', `not ( "item.one" is null ) and "id" in ( 1 , 2 )`],
  ['gx', 'pandas', 'id.isin([1, 2]) | 状态 == "开"', `"id" in ( 1 , 2 ) or "状态" = '开'`],
  ['gx', 'great_expectations', 'col("id").notNull()', `"id" is not null`],
  ['gx', 'great_expectations', 'col("day") > date("2026-01-01")', `"day" > '2026-01-01'`],
  ['deequ', undefined, "`item.one` rlike '^a' && ID < 3", `"item.one" matches '^a' and "id" < 3`],
  ['deequ', undefined, 'name = "x"', `"Name" = 'x'`],
])('%s in %s: %s', (suite, dialect, source, expected) => {
  const translation = ours(source, suite, dialect);
  expect(translation).toBe(expected);
  expect(() => parseCondition(translation)).not.toThrow();
});

it('refuses a language that does not exist', () => {
  expect(() => ours('id = 1', 'gx', 'bad_parser')).toThrow(Refused);
});

it.each(['id <=> 1', 'Name.str.startswith("a")'])('does not guess: %s', (source) => {
  expect(() => ours(source, 'gx', 'pandas')).toThrow(NotMapped);
});
