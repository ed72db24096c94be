import { setTimeout as sleep } from 'node:timers/promises';

import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock, systemActor } from '#kernel';
import { SETTINGS } from '#platform/config';
import { rows } from '#platform/database';
import { DoLater } from '#platform/queue';
import { until } from '#platform/testing';
import { QualityModule, ResultStore, Rules, RunPlannedRules, type RuleRun, Runs } from '#quality';
import { type Limits, SourceLimits, sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';
import { knownSource, type KnownSource } from '../../../test/support/known-source.js';
import { SourceLanes } from './source-lanes.js';

const actor = systemActor('安全 "test" 😀');
// A Thursday, eleven o'clock in Shanghai.
const NOW = new Date('2026-10-08T03:00:00Z');
const DDL = `
  CREATE TABLE loan (id bigint PRIMARY KEY, state text);
  INSERT INTO loan SELECT n, 'open' FROM generate_series(1, 50) AS n;
  CREATE TABLE branch (id bigint PRIMARY KEY, city text);
  INSERT INTO branch VALUES (1, '北京'), (2, NULL);
`;

describe('what a source allows', () => {
  const clock = new FixedClock(NOW);
  let context: TestContext;
  let bank: KnownSource;
  let db: DataSource;
  let limits: SourceLimits;
  let ruleIds: string[];
  let made = 0;

  beforeAll(async () => {
    context = await testContext([DictionaryModule, QualityModule], [...sourcesEntities, ...dictionaryEntities], clock);
    db = context.app.get(DataSource);
    limits = context.app.get(SourceLimits);
  });
  afterAll(() => context.stop());
  beforeEach(async () => {
    clock.set(NOW);
    bank = await knownSource(context.app, `核心 "core" ${++made}`, DDL);
    const rule = async (table: string, column: string) => ({
      ...{ datasetId: await bank.dataset(table), fieldIds: [await bank.field(table, column)] },
      ...{ kind: 'not_null', nameEn: `${table}.${column}`, nameZh: '', description: '', owner: '', enabled: true },
    });
    const added = await context.app
      .get(Rules)
      .addAll(actor, [await rule('loan', 'state'), await rule('branch', 'city')]);
    ruleIds = added.map(({ ruleId }) => ruleId);
  });
  afterEach(() => bank.drop());

  const work = async (run: RuleRun, signal = new AbortController().signal) => {
    const call = { jobId: run.jobId!, actor, signal, progress: () => undefined };
    await context.app.get(RunPlannedRules).run(run.id, call);
    const page = (await context.app.get(ResultStore).pagesOfRuns([run.id], undefined, { first: 10 })).get(run.id);
    return page!.items.map(({ status, errorCode, sentenceZh }) => ({ status, errorCode, sentenceZh }));
  };
  const ask = () => context.app.get(Runs).ofRules(actor, ruleIds);
  const allow = (wish: Partial<Limits>) => limits.set(actor, bank.id, wish);
  const quiet = {
    quietHours: [{ from: '09:00', to: '17:30', days: 'working_days' as const }],
    timeZone: 'Asia/Shanghai',
  };

  it('leaves rules out in its quiet hours, and says so', async () => {
    await allow({ ...quiet, whenQuiet: 'skip' });
    expect(await work(await ask())).toEqual(
      ruleIds.map(() => ({
        status: 'skipped',
        errorCode: 'SOURCE_QUIET',
        sentenceZh: expect.stringContaining('静默时段'),
      })),
    );
    clock.set(new Date('2026-10-08T09:30:00Z'));
    expect((await work(await ask())).map(({ status }) => status).sort()).toEqual(['fail', 'pass']);
  });

  it('puts a run off until its quiet hours are over, and the run goes on then', async () => {
    await allow({ ...quiet, whenQuiet: 'wait' });
    const run = await ask();
    const putOff = await work(run).catch((error: unknown) => error);
    expect(putOff).toBeInstanceOf(DoLater);
    expect(putOff).toMatchObject({
      at: new Date('2026-10-08T09:30:00Z'),
      message: 'Its source has quiet hours until 2026-10-08 17:30 (Asia/Shanghai).',
    });
    clock.set(new Date('2026-10-08T09:30:00Z'));
    expect(await work(run)).toHaveLength(2);
  });

  it('a table two thousand times larger than last time is not read beyond the source’s budget', async () => {
    await bank.run('ANALYZE loan');
    await allow({ budgetMs: 5 });
    expect((await work(await ask())).map(({ status }) => status).sort()).toEqual(['fail', 'pass']);
    await bank.run(`INSERT INTO loan SELECT n, 'open' FROM generate_series(51, 100000) AS n; ANALYZE loan`);
    expect((await work(await ask())).map(({ errorCode }) => errorCode).sort()).toEqual(['RULE_OVER_BUDGET', null]);
  });

  it('stops a statement that takes too long in the source itself', async () => {
    await bank.run(`
      CREATE TABLE real_branch AS TABLE branch; DROP TABLE branch;
      CREATE VIEW branch AS SELECT id, city || coalesce(pg_sleep(30)::text, '') AS city FROM real_branch`);
    await allow({ statementSeconds: 1 });
    const found = await work(await ask());
    expect(found.map(({ status, errorCode }) => [status, errorCode]).sort()).toEqual([
      ['error', 'SOURCE_TIMED_OUT'],
      ['pass', null],
    ]);
    await until('the statement to end in the source', async () => {
      const active = await rows(
        db,
        `SELECT FROM pg_stat_activity WHERE datname <> current_database() AND state = 'active' AND query LIKE '%"branch"%'`,
      );
      return active.length === 0;
    });
  });

  it('refuses what is no limit, and records what was set', async () => {
    await expect(allow({ statementsAtOnce: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(allow({ quietHours: [{ from: '9', to: '10', days: 'every_day' }] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await allow({ statementsAtOnce: 3 });
    expect(await limits.of(bank.id)).toMatchObject({ statementsAtOnce: 3, statementSeconds: 600, budgetMs: null });
    const entries = await rows(db, `SELECT FROM audit.entry WHERE action = 'source.limits-set' AND subject_id = $1`, [
      bank.id,
    ]);
    expect(entries).toHaveLength(1);
  });
});

describe('lanes of a source over processes', () => {
  let context: TestContext;
  beforeAll(async () => {
    context = await testContext([], []);
  });
  afterAll(() => context.stop());
  const signal = new AbortController().signal;

  it('let so many through as the source allows, whoever asks, and nobody waits for ever', async () => {
    const processes = [1, 2, 3].map(() => new SourceLanes(context.app.get(SETTINGS)));
    let [now, most] = [0, 0];
    const done = [0, 0, 0];
    const busy = (who: number) =>
      processes[who]!.through('source', 2, signal, async () => {
        most = Math.max(most, ++now);
        await sleep(20);
        now--;
        done[who]!++;
      });
    await Promise.all([0, 1, 2].flatMap((who) => Array.from({ length: 8 }, () => busy(who))));
    expect([most, done]).toEqual([2, [8, 8, 8]]);
    for (const lanes of processes) await lanes.onApplicationShutdown();
  });

  it('are free again when their process is gone, and when somebody stops waiting', async () => {
    const [gone, other] = [new SourceLanes(context.app.get(SETTINGS)), new SourceLanes(context.app.get(SETTINGS))];
    let end: () => void = () => undefined;
    const held = gone.through('source', 1, signal, () => new Promise<void>((resolve) => (end = resolve)));
    const impatient = new AbortController();
    const waiting = other.through('source', 1, impatient.signal, async () => 'in');
    await sleep(300);
    impatient.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    await gone.onApplicationShutdown();
    await expect(other.through('source', 1, signal, async () => 'in')).resolves.toBe('in');
    end();
    await held;
    await other.onApplicationShutdown();
  });
});
