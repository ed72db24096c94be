import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Accounts, ApiTokens } from '#identity';
import { systemActor } from '#kernel';
import { migrations } from '#migrations';
import { EverythingHeard, type Heard } from '#open-lineage';
import { readSettings } from '#platform/config';
import { migrate } from '#platform/database';
import { startEmbedded } from '#platform/embedded-postgres';

import { createApi } from '../../apps/api/src/create-api.js';

/** A new catalog with nothing in it, on a PostgreSQL of its own. */
export interface FreshCatalog {
  /** Sends events as a producer does, in one batch. */
  send(events: readonly unknown[], mode: 'strict' | 'lenient'): Promise<BatchAnswer>;
  heard(): Promise<Heard>;
  close(): Promise<void>;
}

export interface BatchAnswer {
  readonly summary: { readonly received: number; readonly failed: number };
  readonly failed_events: readonly { readonly index: number; readonly reason: string }[];
}

export async function freshCatalog(): Promise<FreshCatalog> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  // The server runs as another account when we are root.
  await chmod(folder, 0o755);
  const server = await startEmbedded({ dataDir: folder, port: 0, settings: { fsync: 'off' } });
  const databaseUrl = server.url('postgres');
  await migrate(databaseUrl, migrations);
  const settings = readSettings({
    env: {},
    cwd: folder,
    said: { databaseUrl, logLevel: 'fatal', port: 0, openLineageLimitKb: 1_048_576 },
  });
  const app = await createApi({ ...settings, databaseUrl });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const actor = systemActor('conformance');
  const { account } = await app
    .get(Accounts)
    .add(actor, { login: 'producer', displayName: 'producer', roles: ['engineer'] });
  const { text: token } = await app.get(ApiTokens).add(actor, account.id, 'conformance', 1);
  return {
    async send(events, mode) {
      const response = await fetch(`${url}/api/v1/lineage/batch?mode=${mode}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(events),
      });
      const answer: unknown = await response.json();
      if (response.status !== 200)
        throw new Error(`The catalog answered ${response.status}: ${JSON.stringify(answer)}`);
      return answer as BatchAnswer;
    },
    heard: () => app.get(EverythingHeard).all(),
    async close() {
      await app.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
