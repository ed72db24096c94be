import { COSTS, type Costs, fitCosts, planRules, type PlanOptions, type Taken } from '#core/rule-engine';

import { cheaperForm, costOf, loadOf } from './cost-model.js';

const now = new Date('2026-06-30T00:00:00Z');
const columns = [
  { name: 'id', typeFamily: 'integer' },
  { name: 'state', typeFamily: 'text' },
  { name: 'balance', typeFamily: 'decimal' },
] as const;
const target = { relation: '"loan"', name: 'loan', columns, rowEstimate: 2_000_000 };
const other = { relation: '"branch"', name: 'branch', columns, dialect: 'postgres', sameConnection: true } as const;

const RULES = [
  { kind: 'row_count', params: { min: 1 } },
  { kind: 'not_null', columns: ['id'] },
  { kind: 'in_set', columns: ['state'], params: { values: ['a'] } },
  { kind: 'regex', columns: ['state'], params: { patterns: ['^[a-z]+$'] } },
  { kind: 'aggregate', columns: ['balance'], params: { fn: 'sum', min: 0 } },
  { kind: 'unique', columns: ['id'] },
  { kind: 'foreign_key', columns: ['state'], params: { refColumns: ['state'] } },
  { kind: 'monotonic', columns: ['balance'], params: { orderBy: ['id'] } },
  { kind: 'distinct_count', columns: ['state'], params: { min: 1 } },
  { kind: 'column_count', params: { min: 1 } },
];

const planned = (more: Partial<PlanOptions> = {}, rules: readonly object[] = RULES) =>
  planRules(
    rules.map((rule) => ({ rule, facts: { target, other } })),
    { dialect: 'postgres', now, ...more },
  );
const inWords = (more: Partial<PlanOptions> = {}, rules?: readonly object[]) =>
  planned(more, rules).work.map(({ explanation: { lanes }, scan, answers }) => {
    const said = Object.entries(lanes).map(([lane, count]) => `${count} ${lane}`);
    return `${scan?.form ?? 'own'}: ${said.join(', ')} for ${new Set(answers.map(({ rule }) => rule)).size}`;
  });

describe('a plan', () => {
  it('puts into one scan, on a row store, what one scan can answer', () => {
    expect(inWords()).toEqual([
      // The foreign key's rows are counted in the scan, too.
      'together: 2 count, 4 scan, 1 unique, 1 regex for 7',
      'own: 1 foreign_key for 1',
      'own: 1 window for 1',
      'own: 1 groups for 1',
    ]);
  });

  it('counts apart, on a column store, what is counted; the rest have statements of their own', () => {
    expect(inWords({ dialect: 'duckdb' })).toEqual([
      'apart: 2 count, 3 scan, 1 regex for 6',
      'together: 1 scan for 1',
      'together: 1 unique for 1',
      'own: 1 foreign_key for 1',
      'own: 1 window for 1',
      'own: 1 groups for 1',
    ]);
  });

  it.each([
    ['always', 'duckdb', 'together'],
    ['never', 'postgres', 'apart'],
  ] as const)('does as it is told: %s on %s', (fuse, dialect, form) => {
    const [first] = planned({ fuse, dialect }, [RULES[1]!, RULES[2]!]).work;
    expect(first!.scan!.form).toBe(form);
  });

  it('does what costs less by the constants it is given', () => {
    const cheap = { ...COSTS.postgres, read: 0, columns: 0, apart: { count: 0, scan: 0, regex: 0, unique: 0 } };
    expect(planned({ costs: cheap }, [RULES[1]!, RULES[2]!]).work[0]!.scan!.form).toBe('apart');
  });

  it('says why, and what it expects', () => {
    const { explanation } = planned({}, [RULES[1]!, RULES[2]!]).work[0]!;
    expect(explanation).toEqual({
      lanes: { scan: 2 },
      microsPerRow: expect.closeTo(0.34), // 0.04 + 0.2 + 2 × 0.05
      seconds: expect.closeTo(0.68), // 2 million rows
      why: {
        en: '2 questions in one scan: about 0.34 µs a row; one query for each would take 0.58 µs',
        zh: '2 个问题合并为一次扫描：每行约 0.34 µs；逐条查询约 0.58 µs',
      },
    });
    expect(planned({ dialect: 'duckdb' }, [RULES[1]!]).work[0]!.explanation.why.zh).toContain('分别计数');
  });

  it('asks for patterns last, so that halves of a statement are cheap ones and dear ones', () => {
    const work = planned({}, [RULES[3]!, RULES[1]!, RULES[3]!, RULES[2]!]).work[0]!;
    expect(work.halves!().map(({ explanation }) => explanation.lanes)).toEqual([{ scan: 2 }, { regex: 2 }]);
  });
});

describe('the cost model', () => {
  const load = loadOf(['scan', 'scan', 'scan', 'regex', 'count']);

  it.each([
    ['postgres', 'together'],
    ['mysql', 'together'],
    ['duckdb', 'apart'],
  ] as const)('on %s: %s', (dialect, form) => {
    expect(cheaperForm(COSTS[dialect], load)).toBe(form);
  });

  const truth: Costs = {
    ...{ read: 0.1, columns: 0.4 },
    together: { count: 0.002, scan: 0.03, regex: 1.1, unique: 0.6 },
    apart: { count: 0.003, scan: 0.05, regex: 1.3, unique: 0.9 },
  };
  const took = (form: Taken['form'], rows: number, ...lanes: Parameters<typeof loadOf>[0]): Taken => {
    const measured = loadOf(lanes);
    return { form, load: measured, rows, seconds: (costOf(truth, measured, form) * rows) / 1e6 };
  };
  const history = [1e5, 1e6, 3e6].flatMap((rows) =>
    (['together', 'apart'] as const).flatMap((form) => [
      took(form, rows, 'count'),
      took(form, rows, 'count', 'count', 'count', 'scan'),
      took(form, rows, 'scan', 'scan'),
      took(form, rows, 'scan', 'scan', 'scan', 'scan', 'scan', 'scan'),
      took(form, rows, 'scan', 'regex'),
      took(form, rows, 'regex', 'regex', 'regex'),
      took(form, rows, 'unique'),
      took(form, rows, 'unique', 'unique', 'scan'),
    ]),
  );

  it('learns what a source takes from its runs', () => {
    const fitted = fitCosts(COSTS.postgres, Array.from({ length: 50 }, () => history).flat());
    for (const { form, load: measured, rows, seconds } of history) {
      const expected = (costOf(fitted, measured, form) * rows) / 1e6;
      expect(expected / seconds).toBeGreaterThan(0.9);
      expect(expected / seconds).toBeLessThan(1.1);
    }
  });

  it('stays near what was known after one run, and is never below nothing', () => {
    const fitted = fitCosts(COSTS.postgres, [{ form: 'together', load: { regex: 1 }, rows: 1e6, seconds: 0.001 }]);
    const all = [fitted.read, fitted.columns, ...Object.values(fitted.together), ...Object.values(fitted.apart)];
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
    expect(fitted.apart).toEqual({
      count: expect.closeTo(COSTS.postgres.apart.count),
      scan: expect.closeTo(COSTS.postgres.apart.scan),
      regex: expect.closeTo(COSTS.postgres.apart.regex),
      unique: expect.closeTo(COSTS.postgres.apart.unique),
    });
    expect(fitted.together.regex).toBeLessThan(COSTS.postgres.together.regex);
  });

  it('learns nothing from nothing', () => {
    expect(fitCosts(COSTS.mysql, [])).toBe(COSTS.mysql);
    expect(fitCosts(COSTS.mysql, [{ form: 'together', load: {}, rows: 0, seconds: 1 }])).toBe(COSTS.mysql);
  });
});
