import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Listener } from '#platform/database';
import { type EmbeddedServer, startEmbedded } from '#platform/embedded-postgres';
import { until } from '#platform/testing';
import pg from 'pg';

describe('a listener', () => {
  const dataDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'plumbline-listener-'));
  let server: EmbeddedServer;

  beforeAll(async () => {
    chmodSync(dataDir, 0o755);
    server = await startEmbedded({ dataDir, port: 0, settings: { fsync: 'off' } });
  });
  afterAll(async () => {
    await server.stop('immediate');
    rmSync(dataDir, { recursive: true, force: true });
  });

  const ask = async (sql: string): Promise<unknown> => {
    const client = new pg.Client({ connectionString: server.url('postgres') });
    await client.connect();
    try {
      return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
    } finally {
      await client.end();
    }
  };

  it('hears again, over one connection, after the server was away for a while', async () => {
    const listener = new Listener(server.url('postgres'), ['news'], 'the listener');
    const heard: string[] = [];
    let again = 0;
    listener.on('news', (payload: string) => heard.push(payload));
    listener.on('again', () => (again += 1));
    await listener.open();
    await ask(`SELECT pg_notify('news', '一')`);
    await until('the first news', () => heard.includes('一'));

    const { port } = server;
    await server.stop('immediate');
    // Long enough for several tries in vain.
    await sleep(2_500);
    server = await startEmbedded({ dataDir, port, settings: { fsync: 'off' } });
    await until('the listener to be back', () => again > 0);
    await sleep(1_500);
    expect(again).toBe(1);
    expect(await ask(`SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'the listener'`)).toBe(1);
    await ask(`SELECT pg_notify('news', '二')`);
    await until('the second news', () => heard.includes('二'));
    await listener.close();
  });
});
