import { type NotFound, InvalidInput, SystemClock, systemActor } from '#kernel';
import { CalendarStore } from '#platform/calendar';
import { openDatabase } from '#platform/database';
import {
  defineJob,
  DoLater,
  type JobContext,
  JobEntity,
  type JobOutcome,
  type JobProcessor,
  JobRunner,
  JobStore,
  pairUp,
  type QueueBackend,
  ScheduleEntity,
  ScheduleStore,
} from '#platform/queue';
import { testDatabase, type TestDatabase, until } from '#platform/testing';
import { Type } from 'typebox';
import { type DataSource } from 'typeorm';

const actor = systemActor('suite');

const copy = defineJob({
  queue: 'background',
  name: 'copy',
  title: { en: 'Copy', zh: '复制' },
  payload: Type.Object({ of: Type.String() }),
  key: (payload) => JSON.stringify(payload),
  attempts: 3,
});

class InputWrong extends InvalidInput {}

/** Does what the test says, and counts. */
class Copier implements JobProcessor<typeof copy.payload> {
  readonly contract = copy;
  readonly runs: string[] = [];

  constructor(private readonly act: (of: string, context: JobContext) => Promise<JobOutcome | undefined>) {}

  async passesBy({ of }: { of: string }): Promise<boolean> {
    return of === 'paused';
  }

  async run({ of }: { of: string }, context: JobContext): Promise<JobOutcome> {
    this.runs.push(of);
    return (await this.act(of, context)) ?? { state: 'succeeded', result: { of } };
  }
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The same for every store of BullMQ: what a job may rely on. */
export function queueSuite(backendOf: (databaseUrl: string) => QueueBackend): void {
  let test: TestDatabase;
  let db: DataSource;
  let jobs: JobStore;
  const runners: JobRunner[] = [];

  beforeAll(async () => {
    test = await testDatabase();
    db = await openDatabase({
      url: test.url,
      pool: 6,
      entities: [JobEntity, ScheduleEntity],
      applicationName: 'suite',
    });
    jobs = new JobStore(db);
  });
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.stop();
    await db.query('DELETE FROM platform.schedule');
    await db.query('DELETE FROM platform.job');
  });
  afterAll(async () => {
    await db.destroy();
    await test.drop();
  });

  const work = async (copier: Copier): Promise<JobRunner> => {
    const runner = new JobRunner({
      db,
      databaseUrl: test.url,
      backend: backendOf(test.url),
      processors: pairUp([copy], [copier]),
      log: quiet,
      clock: new SystemClock(),
      concurrency: 4,
      lockSeconds: 2,
    });
    runners.push(runner);
    await runner.start();
    return runner;
  };
  const ask = (of: string) => db.transaction((tx) => jobs.request(tx, copy, { of }, { actor, of: '"名" 😀' }));
  const ended = (id: string) =>
    until(`the end of job ${id}`, async () => {
      const job = await jobs.get(id);
      return job.finishedAt && job;
    });

  it('a job asked for before a worker runs is done when one does, and tells its progress and result', async () => {
    const id = await ask('a');
    const seen: number[] = [];
    await work(
      new Copier(async (_, { progress }) => {
        progress(0.4, '第一步');
        await until('the progress', async () => {
          const { progress: share } = await jobs.get(id);
          if (share > 0) seen.push(share);
          return share > 0;
        });
        return undefined;
      }),
    );
    expect(await ended(id)).toMatchObject({
      state: 'succeeded',
      progress: 1,
      result: { of: 'a' },
      attempt: 1,
      titleZh: '复制 · "名" 😀',
    });
    expect(seen).toEqual([0.4]);
  });

  it('one that is rolled back is never done', async () => {
    const copier = new Copier(async () => undefined);
    await work(copier);
    await expect(
      db.transaction(async (tx) => {
        await jobs.request(tx, copy, { of: 'rolled back' }, { actor });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await ended(await ask('after'));
    expect(copier.runs).toEqual(['after']);
  });

  it('two with one key are one while it is not finished', async () => {
    let go: (() => void) | undefined;
    const copier = new Copier(() => new Promise((resolve) => (go = () => resolve(undefined))));
    await work(copier);
    const first = await ask('same');
    await until('its start', () => copier.runs.length > 0);
    expect(await ask('same')).toBe(first);
    go?.();
    await ended(first);
    const second = await ask('same');
    expect(second).not.toBe(first);
    await until('the second start', () => copier.runs.length > 1);
    go?.();
    await ended(second);
  });

  it('is tried again after a fault of nobody, and not after one that a person must mend', async () => {
    const copier = new Copier(async (of, { attempt }) => {
      if (of === 'input') throw new InputWrong('The input is wrong. Mend it.');
      if (of === 'always' || attempt === 1) throw new Error('connection lost');
      return undefined;
    });
    await work(copier);
    const [once, input, always] = await Promise.all([ask('once'), ask('input'), ask('always')]);
    expect(await ended(once)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(await ended(input)).toMatchObject({
      state: 'failed',
      attempt: 1,
      errorCode: 'INVALID_INPUT',
      errorMessage: 'The input is wrong. Mend it.',
    });
    expect(await ended(always)).toMatchObject({ state: 'failed', attempt: 3, errorCode: 'INTERNAL' });
  });

  it('waits for its time when it asks to, which is no failed try', async () => {
    const times: number[] = [];
    const copier = new Copier(async (of, { attempt }) => {
      times.push(Date.now());
      if (of === 'later' && attempt <= 4) throw new DoLater(new Date(Date.now() + 300), 'The source is quiet.');
      if (attempt === 5) throw new Error('connection lost');
      return undefined;
    });
    await work(copier);
    const id = await ask('later');
    await until('it to wait', async () => (await jobs.get(id)).message === 'The source is quiet.');
    // Four times too early, once a fault of nobody; three tries are allowed.
    expect(await ended(id)).toMatchObject({ state: 'succeeded', attempt: 6 });
    expect(times.slice(1, 5).every((at, before) => at - times[before]! >= 300)).toBe(true);
  }, 60_000);

  it('stops when it is cancelled, waiting or running', async () => {
    const waiting = await ask('waiting');
    await db.transaction((tx) => jobs.cancel(tx, waiting));
    const copier = new Copier(
      (_, { signal }) =>
        new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    await work(copier);
    expect(await ended(waiting)).toMatchObject({ state: 'cancelled' });
    const running = await ask('running');
    await until('its start', () => copier.runs.includes('running'));
    await db.transaction((tx) => jobs.cancel(tx, running));
    expect(await ended(running)).toMatchObject({ state: 'cancelled', attempt: 1 });
    expect(copier.runs).toEqual(['running']);
    await expect(db.transaction((tx) => jobs.cancel(tx, running))).rejects.toThrow(/already ended \(cancelled\)/);
    await expect(jobs.get('00000000-0000-7000-8000-000000000000')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    } satisfies Partial<NotFound>);
  });

  it('goes on with another worker when its own stops', async () => {
    let stopped = false;
    const copier = new Copier(async (_, { signal }) => {
      if (stopped) return undefined;
      await new Promise((__, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      return undefined;
    });
    const first = await work(copier);
    const id = await ask('moved');
    await until('its start', () => copier.runs.length > 0);
    stopped = true;
    await first.stop();
    runners.splice(runners.indexOf(first), 1);
    await work(copier);
    expect(await ended(id)).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  it('what the queue has lost is handed over again', async () => {
    const id = await ask('lost');
    // As if the queue's store had been emptied after the row was handed over.
    await db.query(`UPDATE platform.job SET fed_at = now() - interval '1 minute' WHERE id = $1`, [id]);
    await work(new Copier(async () => undefined));
    expect(await ended(id)).toMatchObject({ state: 'succeeded' });
  });

  it('300 jobs on two workers: none lost, none twice', async () => {
    const copier = new Copier(async () => undefined);
    await work(copier);
    await work(copier);
    const wanted = Array.from({ length: 300 }, (_, at) => `job ${at}`);
    await Promise.all(wanted.map(ask));
    await until(
      'all to end',
      async () => {
        const [open] = await db.query<{ n: number }[]>(
          `SELECT count(*)::int AS n FROM platform.job WHERE finished_at IS NULL`,
        );
        return open?.n === 0;
      },
      60,
    );
    expect([...copier.runs].sort()).toEqual([...wanted].sort());
  }, 90_000);

  it('a schedule asks for its job when it is due, each due time once', async () => {
    const copier = new Copier(async () => undefined);
    await work(copier);
    await work(copier);
    const subject = { kind: 'suite', id: '00000000-0000-7000-8000-000000000001' };
    const schedules = new ScheduleStore(db, new CalendarStore(db), new SystemClock());
    const wish = { contract: copy, payload: { of: 'due' }, timeZone: 'Asia/Shanghai', enabled: true, subject, actor };
    await expect(db.transaction((tx) => schedules.put(tx, { ...wish, cron: '99 * * * *' }))).rejects.toThrow(
      InvalidInput,
    );
    await db.transaction((tx) => schedules.put(tx, { ...wish, cron: '* * * * *' }));
    const paused = { ...subject, id: '00000000-0000-7000-8000-000000000002' };
    await db.transaction((tx) =>
      schedules.put(tx, { ...wish, payload: { of: 'paused' }, subject: paused, cron: '* * * * *' }),
    );
    const fired = () =>
      db.query<{ due_at: Date; job_id: string | null }[]>(`SELECT due_at, job_id FROM platform.schedule_firing`);
    await until(
      'the due minute',
      async () => copier.runs.length > 0 && (await fired()).length > copier.runs.length,
      75,
    );
    const all = await fired();
    const firings = all.filter(({ job_id: jobId }) => jobId !== null);
    expect(firings.length).toBeLessThan(all.length);
    expect(firings).toHaveLength(copier.runs.length);
    expect(new Set(copier.runs)).toEqual(new Set(['due']));
    expect(firings[0]?.due_at.getSeconds()).toBe(0);
    for (const { id } of [subject, paused]) await db.transaction((tx) => schedules.remove(tx, copy, id));
  }, 90_000);
}

it('a worker does not start when a contract has no processor, or two, and says which', () => {
  const other = { ...copy, name: 'other' };
  const copier = new Copier(async () => undefined) as unknown as JobProcessor;
  expect(() => pairUp([copy, other], [copier])).toThrow(/"other" has no processor/);
  expect(() => pairUp([copy], [copier, copier])).toThrow(/"copy" has 2 processors/);
  expect(() => pairUp([], [copier])).toThrow(/no door lists/);
});
