import { InvalidInput } from '#kernel';

import { isFields } from './args.js';
import { importDbt } from './dbt/import-dbt.js';
import { isManifest } from './dbt/manifest.js';
import { isSchemaYml } from './dbt/schema-yml.js';
import { importGx } from './gx/import-gx.js';
import { type Imported } from './imported.js';
import { importOdcs } from './odcs/import-odcs.js';
import { isRuleFile } from './own/rule-code.js';
import { importRuleFile } from './own/rule-file.js';
import { isSodaContract } from './soda/contract.js';
import { importSoda } from './soda/import-soda.js';
import { isSodaCl } from './soda/sodacl.js';
import { readSource } from './source-text.js';

/** Tools whose checks can be read, and `rules`, our own writing. */
export const RULE_FORMATS = ['rules', 'dbt', 'gx', 'soda', 'odcs'] as const;
export type RuleFormat = (typeof RULE_FORMATS)[number];

const READERS: Readonly<Record<RuleFormat, (text: string) => Imported>> = {
  rules: importRuleFile,
  dbt: importDbt,
  gx: importGx,
  soda: importSoda,
  odcs: importOdcs,
};

/**
 * Reads the checks of another tool, or rules of ours, from a text. Throws `InvalidInput` for a text that is none of that tool.
 *
 * @example
 * const { rules, notUnderstood } = importRules(schemaYml, 'dbt');
 */
export const importRules = (text: string, from: RuleFormat): Imported => READERS[from](text);

/** Whose checks a text holds, by what stands in it; undefined when nothing tells. Throws `InvalidInput` for a text that is no YAML. */
export function formatOf(text: string): RuleFormat | undefined {
  if (text.trimStart().startsWith('{'))
    try {
      // A manifest is too long to be read twice as YAML.
      if (isManifest(JSON.parse(text))) return 'dbt';
    } catch {
      // Then it is YAML in braces, or nothing.
    }
  const { value } = readSource(text);
  if (isRuleFile(value)) return 'rules';
  if (Array.isArray(value)) return value.some((each) => isFields(each) && 'kwargs' in each) ? 'gx' : undefined;
  if (!isFields(value)) return undefined;
  if (value['kind'] === 'DataContract') return 'odcs';
  if (Array.isArray(value['expectations'])) return 'gx';
  if (isSodaContract(value) || isSodaCl(value)) return 'soda';
  return isSchemaYml(value) ? 'dbt' : undefined;
}

/** Whether a word names a format. Throws `InvalidInput` that lists them. */
export function ruleFormat(word: string): RuleFormat {
  const found = RULE_FORMATS.find((each) => each === word.toLowerCase());
  if (found !== undefined) return found;
  throw new InvalidInput(`There is no format ${JSON.stringify(word)}. There are: ${RULE_FORMATS.join(', ')}.`);
}
