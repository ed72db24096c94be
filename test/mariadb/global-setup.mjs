import catalogSetup from '../support/global-setup.mjs';
import { startMariaDb } from '../support/mariadb-server.mjs';

/** One server for the whole run, and the catalog's beside it; each test file makes a database of its own. */
export default async function globalSetup() {
  await catalogSetup();
  const server = await startMariaDb();
  process.env.TEST_MARIADB_URL = server.url;
  globalThis.plumblineMariaDb = server;
}
