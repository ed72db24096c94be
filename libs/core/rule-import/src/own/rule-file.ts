import { stringify } from 'yaml';

import { type Fields } from '../args.js';
import { type Imported, type NamedRule } from '../imported.js';
import { type NamedRuleSet, readRuleCode } from './rule-code.js';

/** Reads rules in our own writing: `rules`, each an object with a kind, or a line. */
export function importRuleFile(text: string): Imported {
  const { rules, notUnderstood } = readRuleCode(text);
  return { rules, notUnderstood };
}

/** A rule as it stands in a file: which it is and its dataset first, then what it says. */
export function entryFor(named: NamedRule): Fields {
  const { rule, id, source, dataset, name, nameZh, nameEn, description, owner, enabled } = named;
  const { other, otherSource, tags, schedule } = named;
  const about = { id, source, dataset, name, nameZh, nameEn, description, owner, enabled };
  return withoutUndefined({ ...about, ...rule, other, otherSource, tags, schedule });
}

const withoutUndefined = (of: Fields): Fields =>
  Object.fromEntries(Object.entries(of).filter(([, each]) => each !== undefined));

/** Writes rules in our own writing, as YAML. {@link importRuleFile} reads the same rules again. */
export const writeRuleFile = (
  rules: readonly NamedRule[],
  { origin, ruleSets = [] }: { readonly origin?: string; readonly ruleSets?: readonly NamedRuleSet[] } = {},
): string =>
  stringify(
    {
      ...(origin !== undefined && { origin }),
      rules: rules.map(entryFor),
      ...(ruleSets.length > 0 && { ruleSets: ruleSets.map(({ at: _, ...set }) => set) }),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
