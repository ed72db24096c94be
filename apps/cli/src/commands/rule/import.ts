import { entryFor, writeRuleFile } from '#core/rule-import';
import { type Command } from 'commander';

import { EXIT } from '../../client/exit.js';
import { remark, writeJson, writeLine } from '../../client/output.js';
import { rulesIn, tellNotUnderstood } from './read-rules.js';

/** `plumbline rule import`: rules of other tools, without a catalog. */
export function addImport(rule: Command): void {
  rule
    .command('import <file>')
    .description('read checks of another tool and print them as rules; needs no catalog (- is standard input)')
    .option('--from <format>', 'dbt, gx, soda, odcs or rules (default: told by the text)')
    .option('--json', 'write JSON, with places, notes and what was not understood')
    .addHelpText(
      'after',
      '\nExit codes: 0 every check became a rule, 3 some did not (they are listed with the reason), 2 the file cannot be read.',
    )
    .action((path: string, { from, json }: { from?: string; json?: boolean }) => {
      const { rules, notUnderstood, format } = rulesIn(path, from);
      if (json === true)
        writeJson({
          format,
          complete: notUnderstood.length === 0,
          rules: rules.map(({ at, was, notes, ...named }) => ({ ...entryFor(named), was, at, notes })),
          notUnderstood,
        });
      else {
        writeLine(writeRuleFile(rules).trimEnd());
        for (const { at, was, notes } of rules)
          for (const note of notes)
            remark(`${path}${at.line === undefined ? '' : `:${at.line}`}  ${was}: note: ${note}`);
        tellNotUnderstood(path, notUnderstood);
        remark(`Rules: ${rules.length}. Checks not understood: ${notUnderstood.length}.`);
      }
      if (notUnderstood.length > 0) process.exitCode = EXIT.bad;
    });
}
