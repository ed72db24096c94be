import 'reflect-metadata';

import { messageOf } from '#kernel';
import { Command } from 'commander';

import { addStart } from './start/command.js';

const program = new Command('plumbline').description('Data-governance metadata catalog').showHelpAfterError();
addStart(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
