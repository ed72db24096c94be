import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock, InvalidInput } from '#kernel';
import { rows, statementsOf } from '#platform/database';
import { QualityModule, ResultUpkeep, type Score, type ScoreScope, Scores } from '#quality';
import { sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import {
  daysLater,
  dice,
  type History,
  type HistoryRule,
  keepResults,
  randomHistory,
} from '../../../test/support/random-history.js';

const FROM = new Date('2026-01-03T05:00:00Z');
const TO = new Date('2026-04-20T03:30:00Z');
const WEIGHTS: Readonly<Record<string, number>> = { S1: 5, S2: 3, S3: 2, S4: 1 };

describe('scores over a random history', () => {
  const clock = new FixedClock(TO);
  let context: TestContext;
  let db: DataSource;
  let scores: Scores;
  let upkeep: ResultUpkeep;
  let history: History;

  beforeAll(async () => {
    context = await testContext([DictionaryModule, QualityModule], [...sourcesEntities, ...dictionaryEntities], clock);
    db = context.app.get(DataSource);
    scores = context.app.get(Scores);
    upkeep = context.app.get(ResultUpkeep);
    history = await randomHistory(db, { rules: 40, from: FROM, to: TO, runs: 150, seed: 7 });
  });
  afterAll(() => context.stop());

  /** From raw results, one rule after the other: as the words of docs/scores.md say it. */
  function naive(at: number, belongs: (rule: HistoryRule, version: HistoryRule['versions'][number]) => boolean) {
    let [planned, evaluated, weight, weighted, failedS1] = [0, 0, 0, 0, 0];
    for (const rule of history.rules) {
      const version = rule.versions.findLast(({ madeAt }) => madeAt <= at);
      if (rule.createdAt > at || (rule.retiredAt !== null && rule.retiredAt <= at)) continue;
      if (!version?.enabled || !belongs(rule, version)) continue;
      planned++;
      const ofRule = history.results
        .filter(({ ruleId, finishedAt, status }) => ruleId === rule.id && finishedAt <= at && status !== 'skipped')
        .sort((a, b) => a.finishedAt - b.finishedAt || (a.id < b.id ? -1 : 1));
      if (['pass', 'warn', 'fail'].includes(ofRule.at(-1)?.status ?? '')) evaluated++;
      const verdict = ofRule.findLast(({ status }) => status !== 'error');
      if (!verdict || verdict.status === 'not_evaluated') continue;
      const { severity } = rule.versions.find(({ id }) => id === verdict.versionId)!;
      const score = verdict.checked ? 1 - verdict.violations! / verdict.checked : verdict.status === 'fail' ? 0 : 1;
      weight += WEIGHTS[severity]!;
      weighted += WEIGHTS[severity]! * score;
      if (severity === 'S1' && verdict.status === 'fail') failedS1++;
    }
    return { planned, evaluated, failedS1, uncapped: weight === 0 ? null : weighted / weight };
  }

  const told = ({ planned, evaluated, failedS1, uncapped }: Score) => ({
    ...{ planned, evaluated, failedS1 },
    uncapped: uncapped === null ? null : expect.closeTo(uncapped, 9),
  });

  const scopes = (): [string, ScoreScope, Parameters<typeof naive>[1]][] => {
    const [sourceId = ''] = history.sourceIds;
    const one = history.rules[4]!;
    const fieldId = history.rules.flatMap(({ versions }) => versions.flatMap(({ fieldIds }) => fieldIds))[0]!;
    const ofSource = new Set(
      history.results.length ? history.rules.filter((_, n) => n % 6 < 3).map(({ datasetId }) => datasetId) : [],
    );
    return [
      ['the whole', {}, () => true],
      ['a source', { sourceId }, ({ datasetId }) => ofSource.has(datasetId)],
      ['a dataset', { datasetIds: [one.datasetId] }, ({ datasetId }) => datasetId === one.datasetId],
      ['a field', { fieldId }, (_, { fieldIds }) => fieldIds.includes(fieldId)],
      ['a rule', { ruleIds: [one.id] }, ({ id }) => id === one.id],
      ['an owner', { owner: '张三' }, (_, { owner }) => owner === '张三'],
      ['nobody', { owner: '' }, (_, { owner }) => owner === ''],
    ];
  };

  it('are at any time what raw results give, between results of a day and at the ends of days', async () => {
    const roll = dice(99);
    const moments = [
      ...Array.from({ length: 12 }, () => Math.floor(FROM.getTime() + roll() * (TO.getTime() - FROM.getTime()))),
      ...history.results.slice(200, 212).map(({ finishedAt }) => finishedAt),
      ...history.results.slice(500, 506).map(({ finishedAt }) => finishedAt - 1),
      FROM.getTime() - 1,
    ];
    for (const [, scope, belongs] of scopes()) {
      const found = await scores.at(
        scope,
        moments.map((at) => new Date(at)),
      );
      for (const [index, at] of moments.entries()) expect(naive(at, belongs)).toEqual(told(found[index]!));
    }
  });

  it('of dimensions, datasets and other groups are those of their rules', async () => {
    const at = new Date('2026-03-10T10:00:00Z');
    const whole = await scores.of({}, at);
    expect(whole.dimensions.length).toBeGreaterThan(2);
    for (const { dimension, ...score } of whole.dimensions)
      expect(naive(at.getTime(), (_, version) => version.dimension === dimension)).toEqual(told(score));
    for (const { datasetId, ...score } of whole.datasets)
      expect(naive(at.getTime(), (rule) => rule.datasetId === datasetId)).toEqual(told(score));
    for (const [group, belongs] of [
      ['rule', (key: string) => (rule: HistoryRule) => rule.id === key],
      ['owner', (key: string) => (_: HistoryRule, version: HistoryRule['versions'][number]) => version.owner === key],
      [
        'field',
        (key: string) => (_: HistoryRule, version: HistoryRule['versions'][number]) => version.fieldIds.includes(key),
      ],
    ] as const) {
      const { items, total } = await scores.by(group, {}, { first: 1_000 }, at);
      expect(items).toHaveLength(total);
      expect(items.length).toBeGreaterThan(2);
      for (const { key, ...score } of items) expect(naive(at.getTime(), belongs(key))).toEqual(told(score));
    }
  });

  it('of groups come in pages, the worst first', async () => {
    const { scoreCursor } = await import('./scores.js');
    const at = new Date('2026-03-10T10:00:00Z');
    const all = await scores.by('rule', {}, { first: 100 }, at);
    const paged: (typeof all.items)[number][] = [];
    for (let after: string | undefined; ;) {
      const page = await scores.by('rule', {}, { first: 7, ...(after !== undefined && { after }) }, at);
      paged.push(...page.items);
      if (!page.hasNext) break;
      after = scoreCursor(page.items.at(-1)!);
    }
    expect(paged).toEqual(all.items);
    const values = all.items.map(({ uncapped }) => uncapped ?? 2);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });

  it('a failed S1 holds the score of its dataset at 59 and says so; that of many datasets is not held', async () => {
    const { items } = await scores.by('dataset', {}, { first: 100 }, TO);
    const held = items.filter(({ capped }) => capped);
    expect(held.length).toBeGreaterThan(0);
    for (const { score, uncapped, failedS1 } of held) {
      expect(score).toBe(0.59);
      expect(uncapped).toBeGreaterThan(0.59);
      expect(failedS1).toBeGreaterThan(0);
    }
    for (const { capped, score, uncapped } of items.filter((each) => !each.capped))
      expect({ capped, score }).toEqual({ capped: false, score: uncapped });
    expect(await scores.of({}, TO)).toMatchObject({ capped: false });
  });

  it('a day that is over is kept once, and tells the same as its results, by day, week and month', async () => {
    const trends = () =>
      Promise.all(
        scopes().flatMap(([, scope]) =>
          (['day', 'week', 'month'] as const).flatMap((step) => [
            scores.trend(scope, { from: '2026-01-01', to: '2026-05-01', step }),
            scores.trend(scope, { from: '2026-01-01', to: '2026-05-01', step, dimension: 'completeness' }),
          ]),
        ),
      );
    await db.query('DELETE FROM quality.score_moment');
    const live = await trends();
    while ((await upkeep.sumUpDays()) > 0);
    expect(await upkeep.sumUpDays()).toBe(0);
    const { result: kept, statements } = await statementsOf(trends);
    expect(kept).toEqual(live);
    expect(await rows(db, 'SELECT 1 FROM quality.score_moment')).toHaveLength(107); // 2026-01-03 to 2026-04-19
    // One for the moments and one for what is not kept, for each of 7 scopes × 3 steps × 2.
    expect(statements.length).toBeLessThanOrEqual(7 * 3 * 2 * 6);
    const [days = []] = live;
    expect(days.at(-1)).toMatchObject({ from: '2026-04-20', at: TO });
    expect(naive(days[60]!.at.getTime(), () => true)).toEqual(told(days[60]!));
    expect(days[60]!.change).toBeCloseTo(days[60]!.score! - days[59]!.score!, 9);
  });

  it('compares with a baseline', async () => {
    const [first, last] = [
      await scores.at({}, [new Date('2026-02-01T15:59:59.999Z')]),
      await scores.trend({}, { from: '2026-03-01', to: '2026-03-02', step: 'day', baseline: '2026-02-01' }),
    ];
    expect(last[1]!.sinceBaseline).toBeCloseTo(last[1]!.score! - first[0]!.score!, 9);
  });

  it.each([
    ['a result that comes late', (rule: HistoryRule) => late(rule)],
    ['a rule that is edited', (rule: HistoryRule) => edit(rule)],
    ['a rule that is retired', (rule: HistoryRule) => retire(rule)],
  ])('%s takes the kept days away that it changes, and no other', async (_, change) => {
    while ((await upkeep.sumUpDays()) > 0);
    const before = await rows(db, 'SELECT at FROM quality.score_moment');
    await change(history.rules.find(({ retiredAt, createdAt }) => retiredAt === null && createdAt <= FROM.getTime())!);
    const left = await rows<{ at: Date }>(db, 'SELECT at FROM quality.score_moment ORDER BY at DESC LIMIT 1');
    expect(left[0]!.at.toISOString()).toBe('2026-03-14T15:59:59.999Z'); // the day before 2026-03-15 in China
    while ((await upkeep.sumUpDays()) > 0);
    expect(await rows(db, 'SELECT at FROM quality.score_moment')).toHaveLength(before.length);
    const range = { from: '2026-03-10', to: '2026-03-20', step: 'day' } as const;
    const kept = await scores.trend({}, range);
    await db.query('DELETE FROM quality.score_moment');
    expect(await scores.trend({}, range)).toEqual(kept);
  });

  const THEN = new Date('2026-03-15T03:00:00Z');
  async function late(rule: HistoryRule): Promise<void> {
    const version = rule.versions.at(-1)!;
    const [run]: { id: string }[] = await db.query(
      `INSERT INTO quality.run (requested_at, requested_by) VALUES ($1, 'late') RETURNING id`,
      [THEN],
    );
    const [dataset]: { source_id: string }[] = await db.query(
      'SELECT source_id FROM dictionary.dataset WHERE id = $1',
      [rule.datasetId],
    );
    await keepResults(db, run!.id, [
      {
        ...{ rule_id: rule.id, version_id: version.id, dataset_id: rule.datasetId, source_id: dataset!.source_id },
        ...{ status: 'fail', rows: 10, checked: 10, violations: 10, finished_at: THEN, error_code: null },
        failed_source_id: null,
      },
    ]);
  }
  const edit = (rule: HistoryRule) =>
    db.query(
      `
      INSERT INTO quality.rule_version (rule_id, number, kind, field_ids, dimension, severity, definition, name_en, name_zh,
                                        description, owner, enabled, made_at, made_by)
      SELECT rule_id, 99, kind, field_ids, 'timeliness', 'S1', definition, name_en, name_zh, '', owner, true, $2, made_by
        FROM quality.rule_version WHERE rule_id = $1 AND number = 1
      `,
      [rule.id, THEN],
    );
  const retire = (rule: HistoryRule) =>
    db.query(`UPDATE quality.rule SET retired_at = $2 WHERE id = $1`, [rule.id, THEN]);

  it('a day of a rule is always what its results say', async () => {
    const differing = await rows(
      db,
      `(TABLE quality.rule_day EXCEPT TABLE quality.derived_rule_day) UNION ALL
       (TABLE quality.derived_rule_day EXCEPT TABLE quality.rule_day)`,
    );
    expect(differing).toEqual([]);
    expect((await rows(db, 'TABLE quality.rule_day')).length).toBeGreaterThan(1_000);
  });

  it.each([
    ['days in words', { from: 'yesterday', to: '2026-01-02' }, ['from']],
    ['an end before its begin', { from: '2026-02-02', to: '2026-01-02' }, ['to']],
    ['ten years', { from: '2016-02-02', to: '2026-01-02' }, ['from']],
  ])('a trend of %s is refused', async (_, days, inputPath) => {
    await expect(scores.trend({}, { ...days, step: 'day' })).rejects.toThrow(InvalidInput);
    await expect(scores.trend({}, { ...days, step: 'day' })).rejects.toMatchObject({ inputPath });
  });
});

describe('tables of results', () => {
  const clock = new FixedClock(new Date('2026-06-10T00:00:00Z'));
  let context: TestContext;
  let db: DataSource;
  beforeAll(async () => {
    context = await testContext([DictionaryModule, QualityModule], [...sourcesEntities, ...dictionaryEntities], clock);
    db = context.app.get(DataSource);
  });
  afterAll(() => context.stop());

  const months = async () =>
    (
      await rows<{ name: string }>(
        db,
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'quality.result'::regclass ORDER BY 1`,
      )
    ).map(({ name }) => name.replace('quality.result_', ''));

  it('are made ahead; what came for a month without one moves, whole and final', async () => {
    const upkeep = context.app.get(ResultUpkeep);
    const history = await randomHistory(db, {
      ...{ rules: 6, runs: 20, seed: 3 },
      ...{ from: new Date('2031-02-27T00:00:00Z'), to: new Date('2031-03-03T00:00:00Z') },
    });
    const all = `SELECT id, rule_id, run_id, status, finished_at FROM quality.result ORDER BY id`;
    const before = await rows(db, all);
    expect(before).toHaveLength(history.results.length);
    expect(await rows(db, 'SELECT 1 FROM quality.result_other')).toHaveLength(before.length);
    clock.set(daysLater(clock.now(), 0));
    expect(await upkeep.makeMonths()).toBeGreaterThan(0);
    expect(await upkeep.makeMonths()).toBe(0);
    expect(await rows(db, 'SELECT 1 FROM quality.result_other')).toEqual([]);
    expect(await rows(db, all)).toEqual(before);
    const made = await months();
    for (const month of ['2026_06', '2026_07', '2026_08', '2026_09', '2031_02', '2031_03', 'other'])
      expect(made).toContain(month);
    for (const table of ['quality.result', 'quality.result_2031_03']) {
      await expect(db.query(`UPDATE ${table} SET status = 'pass'`)).rejects.toThrow(/never changed/);
      await expect(db.query(`DELETE FROM ${table}`)).rejects.toThrow(/never changed/);
    }
  });

  it('hold one result for a run and a rule, whatever the month', async () => {
    const [one]: { run_id: string; rule_id: string }[] = await db.query(
      'SELECT run_id, rule_id FROM quality.result LIMIT 1',
    );
    const again = (finishedAt: string) =>
      db.query(
        `
        INSERT INTO quality.result (run_id, rule_id, version_id, dataset_id, source_id, status, metrics, statement_ids,
                                    sentence_en, sentence_zh, started_at, finished_at)
        SELECT run_id, rule_id, version_id, dataset_id, source_id, 'skipped', '{}', '{}', '', '', now(), ${finishedAt}
          FROM quality.result WHERE run_id = $1 AND rule_id = $2
        `,
        [one!.run_id, one!.rule_id],
      );
    await expect(again('finished_at')).rejects.toThrow(/unique/);
    await expect(again(`finished_at + interval '40 days'`)).rejects.toThrow(/result_is_of_planned_rule/);
    await expect(
      db.query(`UPDATE quality.planned_rule SET finished_at = finished_at + interval '1 day' WHERE run_id = $1`, [
        one!.run_id,
      ]),
    ).rejects.toThrow(/result_is_of_planned_rule/);
  });
});
