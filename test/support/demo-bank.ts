import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DemoPlaces, makeDemo } from '#demo';
import pg from 'pg';

import { Client } from '../../apps/cli/src/client/client.js';
import { doMainJob } from '../../apps/cli/src/demo/main-job.js';
import { startApi, type TestApi } from './api.js';

export interface BankOptions {
  readonly seed?: number;
  readonly faults?: boolean;
  readonly customers?: number;
}

/** A catalog with API and worker, and a small demo bank to do the product's main job on. */
export interface DemoBank {
  readonly api: TestApi;
  /** Asks as the administrator of `plumbline start` does. */
  readonly client: Client;
  /** Makes the bank, over the one before, and does the main job on it. */
  make(options?: BankOptions): Promise<DemoPlaces>;
  stop(): Promise<void>;
}

/** Starts a catalog for a demo bank. Stop it in `afterAll`. */
export async function demoBank(name: string): Promise<DemoBank> {
  const home = await mkdtemp(join(tmpdir(), 'demo-bank-'));
  const adminUrl = process.env.TEST_PG_ADMIN_URL ?? '';
  const prefix = `plumbline_${name}_${process.env.JEST_WORKER_ID ?? '1'}`;
  const api = await startApi({ trustedFolders: [home] });
  await api.app.listen(0, '127.0.0.1');
  await api.work();
  const client = new Client(await api.app.getUrl(), api.as.administrator.token);
  return {
    api,
    client,
    async make({ seed = 1, faults = true, customers = 300 } = {}) {
      const places = await makeDemo({ adminUrl, folder: join(home, 'bureau'), prefix, customers, seed, faults });
      await doMainJob(client, places, () => undefined);
      return places;
    },
    async stop() {
      await api.stop();
      await rm(home, { recursive: true, force: true });
      const admin = new pg.Client({ connectionString: adminUrl });
      await admin.connect();
      for (const database of [`${prefix}_core`, `${prefix}_dwh`])
        await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await admin.query(`DROP ROLE IF EXISTS ${prefix}_reader`);
      await admin.end();
    },
  };
}

/** What was planted in a bank. */
export const plantedIn = async <T>({ manifestFile }: DemoPlaces): Promise<T> =>
  JSON.parse(await readFile(manifestFile, 'utf8')) as T;
