import { ruleKindOf, ruleKinds } from '#core/rule-engine';
import { InvalidInput } from '#kernel';
import { type Command } from 'commander';

import { CommandFailed, EXIT } from '../../client/exit.js';
import { LANGUAGE_FLAG, languageOf } from '../../client/language.js';
import { writeJson, writeLine, writeRows } from '../../client/output.js';
import { kindPage } from './kind-page.js';

/** `plumbline rule kinds`: what a rule can be, without a catalog. */
export function addKinds(rule: Command): void {
  rule
    .command('kinds [kind]')
    .description('kinds of rules; with a kind: its parameters, and examples with their verdicts; needs no catalog')
    .option(...LANGUAGE_FLAG)
    .option('--json', 'write JSON')
    .action((code: string | undefined, options: { language: string; json?: boolean }) => {
      const language = languageOf(options.language);
      if (code === undefined)
        return writeRows({ json: options.json ?? false }, ruleKinds(), {
          Kind: (kind) => kind.code,
          Title: ({ title }) => title[language],
          Dimension: ({ dimension }) => dimension,
          Parameters: ({ params }) => Object.keys(params.properties),
        });
      const kind = kindNamed(code);
      if (options.json === true) writeJson(kind);
      else writeLine(kindPage(kind, language));
    });
}

function kindNamed(code: string) {
  try {
    return ruleKindOf(code);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new CommandFailed(error.message, EXIT.input);
  }
}
