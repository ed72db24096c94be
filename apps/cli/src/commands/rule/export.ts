import { writeFileSync } from 'node:fs';

import { exportOdcs, type NamedRule } from '#core/rule-import';
import { type Command } from 'commander';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { remark, writeLine } from '../../client/output.js';
import { rulesIn, tellNotUnderstood } from './read-rules.js';
import { rulesAsYaml } from './written-rules.js';

interface Options {
  readonly origin?: string;
  readonly byHand?: boolean;
  readonly source?: string;
  readonly out?: string;
  readonly url?: string;
  readonly token?: string;
  readonly from?: string;
  readonly id?: string;
  readonly name?: string;
}

/** `plumbline rule export`: the catalog's rules as files, or rules of a file as a data contract. */
export function addExport(rule: Command): void {
  rule
    .command('export [file]')
    .description(
      'write the rules of the catalog as YAML that "rule apply" takes; with FILE: the rules in it as an Open Data Contract 3.1.0, without a catalog (- is standard input)',
    )
    .option('--origin <name>', 'rules that came from these files (default: rules made by hand)')
    .option('--by-hand', 'with --origin: rules made by hand as well')
    .option('--source <name>', 'rules on this source only')
    .option('--out <path>', 'write to this file instead of the output')
    .option('--from <format>', 'with FILE: whose rules they are (default: told by the text)')
    .option('--id <id>', 'with FILE: id of the contract (default: rules)')
    .option('--name <name>', 'with FILE: name of the contract')
    .option('--url <url>', 'address of the catalog (default: PLUMBLINE_URL, else the one started here)')
    .option('--token <token>', 'API token (better: PLUMBLINE_TOKEN)')
    .action(async (file: string | undefined, options: Options) => {
      const text = file === undefined ? await catalogAsYaml(options) : contractOf(file, options);
      if (options.out === undefined) writeLine(text.trimEnd());
      else writeFileSync(options.out, text);
    });
}

async function catalogAsYaml(options: Options): Promise<string> {
  if (options.byHand === true && options.origin === undefined)
    throw new CommandFailed('--by-hand adds to --origin; alone, rules made by hand are what is written.', EXIT.input);
  const { Client } = await import('../../client/client.js');
  const { yaml, rules, ruleSets } = await rulesAsYaml(Client.at(options), options);
  remark(`${rules} rules, ${ruleSets} rule sets.`);
  return yaml;
}

function contractOf(file: string, { from, id = 'rules', name }: Options): string {
  const { rules, notUnderstood } = rulesIn(file, from);
  const named: readonly NamedRule[] = rules.map(({ at: _, was: __, notes: ___, ...each }) => each);
  tellNotUnderstood(file, notUnderstood);
  if (notUnderstood.length > 0) process.exitCode = EXIT.bad;
  return exportOdcs(named, { id, ...(name !== undefined && { name }) });
}
