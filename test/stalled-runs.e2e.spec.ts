import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';
import { rows } from '#platform/database';
import { until } from '#platform/testing';
import { type RuleRun, Rules, RuleSets, Runs } from '#quality';
import pg from 'pg';
import { DataSource } from 'typeorm';

import { startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const DDL = `
  CREATE TABLE loan (id bigint PRIMARY KEY, balance numeric, state text);
  INSERT INTO loan SELECT n, n, CASE WHEN n % 10 = 0 THEN NULL ELSE 'open' END FROM generate_series(1, 100) AS n;
`;

describe('a run whose worker is in trouble', () => {
  let api: TestApi;
  let bank: KnownSource;
  let db: DataSource;
  let runs: Runs;
  let ruleIds: string[];
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    api = await startApi({ secretKey: Buffer.alloc(32, 7).toString('base64') });
    bank = await knownSource(api.app, '核心 "core" 😀', DDL);
    db = api.app.get(DataSource);
    runs = api.app.get(Runs);
    const dataset = { datasetId: await bank.dataset('loan'), enabled: true, description: '', owner: '', nameZh: '' };
    const [state, balance] = [await bank.field('loan', 'state'), await bank.field('loan', 'balance')];
    const added = await api.app.get(Rules).addAll(api.as.steward.actor, [
      { ...dataset, nameEn: 'state', kind: 'not_null', fieldIds: [state] },
      { ...dataset, nameEn: 'balance', kind: 'not_null', fieldIds: [balance] },
      { ...dataset, nameEn: 'unique', kind: 'unique', fieldIds: [balance] },
    ]);
    ruleIds = added.map(({ ruleId }) => ruleId);
  });
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.kill('SIGKILL');
  });
  afterAll(async () => {
    await api.stop();
    await bank.drop();
  });

  /** The real worker, in a process that can be killed or made to stand still. */
  const startWorker = async (): Promise<ChildProcess> => {
    const worker = fork(join(projectRoot, 'dist', 'apps', 'worker', 'src', 'main.js'), [], {
      cwd: api.settings.dataDir.replace(/\/[^/]*$/, ''),
      env: {
        DATABASE_URL: api.db.url,
        PLUMBLINE_DATA: api.settings.dataDir,
        PLUMBLINE_SECRET_KEY: api.settings.secretKey,
        PLUMBLINE_LOCK_SECONDS: '2',
        PLUMBLINE_LOG_LEVEL: 'fatal',
      },
    });
    workers.push(worker);
    await new Promise((resolve) => worker.once('message', resolve));
    return worker;
  };

  /** Holds every write of results up until it is let go. */
  const holdUp = async () => {
    const client = new pg.Client({ connectionString: api.db.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query('LOCK TABLE quality.result IN SHARE MODE');
    return async () => {
      await client.query('ROLLBACK');
      await client.end();
    };
  };
  const writing = () =>
    until('a worker to write results', async () => {
      const found = await rows<{ pid: number }>(
        db,
        `
        SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO quality.result%'
        `,
      );
      return found.length > 0;
    });
  const ended = (id: string): Promise<RuleRun> =>
    until(
      'the run to end',
      async () => {
        const run = await runs.get(id);
        return ['succeeded', 'partial', 'failed', 'cancelled'].includes(run.state) && run;
      },
      60,
    );
  const keptOf = async (runId: string) => {
    const [kept] = await rows<{ results: number; rules: number; fence: string; attempt: number; incidents: number }>(
      db,
      `
      SELECT (SELECT count(*)::int FROM quality.result WHERE run_id = run.id) AS results,
             (SELECT count(DISTINCT rule_id)::int FROM quality.result WHERE run_id = run.id) AS rules,
             run.fence, job.attempt,
             (SELECT count(*)::int FROM quality.incident_event WHERE run_id = run.id) AS incidents
        FROM quality.run JOIN platform.job ON job.id = run.job_id
       WHERE run.id = $1
      `,
      [runId],
    );
    return kept;
  };

  it('killed between query and commit: another goes on, and every rule has one result', async () => {
    const letGo = await holdUp();
    const worker = await startWorker();
    const { id } = await runs.ofRules(api.as.steward.actor, ruleIds);
    await writing();
    worker.kill('SIGKILL');
    await letGo();
    expect(await keptOf(id)).toMatchObject({ results: 0, fence: '1' });
    await startWorker();
    expect(await ended(id)).toMatchObject({ state: 'succeeded', counts: { pass: 2, fail: 1 } });
    expect(await keptOf(id)).toMatchObject({ results: 3, rules: 3, fence: '2', attempt: 2, incidents: 1 });
  }, 90_000);

  it('one that stands still loses the run, and writes nothing when it goes on', async () => {
    const letGo = await holdUp();
    const worker = await startWorker();
    const { id } = await runs.ofRules(api.as.steward.actor, ruleIds);
    await writing();
    worker.kill('SIGSTOP');
    await letGo();
    await startWorker();
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
    const before = await keptOf(id);
    expect(before).toMatchObject({ results: 3, rules: 3, fence: '2', attempt: 2, incidents: 1 });
    worker.kill('SIGCONT');
    // The one that woke up takes part again: it does the next run, or leaves it to the other.
    const next = await runs.ofRules(api.as.steward.actor, ruleIds.slice(0, 1));
    await ended(next.id);
    expect(await keptOf(id)).toEqual(before);
  }, 90_000);

  it('a catalog whose disk is full: nothing half, and the run goes on when there is room', async () => {
    await db.query(`
      CREATE FUNCTION quality.disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
      END $$
    `);
    await db.query(
      `CREATE TRIGGER full_disk BEFORE INSERT ON quality.result FOR EACH ROW EXECUTE FUNCTION quality.disk_full()`,
    );
    await startWorker();
    const { id, jobId } = await runs.ofRules(api.as.steward.actor, ruleIds);
    await until('a failed try', async () => {
      const [job] = await rows<{ message: string | null }>(db, `SELECT message FROM platform.job WHERE id = $1`, [
        jobId,
      ]);
      return job?.message?.includes('SQLSTATE 53100');
    });
    expect(await keptOf(id)).toMatchObject({ results: 0, incidents: 0 });
    await db.query(`DROP TRIGGER full_disk ON quality.result`);
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
    expect(await keptOf(id)).toMatchObject({ results: 3, rules: 3 });
  }, 90_000);

  it('two that answer one due time plan one run', async () => {
    const set = await api.app.get(RuleSets).add(api.as.steward.actor, { name: 'nightly', description: '', ruleIds });
    const dueAt = new Date('2026-06-01T18:30:00Z');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => runs.whenDue(api.as.steward.actor, set.id, dueAt)),
    );
    expect(answers.filter((id) => id !== undefined)).toHaveLength(1);
    expect((await runs.list({ ruleSetId: set.id }, { first: 10 })).total).toBe(1);
  });
});
