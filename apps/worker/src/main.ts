import { messageOf } from '#kernel';
import { readSettings } from '#platform/config';

import { createWorker } from './create-worker.js';

/** Starts a worker on an existing database (DATABASE_URL). `plumbline start` does this and all that goes before it. */
async function main(): Promise<void> {
  const settings = readSettings({ env: process.env, cwd: process.cwd() });
  const { databaseUrl } = settings;
  if (databaseUrl === undefined)
    throw new Error(
      'The setting "databaseUrl" (DATABASE_URL) is missing. Name a database, or start everything with "npm start".',
    );
  const worker = await createWorker({ ...settings, databaseUrl });
  process.send?.({ ready: true });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= worker.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

main().catch((error: unknown) => {
  process.send?.({ failed: messageOf(error) });
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
