import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { ThreadPool } from '#platform/threads';
import { extractOffThread, type TaskThreads } from '#core/sql-lineage';
import { line } from './cases/notation.js';

/** All but the clock and what it calls again and again. */
const STILL_REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

describe('reading off the main thread', () => {
  const pool = new ThreadPool({ threads: 1 });
  afterAll(() => pool.close());

  it('gives the same as reading here', async () => {
    const script = await extractOffThread(pool, {
      sql: 'insert into 借据 select * from a',
      dialect: 'postgres',
      tables: [
        { name: 'a', columns: ['x'] },
        { name: '借据', columns: ['金额'] },
      ],
    });
    expect(script.statements.flatMap(({ columnEdges }) => columnEdges.map(line))).toEqual(['a.x -> 借据.金额']);
  });

  describe('when time is up', () => {
    // The clock stands still until a test moves it: a busy machine changes nothing.
    beforeEach(() => void jest.useFakeTimers({ doNotFake: [...STILL_REAL] }));
    afterEach(() => void jest.useRealTimers());

    /** The pool; the first time that its thread is at a statement of this number, or further, `then` is called. */
    function whenAt(number: number, then: () => void): TaskThreads {
      let waiting = true;
      return {
        async run(module, name, value, options) {
          const at = new Int32Array((value as { progress: { at: SharedArrayBuffer } }).progress.at);
          const running = pool.run(module, name, value, options);
          const ended = running.then(
            () => true,
            () => true,
          );
          while (waiting && Atomics.load(at, 0) < number)
            if (await Promise.race([ended, setTimeout(1, false)])) return running;
          if (waiting) then();
          waiting = false;
          return running;
        },
      };
    }

    /** The clock is looked at once, and again when the time is over. */
    const pass = (ms: number) => {
      jest.advanceTimersByTime(100);
      jest.advanceTimersByTime(ms + 100);
    };

    it('fails the statement that took it, and reads the others with what the script knew', async () => {
      const slow = `select ${Array.from({ length: 200_000 }, (_, at) => `coalesce(c${at}, ${at})`).join(', ')} from a`;
      const sql = `create temp table t as select x from a; insert into b select x from t; ${slow}; insert into c select x from t`;
      const [script, fine] = await Promise.all([
        extractOffThread(
          whenAt(2, () => pass(500)),
          { sql, dialect: 'postgres' },
          { statementMs: 500 },
        ),
        extractOffThread(pool, { sql: 'select x from a', dialect: 'postgres' }),
      ]);
      expect(script.statements.map(({ status }) => status)).toEqual(['ok', 'ok', 'failed', 'ok']);
      const [reason] = script.statements[2]?.reasons ?? [];
      expect(reason).toMatchObject({ code: 'not-finished', start: sql.indexOf(slow), line: 1 });
      expect(reason?.message).toContain('took longer than 0.5 s');
      expect(script.statements[3]?.columnEdges.map(line)).toEqual(['t#.x -> c.x']);
      expect(script.totals).toMatchObject({ ok: 3, failed: 1 });
      expect(fine.totals).toMatchObject({ ok: 1, failed: 0 });
    });

    it('keeps what was read of a script', async () => {
      const plain = Array.from({ length: 1_500 }, (_, at) => `insert into b (y) select x${at} from a`).join(';\n');
      const slow = `select ${Array.from({ length: 200_000 }, (_, at) => `coalesce(c${at}, ${at})`).join(', ')} from a`;
      const sql = `${plain};\n${slow};\n${plain}`;
      const threads = whenAt(1_500, () => pass(600_000));
      const script = await extractOffThread(
        threads,
        { sql, dialect: 'postgres' },
        { timeoutMs: 600_000, statementMs: 1_000 },
      );
      expect(script.statements).toHaveLength(3_001); // 1,500 before, the slow one, 1,500 behind
      expect(script.statements.map(({ index }) => index)).toEqual(script.statements.map((_, at) => at));
      const read = script.statements.findIndex(({ status }) => status === 'failed');
      expect(read).toBeGreaterThan(0);
      expect(script.totals).toMatchObject({ ok: read, failed: 3_001 - read });
      expect(script.statements.at(-1)?.reasons[0]).toMatchObject({ code: 'not-finished' });
    });
  });

  it('fails a statement that breaks the thread, and only that', async () => {
    let runs = 0;
    const breaking: TaskThreads = {
      run(module, name, value, options) {
        if (runs++ > 0) return pool.run(module, name, value, options);
        const { progress } = value as { progress: { at: SharedArrayBuffer } };
        new Int32Array(progress.at)[0] = 1;
        return Promise.reject(new Error('The thread broke.'));
      },
    };
    const script = await extractOffThread(breaking, { sql: 'select 1; select 2; select 3', dialect: 'postgres' });
    expect(script.statements.map(({ status }) => status)).toEqual(['ok', 'failed', 'ok']);
    expect(script.statements[1]?.reasons).toMatchObject([
      { code: 'not-finished', message: 'The thread broke.', start: 10 },
    ]);
  });

  it('gives up on what comes after a statement that is skipped and still in the way', async () => {
    const stuck: TaskThreads = {
      run(_module, _name, value) {
        const { progress } = value as { progress: { at: SharedArrayBuffer } };
        new Int32Array(progress.at)[0] = 1;
        return Promise.reject(new Error('The thread broke.'));
      },
    };
    const script = await extractOffThread(stuck, { sql: 'select 1; select 2', dialect: 'postgres' });
    expect(script.totals).toMatchObject({ ok: 0, failed: 2 });
  });

  it('stops when it is told to', async () => {
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(extractOffThread(pool, { sql: 'select 1', dialect: 'postgres' }, { signal: stop })).rejects.toThrow(
      'enough',
    );
  });

  it('says what went wrong in the thread', async () => {
    const broken: TaskThreads = { run: () => Promise.reject(new Error('The thread broke.')) };
    const script = await extractOffThread(broken, { sql: 'select 1', dialect: 'postgres' });
    expect(script.statements[0]?.reasons[0]?.message).toBe('The thread broke.');
  });
});
