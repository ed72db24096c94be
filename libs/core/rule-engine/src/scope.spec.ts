import { type DatasetFacts, planRule, planRules, runRules } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { SAMPLE_ENGINES, type SampleSource } from '../../../../test/support/sample-tables.js';
import { wilson } from './sampled.js';

const now = new Date('2026-03-02T02:00:00Z');
const target: DatasetFacts = {
  relation: '"loan"',
  name: 'loan',
  columns: [
    { name: 'id', typeFamily: 'integer' },
    { name: 'state', typeFamily: 'text' },
    { name: 'dt', typeFamily: 'text' },
    { name: 'day', typeFamily: 'date' },
    { name: 'part', typeFamily: 'integer' },
    { name: 'seen', typeFamily: 'timestamp' },
    { name: 'at', typeFamily: 'timestamptz' },
  ],
};
const rule = (scope: object, more: object = {}) => ({
  ...{ kind: 'in_set', columns: ['state'], params: { values: ['open'] }, scope },
  ...more,
});
const measured = (given: object, since?: string) =>
  planRule(given, { target, ...(since !== undefined && { since }) }, { dialect: 'postgres', now })[0]!;
const bounds = (scope: object, since?: string) => measured(rule(scope), since).params.slice(-1)[0];

describe('a scope', () => {
  it.each<[string, object, string, string?]>([
    ['the last day', { window: { column: 'at', last: 1 } }, '2026-03-01 02:00:00.000+00:00'],
    [
      'the last hours, by clocks in Shanghai',
      { window: { column: 'seen', last: 3, unit: 'hour', timeZone: 'Asia/Shanghai' } },
      '2026-03-02 07:00:00.000',
    ],
    ['the last weeks of days', { window: { column: 'day', last: 2, unit: 'week' } }, '2026-02-16'],
    [
      'since the last run',
      { window: { column: 'at', sinceLastRun: true } },
      '2026-03-01 18:00:00.500+00:00',
      '2026-03-01T18:00:00.500Z',
    ],
    ['a partition by its name', { partition: { column: 'dt', value: '2026-01-31' } }, '2026-01-31'],
    ['the partition of yesterday', { partition: { column: 'dt', daysAgo: 1 } }, '2026-03-01'],
    [
      'the partition of yesterday, in Los Angeles',
      { partition: { column: 'dt', daysAgo: 1, timeZone: 'America/Los_Angeles', format: 'yyyyMMdd' } },
      '20260228',
    ],
    ['a partition of whole numbers', { partition: { column: 'part', daysAgo: 2 } }, '20260228'],
    ['a partition of dates', { partition: { column: 'day', daysAgo: 0, format: 'yyyyMMdd' } }, '2026-03-02'],
  ])('%s', (_, scope, bound, since = '') => {
    expect(bounds(scope, since || undefined)).toBe(bound);
  });

  it('is of all rows when there was no run before', () => {
    expect(measured(rule({ window: { column: 'at', sinceLastRun: true } })).sql).not.toContain('WHERE (t."at"');
  });

  it.each<[string, object, string, string]>([
    ['neither how far nor since when', rule({ window: { column: 'at' } }), 'scope.window', 'either how far back'],
    ['both', rule({ window: { column: 'at', last: 1, sinceLastRun: true } }), 'scope.window', 'either how far back'],
    ['a window of texts', rule({ window: { column: 'state', last: 1 } }), 'scope.window.column', 'not a date'],
    ['an unknown column', rule({ window: { column: 'x', last: 1 } }), 'scope.window.column', 'no column "x"'],
    [
      'an unknown zone',
      rule({ window: { column: 'at', last: 1, timeZone: 'Mars/Base' } }),
      'scope.window.timeZone',
      'no time zone',
    ],
    ['a partition without a value', rule({ partition: { column: 'dt' } }), 'scope.partition', 'either the value'],
    [
      'a partition of another type',
      rule({ partition: { column: 'part', value: 'x' } }),
      'scope.partition.value',
      'write a number',
    ],
    ['nothing', rule({}), 'scope', 'fewer than 1'],
    [
      'rows, of a kind that looks at none',
      { kind: 'column_count', params: { min: 1 }, scope: { partition: { column: 'dt', daysAgo: 0 } } },
      'scope',
      'does not look at rows',
    ],
    ['a sample of all', rule({ sample: { percent: 100 } }), 'scope.sample.percent', '<= 99'],
    [
      'a sample for a number of violations',
      rule({ sample: { percent: 1 } }, { threshold: { fail: { gt: 5 } } }),
      'scope.sample',
      'give the threshold as a ratio',
    ],
    [
      'a sample that must not be empty',
      rule({ sample: { percent: 1 } }, { onEmpty: 'fail' }),
      'scope.sample',
      'onEmpty',
    ],
    ...(
      [
        ['unique', ['id'], {}],
        ['primary_key', ['id'], {}],
        ['foreign_key', ['state'], { refColumns: ['state'] }],
        ['row_count', [], { min: 1 }],
        ['aggregate', ['id'], { fn: 'max', max: 1 }],
        ['aggregate', ['id'], { fn: 'avg', max: 1 }],
        ['distinct_count', ['id'], { min: 1 }],
        ['distinct_set', ['state'], { values: ['a'] }],
        ['table_diff', ['id'], {}],
        ['table_equality', ['state'], {}],
        ['monotonic', ['id'], { orderBy: ['at'] }],
        ['freshness', ['at'], { maxAge: 1 }],
      ] as const
    ).map(([kind, columns, params]): [string, object, string, string] => [
      `a sample for ${kind} ${JSON.stringify(params)}`,
      { kind, columns, params, scope: { sample: { percent: 1 } } },
      'scope.sample',
      'a sample says nothing of',
    ]),
  ])('is refused: %s', (_, given, path, message) => {
    const other = { ...target, dialect: 'postgres', sameConnection: true } as const;
    let refused: unknown;
    try {
      planRule(given, { target, other }, { dialect: 'postgres', now });
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(InvalidInput);
    const { faults } = refused as InvalidInput;
    expect(faults.map((each) => `${each.path.join('.')}: ${each.message}`).join('\n')).toContain(`${path}: `);
    expect(faults.map((each) => each.message).join('\n')).toContain(message);
  });

  it('has a scan of its own, which reads no more than it', () => {
    const yesterday = { partition: { column: 'dt', daysAgo: 1 } };
    const given = [
      rule(yesterday),
      rule({ sample: { percent: 0.5 } }),
      rule(yesterday, { columns: ['dt'], where: 'id > 3' }),
      rule(yesterday, { budgetMs: 5 }),
    ];
    const { work } = planRules(
      [...given, { kind: 'not_null', columns: ['id'] }].map((each) => ({ rule: each, facts: { target } })),
      {
        dialect: 'postgres',
        now,
      },
    );
    expect(work.map(({ answers, budgetMs }) => [answers.map((each) => each.rule), budgetMs])).toEqual([
      [[0, 2], undefined],
      [[1], undefined],
      [[3], 5],
      [[4], undefined],
    ]);
    expect(work[0]!.statement.sql).toMatch(/WHERE \(t\."dt" = CAST\(\$\d+ AS text\)\)$/);
    expect(work[1]!.statement.sql).toContain('FROM (SELECT * FROM "loan" WHERE random() < 0.005) AS t');
  });
});

describe.each(SAMPLE_ENGINES)('on %s', (_, open) => {
  let source: SampleSource;
  beforeAll(async () => {
    source = await open();
  });
  afterAll(() => source?.close());

  const run = async (given: object, facts: DatasetFacts, since?: string) => {
    const [outcome] = await runRules(
      [{ rule: given, facts: { target: facts, ...(since !== undefined && { since }) } }],
      ({ sql, params, maxRows }) =>
        source.connection.query(sql, params, { signal: new AbortController().signal, deadlineMs: 20_000, maxRows }),
      { dialect: source.dialect, now },
    );
    if (outcome?.error instanceof Error) throw outcome.error;
    return outcome!;
  };

  it('looks at new rows, and at a partition, only', async () => {
    const table = await source.add(
      [
        { name: 'state', typeFamily: 'text' },
        { name: 'dt', typeFamily: 'text' },
        { name: 'at', typeFamily: 'timestamptz' },
      ],
      [
        ['bad', '2026-02-27', '2026-02-27T12:00:00Z'],
        ['open', '2026-03-01', '2026-03-01T12:00:00Z'],
        ['worse', '2026-03-01', '2026-03-02T01:00:00Z'],
        [null, '2026-03-01', '2026-03-02T01:30:00Z'],
      ],
    );
    const day = await run(rule({ window: { column: 'at', last: 1 } }), table);
    expect(day.verdict).toMatchObject({ status: 'fail', rows: '3', checked: '2', violations: '1' });
    expect(day.failing?.rows).toEqual([['worse']]);
    const since = await run(rule({ window: { column: 'at', sinceLastRun: true } }), table, '2026-03-02T01:15:00Z');
    expect(since.verdict).toMatchObject({ status: 'not_evaluated', rows: '1', checked: '0' });
    const part = await run(
      rule({ partition: { column: 'dt', value: '2026-02-27' } }, { where: "state <> 'x'" }),
      table,
    );
    expect(part.verdict).toMatchObject({ status: 'fail', rows: '1', violations: '1' });
    const unique = { kind: 'unique', columns: ['dt'], scope: { window: { column: 'at', last: 1 } } };
    expect((await run(unique, table)).verdict).toMatchObject({
      status: 'fail',
      rows: '3',
      metrics: { extraRows: '2' },
    });
  });

  it('draws a sample and says between what the share of all rows lies', async () => {
    const rows = Array.from({ length: 400 }, (_each, at) => [at % 4 === 0 ? 'bad' : 'open']);
    const table = await source.add([{ name: 'state', typeFamily: 'text' }], rows);
    const given = rule({ sample: { percent: 50 } }, { threshold: { metric: 'ratio', fail: { gt: 0.9 } } });
    const { verdict } = await run(given, table);
    const [checked, found] = [Number(verdict.checked), Number(verdict.violations)];
    // 200 are expected, give or take 10; six times that is less than one run in 10^8.
    expect(checked).toBeGreaterThan(140);
    expect(checked).toBeLessThan(260);
    expect(found).toBeGreaterThan(0);
    expect(verdict).toMatchObject({ status: 'pass', rows: verdict.checked, metrics: { samplePercent: '50' } });
    const { ratioLow, ratio, ratioHigh } = verdict.metrics;
    expect(Number(ratioLow)).toBeLessThan(Number(ratio));
    expect(Number(ratio)).toBeLessThan(Number(ratioHigh));
    expect(verdict.sentence.en).toContain('in a sample of 50 %; of all rows, between');
    expect(verdict.sentence.zh).toMatch(/（50% 抽样；全部行的占比有 95% 的把握在 [\d.]+% 与 [\d.]+% 之间）/);
  });

  it('has nothing to check where chance draws nothing', async () => {
    const table = await source.add([{ name: 'state', typeFamily: 'text' }], [['bad']]);
    const { verdict } = await run(rule({ sample: { percent: 0.001 } }), table);
    expect(verdict).toMatchObject({ status: 'not_evaluated', metrics: { samplePercent: '0.001' } });
  });
});

// By Wilson's formula with z = 1.96, from tables.
it.each([
  [0n, 10n, 0, 0.2775],
  [1n, 10n, 0.0179, 0.4042],
  [5n, 10n, 0.2366, 0.7634],
  [10n, 10n, 0.7225, 1],
  [1n, 1000n, 0.0002, 0.0056],
])('%s of %s lies between %p and %p', (violations, checked, low, high) => {
  const found = wilson(violations, checked);
  expect(found.low).toBeCloseTo(low, 3);
  expect(found.high).toBeCloseTo(high, 3);
});
