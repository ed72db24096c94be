import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { parse } from 'yaml';

import { checkRule, ruleKinds } from '#core/rule-engine';

import { exportOdcs, importRules, type NamedRule } from '../index.js';
import { canonical } from './canonical.js';

const ajv = new Ajv2019({ strict: false, allErrors: true });
addFormats.default(ajv);
const schema = readFileSync(
  join(import.meta.dirname, '..', '..', 'third-party', 'odcs-json-schema-v3.1.0.json'),
  'utf8',
);
const isContract = ajv.compile(JSON.parse(schema) as object);

const contract = (quality: string, at: 'object' | 'property') =>
  importRules(
    `kind: DataContract\nschema:\n  - name: t\n${at === 'object' ? '' : '    properties:\n      - name: x\n'}    ${
      at === 'object' ? '' : '    '
    }quality:\n${quality.replaceAll(/^/gm, at === 'object' ? '      ' : '          ')}\n`,
    'odcs',
  );

describe('checks of a property', () => {
  it.each([
    ['nullValues', '- metric: nullValues\n  mustBe: 0', { kind: 'not_null', onEmpty: 'pass' }],
    [
      'a share of all rows',
      '- type: library\n  metric: nullValues\n  mustBeLessThan: 1\n  unit: percent',
      { kind: 'not_null', threshold: { metric: 'ratio', fail: { gte: 0.01 } }, denominator: 'all', onEmpty: 'pass' },
    ],
    [
      'missingValues, NULL among them',
      "- metric: missingValues\n  arguments: {missingValues: [null, '', 'N/A']}\n  mustBeLessThan: 100",
      {
        kind: 'not_null',
        params: { treatAsNull: ['', 'N/A'] },
        threshold: { metric: 'count', fail: { gte: 100 } },
        onEmpty: 'pass',
      },
    ],
    [
      'missingValues without NULL',
      "- metric: missingValues\n  arguments: {missingValues: ['']}\n  mustBe: 0",
      { kind: 'not_in_set', params: { values: [''] }, nullPolicy: 'pass', onEmpty: 'pass' },
    ],
    [
      'invalidValues by a list, with words',
      '- metric: invalidValues\n  arguments: {validValues: [a, null]}\n  mustBeLessOrEqualTo: 5\n  dimension: conformity\n  severity: error',
      {
        kind: 'in_set',
        params: { values: ['a'] },
        nullPolicy: 'pass',
        threshold: { metric: 'count', fail: { gt: 5 } },
        onEmpty: 'pass',
        severity: 'S2',
        dimension: 'validity',
      },
    ],
    [
      'invalidValues by a pattern',
      "- metric: invalidValues\n  arguments: {pattern: '^[A-Z]+$'}\n  mustBe: 0",
      { kind: 'regex', params: { patterns: ['^[A-Z]+$'], anchor: 'search' }, onEmpty: 'pass' },
    ],
    [
      'duplicateValues',
      '- metric: duplicateValues\n  mustBeLessThan: 10',
      {
        kind: 'unique',
        params: { nulls: 'ignore_if_any_null', counted: 'extra_rows' },
        threshold: { metric: 'count', fail: { gte: 10 } },
        onEmpty: 'pass',
      },
    ],
  ])('%s', (_, quality, rule) => {
    const { rules, notUnderstood } = contract(quality, 'property');
    expect(notUnderstood).toEqual([]);
    expect(rules.map((each) => each.rule)).toEqual([{ ...rule, columns: ['x'] }]);
  });
});

describe('checks of an object', () => {
  it.each([
    [
      'rowCount: the ends of a range do not belong to it',
      '- metric: rowCount\n  mustBeBetween: [100, 120]',
      { kind: 'row_count', params: { min: 100, max: 120, strictMin: true, strictMax: true } },
    ],
    [
      'a range of two operators',
      '- metric: rowCount\n  mustBeGreaterOrEqualTo: 1\n  mustBeLessThan: 9',
      { kind: 'row_count', params: { min: 1, max: 9, strictMax: true } },
    ],
    [
      'what must not be',
      '- metric: rowCount\n  mustNotBe: 0',
      { kind: 'row_count', params: {}, threshold: { metric: 'value', fail: { eq: 0 } } },
    ],
    [
      'duplicates of several columns',
      '- metric: duplicateValues\n  arguments: {properties: [a, b]}\n  mustBe: 0',
      {
        kind: 'unique',
        columns: ['a', 'b'],
        params: { nulls: 'ignore_if_any_null', counted: 'extra_rows' },
        onEmpty: 'pass',
      },
    ],
    [
      'SQL',
      '- type: sql\n  query: SELECT COUNT(*) FROM ${table} WHERE a < 0\n  mustBe: 0',
      { kind: 'sql_scalar', params: { sql: 'SELECT COUNT(*) FROM {target} WHERE a < 0', min: 0, max: 0 } },
    ],
  ])('%s', (_, quality, rule) => {
    const { rules, notUnderstood } = contract(quality, 'object');
    expect(notUnderstood).toEqual([]);
    expect(rules).toMatchObject([{ rule, dataset: 't' }]);
  });

  it.each([
    ['a sentence', '- type: text\n  description: It is well.', 'a sentence for people'],
    ['another tool', '- type: custom\n  engine: soda\n  implementation: x', 'it is written for soda'],
    ['no operator', '- metric: rowCount', 'does not say what must be'],
    ['no such metric', '- metric: freshness\n  mustBe: 0', 'no metric "freshness"'],
    ['a property that is not named', '- metric: nullValues\n  mustBe: 0', 'for a property'],
    [
      'an unknown unit',
      '- metric: duplicateValues\n  mustBe: 0\n  unit: bytes\n  arguments: {properties: [a]}',
      '"bytes"',
    ],
    ['an unknown word', '- metric: rowCount\n  mustBe: 1\n  mood: good', '"mood"'],
  ])('says why not: %s', (_, quality, reason) => {
    const { rules, notUnderstood } = contract(quality, 'object');
    expect(rules).toEqual([]);
    expect(notUnderstood).toMatchObject([{ reason: expect.stringContaining(reason) as unknown, at: { line: 5 } }]);
  });
});

/** Rules of the examples of every kind, which is what rules look like, with some of what all rules have. */
const RULES: readonly NamedRule[] = ruleKinds().flatMap(({ code, examples }) =>
  examples.map(({ rule }) => ({ rule: { ...rule, kind: code } })),
);

const same = (rules: readonly NamedRule[]) =>
  rules
    .map(
      ({ rule, at: _, was: __, notes: ___, ...named }: NamedRule & Partial<Record<'at' | 'was' | 'notes', unknown>>) =>
        canonical({ ...named, rule: checkRule(rule) }),
    )
    .sort();

describe('the way back', () => {
  it('a contract is one of the standard, and gives every rule again', () => {
    const rules = RULES.map((each, at) => ({ ...each, dataset: `t${at % 7}`, name: `规则 ${at}` }));
    const text = exportOdcs(rules, { id: 'all', name: 'All kinds' });
    isContract(parse(text));
    expect(isContract.errors ?? []).toEqual([]);
    const back = importRules(text, 'odcs');
    expect(back.notUnderstood).toEqual([]);
    expect(same(back.rules)).toEqual(same(rules));
  });

  it('any rule, whatever stands beside it', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    const bound = fc.oneof(
      fc.record({ gt: fc.integer({ min: 0, max: 99 }) }),
      fc.record({ gte: fc.constantFrom('0.001', '0.1', 0.25) }),
      fc.record({
        between: fc.record({
          min: fc.constant(1),
          max: fc.constant(5),
          strictMin: fc.boolean(),
          strictMax: fc.boolean(),
        }),
      }),
      fc.record({ notBetween: fc.record({ min: fc.constant(0), max: fc.constant('9.5') }) }),
    );
    const common = fc.record(
      {
        onEmpty: fc.constantFrom('pass', 'fail', 'not_evaluated'),
        denominator: fc.constantFrom('all', 'checked'),
        severity: fc.constantFrom('S1', 'S2', 'S3', 'S4'),
        dimension: fc.constantFrom('validity', 'accuracy', 'accessibility', 'timeliness'),
        samples: fc.integer({ min: 0, max: 100 }),
        where: fc.constantFrom("a = 'x'", '"a b" is not null'),
        threshold: fc.record({ metric: fc.constantFrom('count', 'ratio'), fail: bound }),
      },
      { requiredKeys: [] },
    );
    const kinds = fc.oneof(
      fc.record({ kind: fc.constant('not_null'), columns: fc.tuple(text) }),
      fc.record({
        kind: fc.constant('not_null'),
        columns: fc.tuple(text),
        params: fc.record({ treatAsNull: fc.array(fc.oneof(text, fc.integer(), fc.constant(null)), { maxLength: 3 }) }),
      }),
      fc.record({
        kind: fc.constant('in_set'),
        columns: fc.tuple(text),
        params: fc.record({ values: fc.array(fc.oneof(text, fc.integer(), fc.boolean()), { maxLength: 4 }) }),
        nullPolicy: fc.constantFrom('ignore', 'pass', 'fail'),
      }),
      fc.record({
        kind: fc.constant('regex'),
        columns: fc.tuple(text),
        params: fc.record({
          patterns: fc.tuple(fc.constantFrom('^a$', 'b+')),
          anchor: fc.constantFrom('search', 'full'),
        }),
      }),
      fc.record({
        kind: fc.constant('unique'),
        columns: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
        params: fc.record({
          nulls: fc.constantFrom('ignore_if_any_null', 'ignore_if_all_null', 'never_ignore'),
          counted: fc.constantFrom('extra_rows', 'duplicated_rows', 'groups'),
        }),
      }),
      fc.record({
        kind: fc.constant('row_count'),
        params: fc.record(
          { min: fc.nat(9), max: fc.integer({ min: 9, max: 20 }), strictMin: fc.boolean() },
          { requiredKeys: [] },
        ),
      }),
    );
    fc.assert(
      fc.property(kinds, common, text, (kind, shared, dataset) => {
        const rules: NamedRule[] = [{ rule: { ...kind, ...shared }, dataset, name: dataset, tags: ['a'] }];
        const written = exportOdcs(rules, { id: 'one' });
        isContract(parse(written));
        expect(isContract.errors ?? []).toEqual([]);
        const back = importRules(written, 'odcs');
        expect(back.notUnderstood).toEqual([]);
        expect(same(back.rules)).toEqual(same(rules));
      }),
      { numRuns: 300 },
    );
  });

  it('uses the metrics of the standard, and keeps beside them what they leave open', () => {
    const written = exportOdcs(
      [
        { dataset: 'loan', rule: { kind: 'not_null', columns: ['id'], onEmpty: 'pass' } },
        { dataset: 'loan', rule: { kind: 'not_null', columns: ['id'] } },
        { dataset: 'loan', rule: { kind: 'like', columns: ['id'], params: { patterns: ['a%'] } } },
      ],
      { id: 'x' },
    );
    expect(parse(written)).toMatchObject({
      schema: [
        {
          name: 'loan',
          properties: [
            {
              name: 'id',
              quality: [
                { type: 'library', metric: 'nullValues', mustBe: 0 },
                {
                  metric: 'nullValues',
                  customProperties: [{ property: 'plumblineRule', value: { rule: { kind: 'not_null' } } }],
                },
              ],
            },
          ],
          quality: [{ type: 'custom', engine: 'plumbline', implementation: { rule: { kind: 'like' } } }],
        },
      ],
    });
  });

  it('a metric that somebody changed since counts more than the rule beside it', () => {
    const written = exportOdcs([{ dataset: 'loan', rule: { kind: 'not_null', columns: ['id'], samples: 3 } }], {
      id: 'x',
    });
    const { rules } = importRules(written.replace('mustBe: 0', 'mustBeLessThan: 7'), 'odcs');
    expect(rules.map(({ rule }) => rule)).toEqual([
      { kind: 'not_null', columns: ['id'], threshold: { metric: 'count', fail: { gte: 7 } }, onEmpty: 'pass' },
    ]);
  });
});
