import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { until } from '#platform/testing';

import { askProduct, dataFolder, startProduct, type Started } from './support/product.js';

// Everything here starts real processes.
jest.setTimeout(90_000);

const asRoot = process.getuid?.() === 0;
const folders: { forget: () => void }[] = [];
const products: Started[] = [];
const folder = (): string => {
  const made = dataFolder();
  folders.push(made);
  return made.folder;
};
const start = (...given: Parameters<typeof startProduct>): Started => {
  const product = startProduct(...given);
  products.push(product);
  return product;
};

afterEach(async () => {
  for (const product of products.splice(0)) await product.end('SIGKILL');
});
afterAll(() => {
  for (const { forget } of folders) forget();
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const postgresPid = (data: string) =>
  Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('plumbline start', () => {
  it('gets ready, keeps its secrets to its owner, stops at Ctrl-C, and starts again with what it had', async () => {
    const data = folder();
    const first = start(data);
    const address = await first.ready();
    expect(first.output()).toMatch(/one-time password \S{23}/);
    for (const file of ['secret.key', 'postgres-password', 'cli-token'])
      expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    const { me } = await askProduct<{ me: { login: string } }>(address, data, '{ me { login } }');
    expect(me.login).toBe('admin');
    const pid = postgresPid(data);
    expect(await first.end('SIGINT')).toBe(0);
    expect(isAlive(pid)).toBe(false);

    const second = start(data);
    const again = await second.ready();
    expect(second.output()).not.toMatch(/one-time password/);
    await expect(askProduct(again, data, '{ me { login } }')).resolves.toEqual({ me: { login: 'admin' } });
    expect(await second.end('SIGINT')).toBe(0);
  });

  it('killed without warning, leaves nothing running and recovers at the next start', async () => {
    const data = folder();
    const first = start(data);
    await first.ready();
    const pid = postgresPid(data);
    await first.end('SIGKILL');
    await until('PostgreSQL to end as well', () => !isAlive(pid));
    const second = start(data);
    await expect(askProduct(await second.ready(), data, '{ me { login } }')).resolves.toEqual({
      me: { login: 'admin' },
    });
  });

  it('goes on when PostgreSQL or the worker is killed under it', async () => {
    const data = folder();
    const product = start(data);
    const address = await product.ready();
    process.kill(postgresPid(data), 'SIGKILL');
    await until(
      'answers again',
      () =>
        askProduct(address, data, '{ me { login } }').then(
          () => true,
          () => false,
        ),
      60,
    );
    expect(product.output()).toMatch(/PostgreSQL has ended unexpectedly/);
  });

  it('a port that is taken is said before anything is done', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await until('the other program', () => other.listening);
    const { port } = other.address() as { port: number };
    const data = folder();
    const product = start(data, ['--port', String(port)]);
    expect(await product.exited).toBe(1);
    expect(product.output()).toMatch(new RegExp(`port ${port} on 127.0.0.1 is taken.*--port or PLUMBLINE_PORT`));
    expect(existsSync(join(data, 'postgres'))).toBe(false);
    other.close();
  });

  it('a second start on the same data is refused, and the first goes on', async () => {
    const data = folder();
    const first = start(data);
    const address = await first.ready();
    const second = start(data);
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/in use by another Plumbline \(process \d+\)/);
    await expect(askProduct(address, data, '{ me { login } }')).resolves.toBeDefined();
  });

  it('data of another version of PostgreSQL is left alone', async () => {
    const data = folder();
    mkdirSync(join(data, 'postgres'), { recursive: true });
    writeFileSync(join(data, 'postgres', 'PG_VERSION'), '17\n');
    writeFileSync(join(data, 'postgres-password'), 'x');
    const product = start(data);
    expect(await product.exited).toBe(1);
    expect(product.output()).toMatch(/made by PostgreSQL 17, but this Plumbline has PostgreSQL 18/);
    expect(readFileSync(join(data, 'postgres', 'PG_VERSION'), 'utf8')).toBe('17\n');
  });

  it('a data folder that cannot be written is said', async () => {
    const file = folder();
    writeFileSync(file, 'a file where a folder should be');
    const product = start(join(file, 'data'));
    expect(await product.exited).toBe(1);
    expect(product.output()).toMatch(/data folder \S+ cannot be written.*--data or PLUMBLINE_DATA/);
  });

  // Mounting a small disk takes root; an ordinary user cannot make one to fill.
  (asRoot ? it : it.skip)('a full disk is said, and nothing half-made is left', async () => {
    const data = folder();
    mkdirSync(data, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', data]);
    try {
      const product = start(data);
      expect(await product.exited).toBe(1);
      expect(product.output()).toMatch(/is full: \d+ MB are free and a new database needs 160 MB/);
      expect(existsSync(join(data, 'postgres'))).toBe(false);
    } finally {
      execFileSync('umount', [data]);
    }
  });

  // Only root runs the database as another account; an ordinary user's database runs as himself.
  (asRoot ? it : it.skip)(
    'a folder that the database’s account cannot enter: the database goes elsewhere, and it says where',
    async () => {
      const data = folder();
      mkdirSync(data, { recursive: true });
      chmodSync(data, 0o700);
      const product = start(data);
      await product.ready();
      expect(product.output()).toMatch(
        /cannot enter .*; the database is in \/var\/lib\/plumbline\/[0-9a-f]{12} instead/,
      );
    },
  );

  it.each([
    [
      'a setting out of bounds',
      { PLUMBLINE_CONCURRENCY: '0' },
      /"concurrency" \(given by the environment variable PLUMBLINE_CONCURRENCY\) must be >= 1/,
    ],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgres://u:s3cret@127.0.0.1:1/nowhere' },
      /database nowhere on 127.0.0.1:1 \(the setting "databaseUrl", DATABASE_URL\) cannot be used: .*ECONNREFUSED/,
    ],
  ])('%s is said', async (_, env, sentence) => {
    const product = start(folder(), [], env);
    expect(await product.exited).toBe(1);
    expect(product.output()).toMatch(sentence);
    expect(product.output()).not.toMatch(/s3cret/);
  });
});
