import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One embedded server for the whole run, and in it a template database with every migration; each test file
 * clones the template (libs/platform/testing). Nothing survives the run, so nothing is flushed to disk.
 */
export default async function globalSetup() {
  const root = join(import.meta.dirname, '..', '..', 'dist', 'libs', 'platform');
  const { startEmbedded } = await import(join(root, 'embedded-postgres', 'src', 'index.js'));
  const { migrateTemplate } = await import(join(root, 'testing', 'src', 'index.js'));
  const dataDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'plumbline-test-'));
  chmodSync(dataDir, 0o755); // the server runs as another account when we are root
  const server = await startEmbedded({
    dataDir,
    port: 0,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      wal_level: 'minimal',
      max_wal_senders: '0',
      max_connections: '300',
    },
  });
  process.env.TEST_PG_ADMIN_URL = server.url('postgres');
  globalThis.plumblineTestServer = { server, dataDir };
  await migrateTemplate(server.url('postgres'));
}
