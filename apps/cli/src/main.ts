import { messageOf } from '#kernel';
import { Command } from 'commander';

import { CommandFailed, EXIT } from './client/exit.js';
// Who reads the output may have had enough of it ("| head").
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const program = new Command('plumbline')
  .description('Data-governance metadata catalog')
  .showHelpAfterError()
  .addHelpText(
    'after',
    '\nExit codes: 0 well, 1 the server failed, 2 the input was wrong, 3 done but the answer is bad (rules failed, partial).',
  );

/** Only the wanted command is loaded: together they take longer than most of them run. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./start/command.js')).addStart,
  source: async () => (await import('./commands/source.js')).addSource,
  harvest: async () => (await import('./commands/harvest.js')).addHarvest,
  diff: async () => (await import('./commands/diff.js')).addDiff,
  rename: async () => (await import('./commands/rename.js')).addRename,
  proposals: async () => (await import('./commands/proposals.js')).addProposals,
  profile: async () => (await import('./commands/profile.js')).addProfile,
  asset: async () => (await import('./commands/asset.js')).addAsset,
  lineage: async () => (await import('./commands/lineage.js')).addLineage,
  pipeline: async () => (await import('./commands/pipeline.js')).addPipeline,
  rule: async () => (await import('./commands/rule.js')).addRule,
  reconcile: async () => (await import('./commands/reconcile.js')).addReconcile,
  incident: async () => (await import('./commands/incident.js')).addIncident,
  waiver: async () => (await import('./commands/waiver.js')).addWaiver,
  channel: async () => (await import('./commands/channel.js')).addChannel,
  subscription: async () => (await import('./commands/subscription.js')).addSubscription,
  report: async () => (await import('./commands/report.js')).addReport,
  job: async () => (await import('./commands/job.js')).addJob,
  token: async () => (await import('./commands/token.js')).addToken,
  account: async () => (await import('./commands/account.js')).addAccount,
  migrate: async () => (await import('./commands/migrate.js')).addMigrate,
};
const wanted = COMMANDS[process.argv[2] ?? ''];
for (const load of wanted ? [wanted] : Object.values(COMMANDS)) (await load())(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof CommandFailed ? error.exitCode : EXIT.failed;
}
