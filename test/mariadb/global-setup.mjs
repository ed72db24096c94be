import startPostgres from '../support/global-setup.mjs';
import { startMariaDb } from '../support/mariadb-server.mjs';

/** One server for the whole run, and a PostgreSQL for the catalog; each test file makes databases of its own on them. */
export default async function globalSetup() {
  const [server] = await Promise.all([startMariaDb(), startPostgres()]);
  process.env.TEST_MARIADB_URL = server.url;
  globalThis.plumblineMariaDb = server;
}
