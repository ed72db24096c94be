import 'reflect-metadata';

import { messageOf } from '#kernel';
import { Command } from 'commander';

import { CommandFailed, EXIT } from './client/client.js';
import { addJob } from './commands/job.js';
import { addToken } from './commands/token.js';
import { addStart } from './start/command.js';

const program = new Command('plumbline')
  .description('Data-governance metadata catalog')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 well, 1 the server failed, 2 the input was wrong, 3 done but the answer is bad (rules failed, partial).',
  );
for (const add of [addStart, addJob, addToken]) add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof CommandFailed ? error.exitCode : EXIT.failed;
}
