import { messageOf } from '#kernel';
import { readSettings } from '#platform/config';

import { createApi } from './create-api.js';

/** Starts the API on an existing database (DATABASE_URL). `plumbline start` does this and all that goes before it. */
async function main(): Promise<void> {
  const settings = readSettings({ env: process.env, cwd: process.cwd() });
  const { databaseUrl, host, port } = settings;
  if (databaseUrl === undefined)
    throw new Error(
      'The setting "databaseUrl" (DATABASE_URL) is missing. Name a database, or start everything with "npm start".',
    );
  const app = await createApi({ ...settings, databaseUrl });
  await app.listen(port, host);
  const address = app.getHttpServer().address();
  process.send?.({ ready: true, port: typeof address === 'object' && address ? address.port : port });
  // The one who started us is gone: so are we, cleanly.
  process.on('disconnect', () => void app.close().finally(() => process.exit(0)));
}

main().catch((error: unknown) => {
  const { code } = error as { code?: string };
  const sentence =
    code === 'EADDRINUSE'
      ? `The port of the API is taken by another program. Choose another with the setting "port" (--port or PLUMBLINE_PORT).`
      : messageOf(error);
  process.send?.({ failed: sentence });
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});
