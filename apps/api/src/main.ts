import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Accounts, ApiTokens } from '#identity';
import { messageOf, systemActor } from '#kernel';
import { readSettings } from '#platform/config';

import { createApi } from './create-api.js';

/**
 * Starts the API on an existing database (DATABASE_URL). `plumbline start` does this and all that goes before it,
 * and talks to this process over its channel.
 */
async function main(): Promise<void> {
  const settings = readSettings({ env: process.env, cwd: process.cwd() });
  const { databaseUrl, host, port } = settings;
  if (databaseUrl === undefined)
    throw new Error(
      'The setting "databaseUrl" (DATABASE_URL) is missing. Name a database, or start everything with "npm start".',
    );
  const app = await createApi({ ...settings, databaseUrl });
  const firstPassword = await app.get(Accounts).ensureAdministrator();
  await app.listen(port, host);
  if (!process.send) {
    if (firstPassword !== undefined) process.stdout.write(`One-time password of "admin": ${firstPassword}\n`);
    return;
  }
  const address = app.getHttpServer().address();
  process.send({
    ready: true,
    port: typeof address === 'object' && address ? address.port : port,
    ...(firstPassword !== undefined && { firstPassword }),
  });
  process.on('message', ({ ask }: { ask?: string }) => {
    if (ask === 'cli-token')
      void cliToken(app).then(
        (value) => process.send?.({ answer: ask, value }),
        (error: unknown) => process.send?.({ answer: ask, failed: messageOf(error) }),
      );
  });
  // The one who started us is gone: so are we, cleanly.
  process.on('disconnect', () => void app.close().finally(() => process.exit(0)));
}

/** A token for the command line on this machine, of the first administrator. */
async function cliToken(app: NestFastifyApplication): Promise<string> {
  const administrator = await app.get(Accounts).firstAdministrator();
  const { text } = await app.get(ApiTokens).add(systemActor('plumbline start'), administrator.id, 'command line', null);
  return text;
}

main().catch((error: unknown) => {
  const { code } = error as { code?: string };
  const sentence =
    code === 'EADDRINUSE'
      ? 'The port of the API is taken by another program. Choose another with --port or PLUMBLINE_PORT.'
      : messageOf(error);
  process.send?.({ failed: sentence });
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});
