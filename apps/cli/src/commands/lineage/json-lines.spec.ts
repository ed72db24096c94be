import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { ThreadPool } from '#platform/threads';

import { answerLines } from './json-lines.js';

describe('answering JSON Lines', () => {
  const pool = new ThreadPool({ threads: 2 });
  afterAll(() => pool.close());

  it('takes no more lines than it works on, while nobody reads the answers', async () => {
    let taken = 0;
    const input = async function* () {
      for (; taken < 1_000; taken++)
        yield Buffer.from(`{"id": "${taken}", "dialect": "hive", "sql": "insert into b select x from a"}\n`);
    };
    const held: (() => void)[] = [];
    let answered = 0;
    let reading = false;
    const output = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        answered++;
        if (reading) done();
        else held.push(done);
      },
    });
    const answering = answerLines(input(), output, pool, 2);
    while (held.length === 0) await sleep(10);
    for (let before = -1; before !== taken; await sleep(300)) before = taken;
    expect(taken).toBeLessThan(10);
    reading = true;
    held.forEach((done) => done());
    await answering;
    expect(answered).toBe(1_000);
  });

  it('stops when the answers cannot be written', async () => {
    let taken = 0;
    const input = async function* () {
      for (; ; taken++) yield Buffer.from('{"id": "1", "dialect": "hive", "sql": "select 1"}\n');
    };
    const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('The disk is full.')) });
    await expect(answerLines(input(), output, pool, 2)).rejects.toThrow('The disk is full.');
    expect(taken).toBeGreaterThan(0);
  });
});
