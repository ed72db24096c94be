import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtFile, NotBuilt, PoolClosed, TaskCrashed, TaskTimedOut, ThreadPool } from '#platform/threads';

// The smallest WebAssembly module that traps: (func (export "f") unreachable).
const TRAP = '[0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,5,1,3,0,0,11]';

const TASKS = `
import { threadId } from 'node:worker_threads';
export const double = (n) => n * 2;
export const thread = () => threadId;
export const later = (ms) => new Promise((done) => setTimeout(() => done(ms), ms));
export const forever = () => { for (;;); };
export const fail = (text) => { throw new RangeError(text); };
export const exit = () => process.exit(3);
export const trap = () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(${TRAP}))).exports.f();
export const broken = () => { throw Object.assign(new Error('parser gone'), { breaksThread: true }); };
export const fill = () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };
export const tell = (words, say) => { for (const word of words) say(word); for (;;); };
export const order = [];
`;

describe('a thread pool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threads-'));
  const tasks = pathToFileURL(join(folder, 'tasks.mjs'));
  writeFileSync(tasks, TASKS);
  const pool = new ThreadPool({ threads: 1, memoryMb: 64 });
  const run = (name: string, value?: unknown, timeoutMs = 20_000, signal?: AbortSignal) =>
    pool.run(tasks, name, value, { timeoutMs, ...(signal && { signal }) });

  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  it('runs a function and gives back what it returned', async () => {
    await expect(run('double', 21)).resolves.toBe(42);
  });

  it('keeps its thread', async () => {
    const first = await run('thread');
    await expect(run('thread')).resolves.toBe(first);
  });

  it('hands over what the function threw, and keeps the thread', async () => {
    const thread = await run('thread');
    await expect(run('fail', 'no')).rejects.toMatchObject({ name: 'RangeError', message: 'no' });
    await expect(run('thread')).resolves.toBe(thread);
  });

  it.each([
    ['takes too long', 'forever', 200, TaskTimedOut],
    ['ends its thread', 'exit', 20_000, TaskCrashed],
    ['traps in WebAssembly', 'trap', 20_000, TaskCrashed],
    ['says that its thread is broken', 'broken', 20_000, TaskCrashed],
    ['needs too much memory', 'fill', 20_000, TaskCrashed],
  ])('a task that %s fails alone, and the thread is replaced', async (_, name, timeoutMs, error) => {
    const thread = await run('thread');
    const [bad, waiting] = await Promise.allSettled([run(name, undefined, timeoutMs), run('double', 2)]);
    expect(bad).toMatchObject({ status: 'rejected', reason: expect.any(error) as unknown });
    expect(waiting).toEqual({ status: 'fulfilled', value: 4 });
    await expect(run('thread')).resolves.not.toBe(thread);
  });

  it('does not count the time a task waits', async () => {
    await run('double', 1);
    const first = run('later', 400);
    await expect(run('double', 3, 300)).resolves.toBe(6);
    await first;
  });

  it('stops a running and a waiting task when told to', async () => {
    const stop = new AbortController();
    const running = run('forever', undefined, 20_000, stop.signal);
    const waiting = run('double', 1, 20_000, stop.signal);
    const other = run('double', 5);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    await expect(other).resolves.toBe(10);
  });

  it('hands over what a task said before it was stopped', async () => {
    const heard: unknown[] = [];
    const running = pool.run(tasks, 'tell', ['一', 'two'], { timeoutMs: 300, onSaid: (word) => heard.push(word) });
    await expect(running).rejects.toThrow(TaskTimedOut);
    expect(heard).toEqual(['一', 'two']);
  });

  it('says which function is missing', async () => {
    await expect(run('nothing')).rejects.toThrow('exports no function nothing');
    await expect(run('order')).rejects.toThrow('exports no function order');
  });

  it('refuses work once it is closed', async () => {
    const closed = new ThreadPool({ threads: 1 });
    const running = closed.run(tasks, 'forever', undefined, { timeoutMs: 20_000 });
    const waiting = closed.run(tasks, 'double', 1, { timeoutMs: 20_000 });
    const ended = Promise.allSettled([running, waiting]);
    await closed.close();
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(PoolClosed) as unknown });
    await expect(closed.run(tasks, 'double', 1, { timeoutMs: 20_000 })).rejects.toThrow(PoolClosed);
  });
});

describe('the file a thread can run', () => {
  it('is the built twin of a source', () => {
    const built = builtFile(new URL('./thread-worker.js', import.meta.url));
    expect(built.pathname).toMatch(/\/dist\/libs\/platform\/threads\/src\/thread-worker\.js$/);
    expect(builtFile(new URL('./thread-worker.ts', import.meta.url))).toEqual(built);
    expect(builtFile(built)).toEqual(built);
  });

  it('must be there', () => {
    expect(() => builtFile(new URL('./no-such-file.js', import.meta.url))).toThrow(NotBuilt);
  });
});
