import { migrations } from '#migrations';
import { readSettings } from '#platform/config';
import { type Command } from 'commander';

import { CommandFailed, EXIT } from '../client/exit.js';

/** `plumbline migrate`: what `start` does before anything else, for a database of one's own. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the tables of DATABASE_URL up to date ("start" does it by itself)')
    .action(async () => {
      const { databaseUrl } = readSettings({ env: process.env, cwd: process.cwd() });
      if (databaseUrl === undefined)
        throw new CommandFailed(
          'The setting "databaseUrl" (DATABASE_URL) is missing: name the database to migrate.',
          EXIT.input,
        );
      const { migrate } = await import('#platform/database');
      const ran = await migrate(databaseUrl, migrations);
      process.stdout.write(
        ran.length === 0 ? 'The database is up to date.\n' : `${ran.map((name) => `ran ${name}`).join('\n')}\n`,
      );
    });
}
