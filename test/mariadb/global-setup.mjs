import { startMariaDb } from '../support/mariadb-server.mjs';

/** One server for the whole run; each test file makes a database of its own. */
export default async function globalSetup() {
  const server = await startMariaDb();
  process.env.TEST_MARIADB_URL = server.url;
  globalThis.plumblineMariaDb = server;
}
