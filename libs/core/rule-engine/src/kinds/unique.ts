import { type Static, Type } from 'typebox';

import { fault, inList, termOf } from '../bind-expression.js';
import { provenUnique } from '../constraint-proof.js';
import { type ColumnFact } from '../facts.js';
import { TreatAsNull } from '../kind-parts.js';
import { countIn, oneRow } from '../measured-row.js';
import { type Ask, type Compiled, defineRuleKind, type MeasuredRow } from '../rule-kind.js';
import {
  absent,
  all,
  any,
  call,
  column,
  compared,
  countWhen,
  FALSE,
  type From,
  INTEGER,
  integer,
  not,
  table,
  type Term,
  type Test,
} from '../sql/term.js';

const params = Type.Object(
  {
    nulls: Type.Enum(['ignore_if_any_null', 'ignore_if_all_null', 'never_ignore'], {
      default: 'ignore_if_all_null',
      title: 'Rows with absent values',
      'x-title-zh': '含空值的行',
      description:
        'ignore_if_any_null: not checked. ignore_if_all_null: not checked when every column is absent. never_ignore: ' +
        'checked; two absent values are the same.',
      'x-description-zh':
        'ignore_if_any_null：任一列为空则不检查；ignore_if_all_null：全部为空才不检查；never_ignore：一律检查，空值视为相等。',
    }),
    counted: Type.Enum(['extra_rows', 'duplicated_rows', 'groups'], {
      default: 'extra_rows',
      title: 'What counts as a violation',
      'x-title-zh': '违规计数方式',
      description:
        'extra_rows: rows beyond the first of each value. duplicated_rows: all rows whose value occurs more than once. ' +
        'groups: values that occur more than once.',
      'x-description-zh':
        'extra_rows：每个取值首行之外的行数；duplicated_rows：取值重复的全部行数；groups：重复取值的个数。',
    }),
    treatAsNull: TreatAsNull,
  },
  { additionalProperties: false },
);

type Nulls = Static<typeof params>['nulls'];
type Treated = Static<typeof params>['treatAsNull'];

/** Rows that are not looked at, by the columns' absent values. */
function ignored(missing: readonly Test[], nulls: Nulls): Test {
  switch (nulls) {
    case 'ignore_if_any_null':
      return any(...missing);
    case 'ignore_if_all_null':
      return all(...missing);
    case 'never_ignore':
      return FALSE;
    default:
      return nulls satisfies never;
  }
}

/** Whether columns of the statement's `alias` have no value, or one that counts as none. */
function missingOf(columns: readonly ColumnFact[], alias: string, treatAsNull: Treated): Test[] {
  const listed = treatAsNull?.some((each) => each !== null) === true;
  return columns.map((each) => {
    const missing = absent(termOf(each, alias));
    return listed ? any(missing, inList(each, treatAsNull, ['params', 'treatAsNull'], alias)) : missing;
  });
}

const sum = (of: Term, when: Test): Term =>
  call('coalesce', INTEGER, { is: 'aggregate', fn: 'sum', of, when, type: INTEGER }, integer(0));

/** No two rows have the same values. Tools count duplicates in three ways; all three are reported. */
export const unique = defineRuleKind({
  code: 'unique',
  title: { en: 'Is unique', zh: '唯一' },
  description: {
    en: 'No two rows have the same value in the column, or the same combination of values in several columns.',
    zh: '任意两行在该字段（或多个字段的组合）上的取值都不相同。',
  },
  dimension: 'uniqueness',
  columns: [1, 16],
  other: 'none',
  nullPolicy: false,
  params,
  says: ({ columns }) => ({ en: `${listed(columns)} is unique`, zh: `${listed(columns)}唯一` }),
  provenBy: ({ target, columns, params: { nulls, treatAsNull } }) => {
    const names = columns.map(({ name }) => name);
    // Values that count as none look alike where rows without values are looked at.
    if (treatAsNull !== undefined && nulls !== 'ignore_if_any_null') return undefined;
    const ignoresAnyNull = nulls === 'ignore_if_any_null' || (nulls === 'ignore_if_all_null' && columns.length === 1);
    return provenUnique(target, names, ignoresAnyNull);
  },
  compile: ({ target, where, columns, params: { nulls, treatAsNull } }): Compiled => {
    const json = columns.findIndex(({ typeFamily }) => typeFamily === 'json');
    if (json !== -1)
      throw fault(`"${columns[json]!.name}" holds documents, which have no common notion of "the same"`, [
        'columns',
        String(json),
      ]);
    const terms = columns.map((each) => termOf(each));
    const n = column('g', 'n', INTEGER);
    // Bound as columns of the table first, by whose names a fault is told.
    const looked = not(ignored(missingOf(columns, 't', treatAsNull), nulls));
    const grouped = columns.map(({ typeFamily }, at): ColumnFact => ({ name: `k${at + 1}`, typeFamily }));
    const keys = grouped.map((each) => termOf(each, 'g'));
    const left = not(ignored(missingOf(grouped, 'g', treatAsNull), nulls));
    const twice = all(left, compared(n, 'gt', integer(1)));
    const groups: From = {
      is: 'query',
      as: 'g',
      select: {
        items: [...terms.map((term, at) => ({ as: `k${at + 1}`, term })), { as: 'n', term: countWhen() }],
        from: table(target),
        where,
        groupBy: terms,
      },
    };
    const exact: Ask = {
      is: 'query',
      on: 'target',
      maxRows: 1,
      select: {
        items: [
          { as: 'rows', term: sum(n, all()) },
          { as: 'checked', term: sum(n, left) },
          { as: 'extra_rows', term: sum(call('subtract', INTEGER, n, integer(1)), twice) },
          { as: 'duplicated_rows', term: sum(n, twice) },
          { as: 'groups', term: countWhen(twice) },
        ],
        from: groups,
      },
    };
    const failing = {
      items: [...keys.map((term, at) => ({ as: columns[at]!.name, term })), { as: 'times', term: n }],
      from: groups,
      where: twice,
    };
    // Equal values have equal hashes: as many hashes as rows prove that no two are equal. Fewer prove nothing, and are looked at again.
    const quick: Ask = {
      is: 'values',
      values: {
        rows: countWhen(),
        checked: countWhen(looked),
        hashes: {
          is: 'aggregate',
          fn: 'count',
          distinct: true,
          of: call('hash', INTEGER, ...terms),
          when: looked,
          type: INTEGER,
        },
      },
    };
    return {
      asks: { quick },
      looksAt: looked,
      then: { asks: { exact }, isOpen: ({ quick: rows }) => !settled(oneRow(rows)) },
      failing,
    };
  },
  count: ({ quick, exact }, { counted }) => {
    const row = exact === undefined ? { ...oneRow(quick), ...NO_DUPLICATES } : oneRow(exact);
    const found = {
      extra_rows: countIn(row, 'extra_rows'),
      duplicated_rows: countIn(row, 'duplicated_rows'),
      groups: countIn(row, 'groups'),
    };
    return {
      rows: countIn(row, 'rows'),
      checked: countIn(row, 'checked'),
      violations: found[counted],
      metrics: { extraRows: found.extra_rows, duplicatedRows: found.duplicated_rows, groups: found.groups },
    };
  },
  found: ({ checked, violations, metrics = {} }) =>
    violations === 0n
      ? { en: `all ${checked} rows checked differ`, zh: `检查 ${checked} 行，互不重复` }
      : {
          en: `${metrics['groups']} values occur more than once, in ${metrics['duplicatedRows']} of ${checked} rows checked`,
          zh: `检查 ${checked} 行，${metrics['groups']} 个取值重复，涉及 ${metrics['duplicatedRows']} 行`,
        },
  examples: [
    {
      title: 'three ways to count duplicates',
      columns: { x: 'text' },
      rows: [['a'], ['a'], ['a'], ['b'], ['b'], ['c'], [null], [null]],
      rule: { columns: ['x'] },
      expect: {
        status: 'fail',
        rows: 8,
        checked: 6,
        violations: 3, // 2 more a + 1 more b
        metrics: { extraRows: '3', duplicatedRows: '5', groups: '2', ratio: '0.5' },
        failingRows: 2,
      },
    },
    {
      title: 'all rows of a duplicated value as violations',
      columns: { x: 'integer' },
      rows: [[1], [1], [2]],
      rule: { columns: ['x'], params: { counted: 'duplicated_rows' } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 2 },
    },
    {
      title: 'unique values',
      columns: { x: 'decimal' },
      rows: [['1.10'], ['1.11']],
      rule: { columns: ['x'] },
      expect: { status: 'pass', rows: 2, checked: 2, violations: 0, failingRows: 0 },
    },
    {
      title: 'a combination: a row is left out only when all of it is absent',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['x', '2026-01-02'],
        ['y', null],
        ['y', null],
        [null, null],
        [null, null],
      ],
      rule: { columns: ['a', 'b'] },
      expect: { status: 'fail', rows: 6, checked: 4, violations: 1, metrics: { extraRows: '1', groups: '1' } },
    },
    {
      title: 'a combination: a row is left out when any of it is absent',
      columns: { a: 'text', b: 'date' },
      rows: [
        ['x', '2026-01-01'],
        ['y', null],
        ['y', null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'ignore_if_any_null' } },
      expect: { status: 'pass', rows: 3, checked: 1, violations: 0 },
    },
    {
      title: 'a combination: no row is left out',
      columns: { a: 'text', b: 'uuid' },
      rows: [
        [null, null],
        [null, null],
        ['x', null],
      ],
      rule: { columns: ['a', 'b'], params: { nulls: 'never_ignore' } },
      expect: { status: 'fail', rows: 3, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'values that stand for nothing are left out',
      columns: { x: 'integer' },
      rows: [[0], [0], [-1], [-1], [7], [null]],
      rule: { columns: ['x'], params: { treatAsNull: [0, null] } },
      expect: { status: 'fail', rows: 6, checked: 3, violations: 1, failingRows: 1 },
    },
    {
      title: 'nothing to check',
      columns: { x: 'text' },
      rows: [[null], [null]],
      rule: { columns: ['x'], onEmpty: 'pass' },
      expect: { status: 'pass', rows: 2, checked: 0, violations: 0 },
    },
    {
      title: 'one double too many is allowed, two are not',
      columns: { x: 'boolean' },
      rows: [[true], [true], [false]],
      rule: { columns: ['x'], threshold: { metric: 'count', warn: { gte: 1 }, fail: { gt: 1 } } },
      expect: { status: 'warn', rows: 3, checked: 3, violations: 1 },
    },
  ],
});

const NO_DUPLICATES = { extra_rows: '0', duplicated_rows: '0', groups: '0' };

const settled = (row: MeasuredRow): boolean => countIn(row, 'hashes') === countIn(row, 'checked');

const listed = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(' + ');
