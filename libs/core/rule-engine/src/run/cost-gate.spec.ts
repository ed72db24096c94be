import { COSTS, type Costs, runRules } from '#core/rule-engine';

import { SAMPLE_ENGINES, type SampleSource, type SampleTable } from '../../../../../test/support/sample-tables.js';
import { expectedMs } from './cost-gate.js';

const now = new Date('2026-06-30T00:00:00Z');
const call = () => ({ signal: new AbortController().signal, deadlineMs: 20_000 });

describe.each(SAMPLE_ENGINES)('on %s', (dialect, open) => {
  let source: SampleSource;
  let target: SampleTable;
  beforeAll(async () => {
    source = await open();
    target = await source.add(
      [
        { name: 'id', typeFamily: 'integer' },
        { name: 'state', typeFamily: 'text' },
      ],
      Array.from({ length: 20 }, (_, at) => [at, at === 3 ? null : 'x']),
    );
  });
  afterAll(() => source?.close());

  // Patterns are what costs; whatever the engine's planner says, a unit of it is nothing here.
  const DEAR = { count: 0, scan: 0, unique: 0, regex: 1e9 };
  const costs: Costs = { ...withoutUnit(COSTS[dialect]), read: 0, columns: 0, together: DEAR, apart: DEAR };

  const run = async (rules: readonly object[], options: { budgetMs?: number; costs?: Costs } = { costs }) => {
    const sent: string[] = [];
    const outcomes = await runRules(
      rules.map((rule) => ({ rule, facts: { target } })),
      ({ sql, params, maxRows }) => {
        sent.push(sql);
        return source.connection.query(sql, params, { ...call(), maxRows });
      },
      {
        ...{ dialect, now, fuse: 'always', ...options },
        explain: ({ statement: { sql, params } }) => source.connection.explain!(sql, params, call()),
      },
    );
    return { sent, verdicts: outcomes.map(({ verdict }) => verdict) };
  };

  const pattern = { kind: 'regex', columns: ['state'], params: { patterns: ['^x$'] } };
  const there = { kind: 'not_null', columns: ['state'], samples: 0 };

  it('is told by the plan, without running anything', async () => {
    const { rowsTaken } = await source.connection.explain!(`SELECT count(*) AS n FROM ${target.relation}`, [], call());
    expect(rowsTaken).toBeGreaterThan(0);
    await expect(source.connection.explain!('SELECT count(*) AS n FROM nowhere', [], call())).rejects.toThrow();
  });

  it('leaves a rule out that is expected to take longer than it may, and says why', async () => {
    const { verdicts, sent } = await run([{ ...pattern, budgetMs: 60_000 }]);
    expect(sent).toEqual([]);
    expect(verdicts[0]).toMatchObject({ status: 'skipped', metrics: {} });
    expect(verdicts[0]!.sentence.en).toMatch(
      /^The rule was not run: the source expects about \d+ minutes for about [\d,]+ rows, and it may take 60 s\. Narrow/,
    );
    expect(verdicts[0]!.sentence.zh).toContain('超出预算 60 秒');
  });

  it('leaves only that one out when it shares a statement with cheap ones', async () => {
    const { verdicts } = await run([there, pattern, { ...there, columns: ['id'] }], { costs, budgetMs: 1_000 });
    expect(verdicts.map(({ status }) => status)).toEqual(['fail', 'skipped', 'pass']);
  });

  it('asks what may take its time, what is cheap, and what nobody can estimate', async () => {
    const { verdicts } = await run([pattern, { ...there, budgetMs: 1_000 }]);
    expect(verdicts.map(({ status }) => status)).toEqual(['pass', 'fail']);
    const gone = await run([{ ...there, columns: ['id'], budgetMs: 1 }], { costs: COSTS[dialect] });
    expect(['pass', 'skipped']).toContain(gone.verdicts[0]!.status);
  });

  it('lets a statement itself say what is wrong with it', async () => {
    const gone = { ...target, relation: `${target.relation.replace(/t\d+/, 'nowhere')}` };
    const [outcome] = await runRules(
      [{ rule: { ...there, budgetMs: 1 }, facts: { target: gone } }],
      ({ sql, params, maxRows }) => source.connection.query(sql, params, { ...call(), maxRows }),
      { dialect, now, explain: ({ statement: { sql, params } }) => source.connection.explain!(sql, params, call()) },
    );
    expect(outcome!.verdict.status).toBe('error');
  });
});

function withoutUnit({ unit: _, ...costs }: Costs): Costs {
  return costs;
}

it('counts by the planner where it has a unit, and by rows otherwise', () => {
  const work = { explanation: { microsPerRow: 2 } } as Parameters<typeof expectedMs>[1];
  expect(expectedMs({ rowsTaken: 1e6, cost: 500 }, work, { ...COSTS.postgres, unit: 0.5 })).toBe(250);
  expect(expectedMs({ rowsTaken: 1e6, cost: 500 }, work, withoutUnit(COSTS.postgres))).toBe(2_000);
  expect(expectedMs({ rowsTaken: 1e6 }, work, COSTS.postgres)).toBe(2_000);
  expect(expectedMs({ rows: 1 }, work, COSTS.postgres)).toBeUndefined();
});
