import { formatOf, importRules, ruleLine, writeRuleFile } from '../index.js';

describe('a rule on one line', () => {
  it.each([
    ['not_null 借据号', { rule: { kind: 'not_null', columns: ['借据号'] } }],
    [
      'unique a,b nulls=never_ignore',
      { rule: { kind: 'unique', columns: ['a', 'b'], params: { nulls: 'never_ignore' } } },
    ],
    ['unique "a b" c', { rule: { kind: 'unique', columns: ['a b', 'c'] } }],
    ['in_set s values=A,B,1', { rule: { kind: 'in_set', columns: ['s'], params: { values: ['A', 'B', 1] } } }],
    [`in_set s values=["A, B","c"]`, { rule: { kind: 'in_set', columns: ['s'], params: { values: ['A, B', 'c'] } } }],
    [`in_set s values='A, B',"1"`, { rule: { kind: 'in_set', columns: ['s'], params: { values: ['A, B', '1'] } } }],
    [
      'between x min=0.10 max=9007199254740993',
      { rule: { kind: 'between', columns: ['x'], params: { min: '0.10', max: '9007199254740993' } } },
    ],
    [
      String.raw`regex x patterns=^\d{3}$`,
      { rule: { kind: 'regex', columns: ['x'], params: { patterns: [String.raw`^\d{3}$`] } } },
    ],
    [
      "not_null x fail=>5% warn='> 0' onEmpty=fail severity=S1 where a = 'where' and b > 1",
      {
        rule: {
          kind: 'not_null',
          columns: ['x'],
          where: "a = 'where' and b > 1",
          onEmpty: 'fail',
          severity: 'S1',
          threshold: { metric: 'ratio', fail: { gt: 0.05 }, warn: { gt: 0 } },
        },
      },
    ],
    [
      'foreign_key id other=client refColumns=id',
      { other: 'client', rule: { kind: 'foreign_key', columns: ['id'], params: { refColumns: ['id'] } } },
    ],
    [
      'sql_no_rows sql="SELECT 1 FROM {target}"',
      { rule: { kind: 'sql_no_rows', params: { sql: 'SELECT 1 FROM {target}' } } },
    ],
    [
      'not_null x scope={"sample": {"percent": 5}} budgetMs=60000 verify=true',
      {
        rule: {
          ...{ kind: 'not_null', columns: ['x'], budgetMs: 60_000, verify: true },
          scope: { sample: { percent: 5 } },
        },
      },
    ],
    ["expression passWhen='a > 0'", { rule: { kind: 'expression', params: { passWhen: 'a > 0' } } }],
  ])('%s', (line, rule) => expect(ruleLine(line)).toEqual(rule));

  it.each([
    ['', 'it is empty'],
    ['no_such_kind x', 'there is no kind "no_such_kind"'],
    ['not_null x fail=5', 'fail is "5"; write fail=>5'],
    ['in_set x values="a', 'is not closed'],
    ["in_set x values=['a']", 'begins like a list of JSON'],
  ])('refuses %j', (line, sentence) => expect(() => ruleLine(line)).toThrow(sentence));
});

it('a file of rules: lines and objects, and what is wrong with them, by line', () => {
  const text = `# 借据
rules:
  - not_null id
  - kind: between
    dataset: loan
    name: 金额为正
    columns: [amount]
    params: { min: 0.10 }
  - kind: not_null
    colums: [id]
  - in_set status
version: 1
`;
  expect(importRules(text, 'rules')).toMatchObject({
    rules: [
      { rule: { kind: 'not_null', columns: ['id'] }, at: { line: 3 } },
      { rule: { kind: 'between', params: { min: 0.1 } }, dataset: 'loan', name: '金额为正', at: { line: 4 } },
    ],
    notUnderstood: [
      { was: 'version', at: { line: 12 } },
      { was: 'not_null', reason: '"colums" is not a known property', at: { line: 10, column: 5 } },
      {
        was: 'in_set status',
        reason: 'The parameters of in_set cannot be used: "params.values" is missing',
        at: { line: 11 },
      },
    ],
  });
});

it('rules are written and read again', () => {
  const { rules } = importRules('- in_set a,b values=yes,1 where x = 1'.replace('a,b', 'a'), 'rules');
  const written = writeRuleFile(rules);
  expect(importRules(written, 'rules').rules.map(({ rule }) => rule)).toEqual(rules.map(({ rule }) => rule));
});

it.each([
  ['rules', 'rules: []'],
  ['rules', '- not_null x'],
  ['dbt', 'models: []'],
  ['dbt', '{"metadata": {}, "nodes": {}}'],
  ['gx', '{"expectations": []}'],
  ['gx', '[{"type": "x", "kwargs": {}}]'],
  ['soda', 'checks for t:\n  - row_count > 0'],
  ['soda', 'dataset: a/b\nchecks: []'],
  ['odcs', 'kind: DataContract'],
  [undefined, 'a: 1'],
])('tells %s', (format, text) => expect(formatOf(text)).toBe(format));

it.each([
  ['what is no YAML', 'a: [1', 'The text cannot be read, line 1'],
  ['a text of another tool', 'kind: DataContract', 'This is no file of rules'],
  [
    'many lines from a few',
    `a: &a [x,x]\n${Array.from({ length: 30 }, (_, at) => `b${at}: &b${at} [*${at === 0 ? 'a' : `b${at - 1}`}, *${at === 0 ? 'a' : `b${at - 1}`}]`).join('\n')}`,
    'cannot be read',
  ],
])('refuses %s', (_, text, sentence) => expect(() => importRules(text, 'rules')).toThrow(sentence));
