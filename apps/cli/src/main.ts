import { messageOf } from '#kernel';
import { Command } from 'commander';

import { CommandFailed, EXIT } from './client/client.js';
import { addAccount } from './commands/account.js';
import { addAsset } from './commands/asset.js';
import { addHarvest } from './commands/harvest.js';
import { addJob } from './commands/job.js';
import { addLineage } from './commands/lineage.js';
import { addMigrate } from './commands/migrate.js';
import { addReport } from './commands/report.js';
import { addRule } from './commands/rule.js';
import { addSource } from './commands/source.js';
import { addToken } from './commands/token.js';
import { addStart } from './start/command.js';

const program = new Command('plumbline')
  .description('Data-governance metadata catalog')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 well, 1 the server failed, 2 the input was wrong, 3 done but the answer is bad (rules failed, partial).',
  );
for (const add of [
  addStart,
  addSource,
  addHarvest,
  addAsset,
  addLineage,
  addRule,
  addReport,
  addJob,
  addToken,
  addAccount,
  addMigrate,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof CommandFailed ? error.exitCode : EXIT.failed;
}
