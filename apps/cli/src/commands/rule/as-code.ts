import { type Command } from 'commander';

import { checkoutOf } from '../../client/checkout.js';
import { asking } from '../../client/command.js';
import { EXIT } from '../../client/exit.js';
import { remark, writeJson } from '../../client/output.js';
import { codeFiles, type FileFault, tellFaults } from './code-files.js';
import { askForPlan } from './code-plan.js';
import { hasChanges, showPlan } from './show-plan.js';

interface PlanOptions {
  readonly origin?: string;
  readonly prune?: boolean;
  readonly revision?: string;
}

interface ApplyOptions extends PlanOptions {
  readonly digest?: string;
  readonly force?: boolean;
}

/** `plumbline rule plan` and `rule apply`: rules kept as files in git. */
export function addAsCode(rule: Command): void {
  const withFiles = (command: Command) =>
    command
      .option('--origin <name>', 'which set of rules the files are (default: what they say themselves)')
      .option('--prune', 'retire rules that came from these files and are in them no more')
      .option('--revision <commit>', 'written into the audit log (default: the commit of the checkout)');

  asking(
    withFiles(
      rule
        .command('plan <path>')
        .description('what applying files of rules would change; PATH is a file or a folder')
        .addHelpText(
          'after',
          '\nExit codes: 0 nothing to do, 3 there are changes, 2 files are wrong (each fault by FILE:LINE:COLUMN), 1 a fault.',
        ),
    ),
    async ({ client, json }, path: string, options: PlanOptions) => {
      const tell = teller(json);
      const files = codeFiles(path, options.origin, tell);
      const plan = await askForPlan(client, files, { ...wishOf(path, options), dryRun: true }, tell);
      if (json) writeJson(plan);
      else showPlan(plan);
      if (hasChanges(plan)) process.exitCode = EXIT.bad;
    },
  );

  asking(
    withFiles(
      rule
        .command('apply <path>')
        .description('make the rules of the catalog those of the files, all or none')
        .option('--digest <digest>', 'only when the plan is still this one (from plan --json)')
        .option('--force', 'also undo what was changed by hand since the files were applied'),
    ),
    async ({ client, json }, path: string, options: ApplyOptions) => {
      const tell = teller(json);
      const files = codeFiles(path, options.origin, tell);
      const wish = wishOf(path, options);
      const plan = await askForPlan(client, files, { ...wish, dryRun: true }, tell);
      if (!json) showPlan(plan);
      const digest = options.digest ?? plan.digest;
      const done = await askForPlan(
        client,
        files,
        { ...wish, dryRun: false, digest, force: options.force ?? false },
        tell,
      );
      if (json) writeJson(done);
      else remark(hasChanges(done) ? 'Applied.' : 'Nothing had to be changed.');
    },
  );
}

const wishOf = (path: string, { prune, revision }: PlanOptions) => ({
  prune: prune ?? false,
  revision: revision ?? checkoutOf(path)?.commit ?? '',
});

const teller =
  (json: boolean) =>
  (faults: readonly FileFault[]): void => {
    if (json) writeJson({ faults });
    else tellFaults(faults);
  };
