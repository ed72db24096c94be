import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { redisBackend } from '#platform/queue';
import { until } from '#platform/testing';

import { queueSuite } from '../suites/queue.suite.js';

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

describe('jobs on Redis', () => {
  let redis: ChildProcess;
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-redis-'));

  beforeAll(async () => {
    port = await freePort();
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ];
    redis = spawn(process.env.REDIS_SERVER ?? 'redis-server', args, { stdio: 'ignore' });
    await until('redis-server', () => answers(port));
  });
  afterAll(async () => {
    redis.kill('SIGTERM');
    await new Promise((resolve) => redis.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  queueSuite(() => redisBackend(`redis://127.0.0.1:${port}`));
});
