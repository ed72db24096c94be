import { ThreadPool } from '#platform/threads';
import { extractOffThread, type TaskThreads } from '#core/sql-lineage';
import { line } from './cases/notation.js';

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

  it('fails a script whose time is up, and only that', async () => {
    const slow = `select ${Array.from({ length: 60_000 }, (_, at) => `coalesce(c${at}, ${at})`).join(', ')} from a`;
    const [stopped, fine] = await Promise.all([
      extractOffThread(pool, { sql: `select 1; ${slow}`, dialect: 'postgres' }, { timeoutMs: 1 }),
      extractOffThread(pool, { sql: 'select x from a', dialect: 'postgres' }),
    ]);
    expect(stopped.totals).toMatchObject({ failed: 2, ok: 0 });
    expect(stopped.statements[1]?.reasons[0]).toMatchObject({ code: 'not-finished' });
    expect(fine.totals).toMatchObject({ ok: 1, failed: 0 });
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
