import fc from 'fast-check';

import { type QueryResult } from '#core/connector-kit';
import { checkRule, errorVerdict, planRule, type RuleFacts, runRules, skippedVerdict } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { compareDecimals, decimalText, fractionText, toDecimal } from './exact.js';

const facts: RuleFacts = {
  target: {
    relation: '"risk"."loan"',
    name: 'risk.loan',
    columns: [
      { name: 'id', typeFamily: 'integer', nativeType: 'bigint' },
      { name: 'state', typeFamily: 'text' },
      { name: 'balance', typeFamily: 'decimal' },
      { name: 'rate', typeFamily: 'float', nativeType: 'real' },
      { name: 'opened', typeFamily: 'date' },
      { name: 'noon', typeFamily: 'time' },
      { name: 'seen', typeFamily: 'timestamp' },
      { name: 'changed', typeFamily: 'timestamptz' },
      { name: 'active', typeFamily: 'boolean' },
      { name: 'uid', typeFamily: 'uuid' },
      { name: 'doc', typeFamily: 'json' },
      { name: 'tags', typeFamily: 'array' },
    ],
  },
  other: {
    relation: '"risk"."branch"',
    name: 'risk.branch',
    columns: [
      { name: 'code', typeFamily: 'text' },
      { name: 'opened', typeFamily: 'timestamp' },
      { name: 'doc', typeFamily: 'json' },
    ],
    dialect: 'postgres',
    sameConnection: true,
  },
};

const now = new Date('2026-06-30T00:00:00Z');
const plan = (rule: object, given = facts) => planRule(rule, given, { dialect: 'postgres', now });

function refusalOf(act: () => unknown): InvalidInput {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a rule is refused', () => {
  const of = (kind: string, column: string, params: object = {}) => ({ kind, columns: [column], params });
  const inSet = (...values: unknown[]) => ({ kind: 'in_set', columns: ['state'], params: { values } });
  const where = (condition: object) => ({ kind: 'not_null', columns: ['id'], where: condition });
  const left = { column: 'id' };
  const right = { literal: 1 };

  it.each<[string, object, string, string]>([
    ['of an unknown kind', { kind: 'magic' }, 'kind', 'there is no kind "magic"; there are not_null, '],
    ['without columns', { kind: 'not_null' }, 'columns', 'names 1 column, not 0'],
    ['with too many columns', { kind: 'not_null', columns: ['id', 'state'] }, 'columns', 'names 1 column, not 2'],
    ['with a column twice', { kind: 'unique', columns: ['id', 'id'] }, 'columns', 'named twice'],
    [
      'with a column that is not there',
      { kind: 'not_null', columns: ['nope'] },
      'columns.0',
      'risk.loan has no column "nope"',
    ],
    ['with columns where none belong', { kind: 'row_count_compare', columns: ['id'] }, 'columns', 'names no columns'],
    ['with an unknown property', { kind: 'not_null', columns: ['id'], sql: '1=1' }, 'sql', 'not a known property'],
    [
      'with an unknown parameter',
      { kind: 'not_null', columns: ['id'], params: { x: 1 } },
      'params.x',
      'not a known property',
    ],
    ['without its parameters', { kind: 'in_set', columns: ['state'] }, 'params.values', 'is missing'],
    ['with a parameter of a wrong type', inSet({}), 'params.values.0', 'allowed forms'],
    ['with a list of nothing but NULL', inSet(null, null), 'params.values', 'the list has no value'],
    ['with a number for a text', inSet('a', 3), 'params.values.1', 'write it as a text'],
    ['with NUL in a value', inSet('a\0b'), 'params.values.0', 'no database stores'],
    ['with half a character in a value', inSet('\ud83d'), 'params.values.0', 'no database stores'],
    ['with too many samples', { kind: 'not_null', columns: ['id'], samples: 101 }, 'samples', '<= 100'],
    [
      'with two conditions in one bound',
      { kind: 'not_null', columns: ['id'], threshold: { fail: { gt: 1, lt: 3 } } },
      'threshold.fail',
      'NOT have more than 1',
    ],
    [
      'with a threshold that says nothing',
      { kind: 'not_null', columns: ['id'], threshold: { metric: 'ratio' } },
      'threshold',
      'neither',
    ],
    [
      'with a null policy that means nothing',
      { kind: 'unique', columns: ['id'], nullPolicy: 'fail' },
      'nullPolicy',
      'its own way',
    ],
    [
      'between on a text',
      { kind: 'between', columns: ['state'], params: { min: 1 } },
      'columns.0',
      'for numbers, dates and times',
    ],
    ['between without bounds', { kind: 'between', columns: ['id'] }, 'params', 'neither a lower nor an upper'],
    [
      'between with crossed bounds',
      { kind: 'between', columns: ['id'], params: { min: '10', max: 9 } },
      'params.min',
      'no value can pass',
    ],
    [
      'between with a text for a number',
      { kind: 'between', columns: ['id'], params: { min: 'ten' } },
      'params.min',
      'write a number',
    ],
    [
      'between with a day that is not',
      { kind: 'between', columns: ['opened'], params: { min: '2026-02-30' } },
      'params.min',
      'write a date',
    ],
    [
      'between with a naive time for one with a zone',
      { kind: 'between', columns: ['changed'], params: { min: '2026-02-01T00:00:00' } },
      'params.min',
      'zone',
    ],
    [
      'between with a zone for a naive time',
      { kind: 'between', columns: ['seen'], params: { min: '2026-02-01T00:00:00Z' } },
      'params.min',
      'without a zone',
    ],
    [
      'between with a day for a time',
      { kind: 'between', columns: ['seen'], params: { max: '2026-02-01' } },
      'params.max',
      'date and time',
    ],
    [
      'between with a bound twice',
      { kind: 'between', columns: ['id'], params: { min: 1, minColumn: 'balance' } },
      'params.minColumn',
      'either a value or a column',
    ],
    [
      'between with a bound of another type',
      { kind: 'between', columns: ['id'], params: { maxColumn: 'state' } },
      'params.maxColumn',
      'cannot be compared',
    ],
    ['a pattern for a number', of('regex', 'id', { patterns: ['a'] }), 'columns.0', 'a pattern is for texts'],
    ['a pattern no engine reads', of('regex', 'state', { patterns: ['a', '('] }), 'params.patterns.1', 'unterminated'],
    [
      'a pattern not every engine reads',
      of('regex', 'state', { patterns: ['(?=a)'] }),
      'params.patterns.0',
      'look-ahead',
    ],
    ['no pattern', of('like', 'state', { patterns: [] }), 'params.patterns', 'fewer than 1'],
    ['blank numbers', of('not_blank', 'id'), 'columns.0', 'not_blank is for texts'],
    ['a length without bounds', of('length_between', 'state'), 'params', 'neither a lower nor an upper'],
    ['a length below zero', of('length_between', 'state', { min: -1 }), 'params.min', '>= 0'],
    [
      'a list in any case for numbers',
      of('in_set', 'id', { values: [1], caseInsensitive: true }),
      'columns.0',
      'is for texts',
    ],
    ['a type that is none', of('castable', 'state', { as: 'money' }), 'params.as', 'must be one of'],
    ['a date format nobody knows', of('date_format', 'state', { format: '%Y-%Q' }), 'params.format', '%Q is not known'],
    [
      'a date format without a date',
      of('date_format', 'state', { format: 'yyyy' }),
      'params.format',
      'no part of a date',
    ],
    ['a date format with a year twice', of('date_format', 'state', { format: '%Y%Y' }), 'params.format', 'twice'],
    ['an unknown format', of('format', 'state', { format: 'phone' }), 'params.format', 'must be one of'],
    [
      'columns of types that cannot be compared',
      { kind: 'compare_columns', columns: ['id', 'state'], params: { op: 'gt' } },
      'columns.1',
      'cannot be compared',
    ],
    [
      'a combination of another length',
      { kind: 'pair_in_set', columns: ['id', 'state'], params: { values: [[1, 'a', 'b']] } },
      'params.values.0',
      '3 values for 2 columns',
    ],
    [
      'a combination of other types',
      { kind: 'pair_in_set', columns: ['id', 'state'], params: { values: [['x', 'a']] } },
      'params.values.0.0',
      'write a number',
    ],
    ['a sum of texts', of('row_sum_equals', 'state', { total: 1 }), 'columns.0', 'no number'],
    ['a sum without a total', of('row_sum_equals', 'id'), 'params.total', 'either a total or the column'],
    ['a condition that is not given', { kind: 'expression' }, 'params.passWhen', 'give either'],
    [
      'a condition nobody understands',
      { kind: 'expression', params: { passWhen: 'id >' } },
      'params.passWhen',
      'at its end',
    ],
    ['a filter nobody understands', { ...of('not_null', 'id'), where: 'id = 1 and' }, 'where', 'a value is expected'],
    ['a filter of nothing', { ...of('not_null', 'id'), where: '' }, 'where', 'fewer than 1'],
    ['unique documents', { kind: 'unique', columns: ['id', 'doc'] }, 'columns.1', 'no common notion'],
    ['a list of arrays', { ...inSet('a'), columns: ['tags'] }, 'params.values.0', 'cannot be compared with a literal'],
    [
      'a key of another length',
      { kind: 'foreign_key', columns: ['state'], params: { refColumns: ['code', 'opened'] } },
      'params.refColumns',
      '1 columns here and 2 there',
    ],
    [
      'a key to a column that is not there',
      { kind: 'foreign_key', columns: ['state'], params: { refColumns: ['x'] } },
      'params.refColumns.0',
      'risk.branch has no column',
    ],
    [
      'a key of another type',
      { kind: 'foreign_key', columns: ['opened'], params: { refColumns: ['opened'] } },
      'params.refColumns.0',
      'cannot be compared',
    ],
    ['a condition as SQL text', where({ op: 'sql', text: '1=1' }), 'where.op', '"sql" is not an operator'],
    [
      'a condition on a column that is not there',
      where({ op: 'and', args: [{ op: 'eq', left: { column: 'x"' }, right }] }),
      'where.args.0.left.column',
      'no column',
    ],
    ['a comparison without a column', where({ op: 'eq', left: right, right }), 'where', 'has to be a column'],
    ['a comparison with null', where({ op: 'eq', left, right: { literal: null } }), 'where.right.literal', 'is_null'],
    [
      'a comparison of different types',
      where({ op: 'eq', left, right: { column: 'state' } }),
      'where',
      'cannot be compared',
    ],
    [
      'a condition with something else in it',
      where({ op: 'eq', left, right, raw: 'x' }),
      'where.raw',
      'not known here',
    ],
    [
      'an operand with something else in it',
      where({ op: 'eq', left: { column: 'id', as: 'x' }, right }),
      'where.left',
      '{"column": …}',
    ],
    ['a pattern on a number', where({ op: 'like', value: left, pattern: '1%' }), 'where.pattern', 'not text'],
    [
      'a pattern that ends in the escape sign',
      where({ op: 'like', value: { column: 'state' }, pattern: 'a\\' }),
      'where.pattern',
      'followed by',
    ],
    ['a list that is none', where({ op: 'in', value: left, list: 'x' }), 'where.list', 'a list is needed'],
    ['a part that is none', where({ op: 'not', arg: 'x' }), 'where.arg', 'part of a condition'],
  ])('%s', (_, rule, path, words) => {
    const refusal = refusalOf(() => plan(rule));
    expect(refusal.faults.map((fault) => fault.path.join('.'))).toEqual([path]);
    expect(refusal.message).toContain(words);
  });

  it('without the other dataset it needs, or when that is elsewhere', () => {
    const rule = { kind: 'foreign_key', columns: ['state'], params: { refColumns: ['code'] } };
    expect(refusalOf(() => plan(rule, { target: facts.target })).message).toContain('second dataset');
    const elsewhere = { ...facts, other: { ...facts.other!, sameConnection: false } };
    expect(refusalOf(() => plan(rule, elsewhere)).message).toContain('in another source');
  });

  it('with a condition too deep for any engine', () => {
    let condition: object = { op: 'is_null', value: left };
    for (let depth = 0; depth < 60; depth++) condition = { op: 'not', arg: condition };
    expect(refusalOf(() => plan(where(condition))).message).toContain('nested deeper');
  });
});

describe('a plan', () => {
  it('names columns and values in their places only', () => {
    const [measure, failing] = plan({ kind: 'in_set', columns: ['state'], params: { values: ["a'b", 'c'] } });
    expect(measure).toEqual({
      purpose: 'measure',
      on: 'target',
      sql: [
        'SELECT count(*) AS "v1",',
        '       count(*) FILTER (WHERE (NOT (t."state" IN (CAST($1 AS text), CAST($2 AS text))))) AS "v2",',
        '       count(*) FILTER (WHERE (t."state" IS NULL)) AS "v3"',
        '  FROM "risk"."loan" AS t',
      ].join('\n'),
      params: ["a'b", 'c'],
      maxRows: 1,
    });
    expect(failing).toMatchObject({ purpose: 'failing_rows', maxRows: 20, params: ["a'b", 'c'] });
  });

  it.each([
    ['a whole number', 'id', 7, 'bigint'],
    ['a whole number that no bigint holds', 'id', '99999999999999999999', 'numeric'],
    ['a decimal', 'balance', '0.10', 'numeric'],
    ['a number of single precision', 'rate', 0.1, 'real'],
    ['a date', 'opened', '2024-02-29', 'date'],
    ['a time', 'noon', '12:00', 'time'],
    ['a time without a zone', 'seen', '2026-01-01 12:00', 'timestamp'],
    ['a point in time', 'changed', '2026-01-01T12:00:00+0800', 'timestamp with time zone'],
    ['a truth value', 'active', true, 'boolean'],
    ['a UUID', 'uid', '0192F3A4-0000-7000-8000-000000000000', 'uuid'],
  ])('casts %s to the type of its column', (_, column, literal, type) => {
    const [measure] = plan({
      kind: 'not_null',
      columns: ['id'],
      where: { op: 'eq', left: { column }, right: { literal } },
    });
    expect(measure!.sql).toContain(`(t."${column}" = CAST($1 AS ${type}))`);
  });
});

it('keeps a condition as it was given', () => {
  const where = "state = 'open' and balance > 0.10";
  expect(checkRule({ kind: 'not_null', columns: ['id'], where })).toMatchObject({ where });
});

describe('exact arithmetic', () => {
  it.each([
    ['0.1', '0.1'],
    [0.1, '0.1'],
    ['-12.50', '-12.50'],
    [1e21, '1000000000000000000000'],
    [1e-7, '0.0000001'],
    ['+3', '3'],
  ])('reads %p as %s', (numeral, text) => {
    expect(decimalText(toDecimal(numeral)!)).toBe(text);
  });

  it.each(['', 'x', '1.', '.5', '1e9999', 'NaN', '0x10', '1 2'])('%p is no number', (numeral) => {
    expect(toDecimal(numeral)).toBeUndefined();
  });

  it('orders whole numbers as they are', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), fc.nat(6), (one, other, scale) => {
        const as = (units: bigint) => toDecimal(decimalText({ units, scale }))!;
        expect(Math.sign(compareDecimals(as(one), as(other)))).toBe(one < other ? -1 : one > other ? 1 : 0);
      }),
    );
  });

  it.each([
    [2n, 3n, '0.666667'],
    [1n, 1n, '1'],
    [0n, 7n, '0'],
    [1n, 10n, '0.1'],
    [100n, 1n, '100'],
  ])('writes %s/%s as %s', (numerator, denominator, text) => {
    expect(fractionText({ numerator, denominator }, 6)).toBe(text);
  });
});

/** What a source answers to the one statement of a rule that counts rows, checked rows and violations. */
const counted = (...counts: readonly (number | bigint)[]): QueryResult => ({
  columns: counts.map((_, at) => ({ name: `v${at + 1}`, nativeType: 'bigint' })),
  rows: [counts.map(String)],
  truncated: false,
});

describe('a judgement', () => {
  const judge = async (
    {
      rows = 0,
      checked = rows,
      violations = 0,
    }: { rows?: number | bigint; checked?: number | bigint; violations?: number | bigint },
    rule: object = {},
  ) => {
    const asked = { kind: 'in_set', columns: ['state'], params: { values: ['a'] }, samples: 0, ...rule };
    const [outcome] = await runRules(
      [{ rule: asked, facts }],
      () => Promise.resolve(counted(rows, violations, BigInt(rows) - BigInt(checked))),
      { dialect: 'postgres', now },
    );
    return outcome!.verdict;
  };

  const ratio = (threshold: object) => ({ threshold: { metric: 'ratio', ...threshold } });

  it.each<[string, Parameters<typeof judge>[0], object, string]>([
    ['no violation passes', { rows: 5 }, {}, 'pass'],
    ['one violation fails', { rows: 5, violations: 1 }, {}, 'fail'],
    ['nothing to check is not evaluated', {}, {}, 'not_evaluated'],
    ['nothing to check passes when the rule says so', { rows: 3, checked: 0 }, { onEmpty: 'pass' }, 'pass'],
    ['nothing to check fails when the rule says so', {}, { onEmpty: 'fail' }, 'fail'],
    ['at the bound is within', { rows: 10, violations: 3 }, ratio({ fail: { gt: 0.3 } }), 'pass'],
    [
      'failing comes before warning',
      { rows: 10, violations: 5 },
      ratio({ warn: { gt: 0 }, fail: { gte: 0.5 } }),
      'fail',
    ],
    ['a warning', { rows: 10, violations: 4 }, ratio({ warn: { gt: 0 }, fail: { gte: 0.5 } }), 'warn'],
    ['only a warning is asked for', { rows: 10, violations: 10 }, { threshold: { warn: { gt: 0 } } }, 'warn'],
    [
      'of all rows',
      { rows: 10, checked: 5, violations: 5 },
      { denominator: 'all', ...ratio({ fail: { gt: 0.5 } }) },
      'pass',
    ],
    [
      'a share below every double',
      { rows: 10n ** 18n, violations: 10n ** 17n + 1n },
      ratio({ fail: { gt: '0.1' } }),
      'fail',
    ],
    ['exactly the share', { rows: 10n ** 18n, violations: 10n ** 17n }, ratio({ fail: { gt: '0.1' } }), 'pass'],
    [
      'between, bounds inside',
      { rows: 10, violations: 2 },
      { threshold: { fail: { between: { min: 2, max: 4 } } } },
      'fail',
    ],
    [
      'between, bounds outside',
      { rows: 10, violations: 2 },
      { threshold: { fail: { between: { min: 2, max: 4, strictMin: true } } } },
      'pass',
    ],
    ['equal', { rows: 10, violations: 2 }, { threshold: { fail: { eq: 2 } } }, 'fail'],
    ['different', { rows: 10, violations: 2 }, { threshold: { fail: { ne: '2.0' } } }, 'pass'],
    ['less', { rows: 10, violations: 2 }, { threshold: { fail: { lt: 3 } } }, 'fail'],
    ['at most', { rows: 10, violations: 3 }, { threshold: { fail: { lte: 2.9 } } }, 'pass'],
  ])('%s', async (_, counts, rule, status) => {
    expect(await judge(counts, rule)).toMatchObject({ status });
  });

  it('says what was found, in both languages', async () => {
    expect((await judge({ rows: 8, violations: 2 })).sentence).toEqual({
      en: '"state" is one of a: 2 of 8 rows checked break this (25 %), which is not allowed.',
      zh: '“state”取值为 a 之一：检查 8 行，2 行不符合（25%），不符合要求。',
    });
    expect((await judge({ rows: 8 })).sentence.en).toBe('"state" is one of a: holds for all 8 rows checked.');
    expect((await judge({})).sentence.zh).toBe('“state”取值为 a 之一：没有可检查的数据。');
  });

  it('keeps counts that no double holds', async () => {
    expect(await judge({ rows: 2n ** 60n + 1n, violations: 1 })).toMatchObject({ rows: '1152921504606846977' });
  });

  it('is an error, not a failure of the data, when something else was measured', async () => {
    const rule = { kind: 'not_null', columns: ['id'] };
    const [outcome] = await runRules([{ rule, facts }], () => Promise.resolve(counted()), { dialect: 'postgres', now });
    expect(outcome).toMatchObject({ verdict: { status: 'error' }, error: expect.any(TypeError) });
  });

  it('has verdicts for runs without a measurement', () => {
    expect(errorVerdict(new Error('the source is down'))).toMatchObject({
      status: 'error',
      sentence: { en: 'The rule could not be run: the source is down' },
    });
    expect(skippedVerdict('RULE_SWITCHED_OFF', { en: 'Too large.', zh: '数据量过大。' })).toMatchObject({
      status: 'skipped',
    });
  });
});

it('fills the defaults of a rule in', () => {
  expect(checkRule({ kind: 'unique', columns: ['a'] })).toEqual({
    kind: 'unique',
    columns: ['a'],
    params: { nulls: 'ignore_if_all_null', counted: 'extra_rows' },
    nullPolicy: 'ignore',
    onEmpty: 'not_evaluated',
    denominator: 'checked',
    dimension: 'uniqueness',
    severity: 'S3',
    samples: 20,
  });
});
