import fc from 'fast-check';

import { checkRule, errorVerdict, judgeRule, planRule, type RuleFacts, skippedVerdict } from '#core/rule-engine';
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

const plan = (rule: object, given = facts) => planRule(rule, given, 'postgres').statements;

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
  const inSet = (...values: unknown[]) => ({ kind: 'in_set', columns: ['state'], params: { values } });
  const where = (condition: object) => ({ kind: 'not_null', columns: ['id'], where: condition });
  const left = { column: 'id' };
  const right = { literal: 1 };

  it.each<[string, object, string, string]>([
    ['of an unknown kind', { kind: 'magic' }, 'kind', 'there is no kind "magic"; there are not_null, unique'],
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
        'SELECT count(*) AS "rows",',
        '       count(*) FILTER (WHERE (NOT (t."state" IS NULL))) AS "checked",',
        '       count(*) FILTER (WHERE ((NOT (t."state" IS NULL)) AND ((t."state" IN (CAST($1 AS text), CAST($2 AS text))) IS NOT TRUE))) AS "violations"',
        '  FROM "risk"."loan" AS t',
        ' WHERE TRUE',
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

describe('a judgement', () => {
  const judge = (
    {
      rows = 0,
      checked = rows,
      violations = 0,
    }: { rows?: number | bigint; checked?: number | bigint; violations?: number | bigint },
    rule: object = {},
  ) =>
    judgeRule(
      { kind: 'not_null', columns: ['x'], ...rule },
      { measure: { rows: String(rows), checked: String(checked), violations: String(violations) } },
    );

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
  ])('%s', (_, counts, rule, status) => {
    expect(judge(counts, rule).status).toBe(status);
  });

  it('says what was found, in both languages', () => {
    expect(judge({ rows: 8, violations: 2 }).sentence).toEqual({
      en: '"x" has a value: 2 of 8 rows checked break this (25 %), which is not allowed.',
      zh: '“x”有值：检查 8 行，2 行不符合（25%），不符合要求。',
    });
    expect(judge({ rows: 8 }).sentence.en).toBe('"x" has a value: holds for all 8 rows checked.');
    expect(judge({}).sentence.zh).toBe('“x”有值：没有可检查的数据。');
  });

  it('keeps counts that no double holds', () => {
    expect(judge({ rows: 2n ** 60n + 1n, violations: 1 })).toMatchObject({ rows: '1152921504606846977' });
  });

  it('does not judge what was not measured', () => {
    expect(() => judgeRule({ kind: 'not_null', columns: ['x'] }, { measure: { rows: '1' } })).toThrow(TypeError);
  });

  it('has verdicts for runs without a measurement', () => {
    expect(errorVerdict(new Error('the source is down'))).toMatchObject({
      status: 'error',
      sentence: { en: 'The rule could not be run: the source is down' },
    });
    expect(skippedVerdict({ en: 'Too large.', zh: '数据量过大。' })).toMatchObject({ status: 'skipped' });
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
