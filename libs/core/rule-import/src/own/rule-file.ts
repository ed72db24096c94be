import { stringify } from 'yaml';

import { InvalidInput } from '#kernel';

import { type Fields, isFields } from '../args.js';
import { type Conversion, Findings, type Imported, type NamedRule, NotUnderstood, type RuleText } from '../imported.js';
import { readSource } from '../source-text.js';
import { ruleLine } from './rule-line.js';

export const isRuleFile = (value: unknown): boolean =>
  (isFields(value) && Array.isArray(value['rules'])) ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string' || (isFields(each) && 'kind' in each)));

/** Reads rules in our own writing: `rules`, each an object with a kind, or a line. */
export function importRuleFile(text: string): Imported {
  const { value, placeOf } = readSource(text);
  if (!isRuleFile(value)) throw new InvalidInput('This is no file of rules: it has no list "rules".');
  const inFile = isFields(value);
  const list = (inFile ? value['rules'] : value) as readonly unknown[];
  const findings = new Findings(placeOf);
  if (inFile)
    for (const name of Object.keys(value))
      if (name !== 'rules') findings.refuse([name], name, 'beside "rules" the file has nothing');
  list.forEach((entry, at) => findings.take(inFile ? ['rules', at] : [at], wordFor(entry), () => entryOf(entry)));
  return findings.all;
}

const wordFor = (entry: unknown): string =>
  typeof entry === 'string' ? entry : isFields(entry) && typeof entry['kind'] === 'string' ? entry['kind'] : 'a rule';

function entryOf(entry: unknown): Conversion {
  if (typeof entry === 'string') return ruleLine(entry);
  if (!isFields(entry)) throw new NotUnderstood('it is neither an object nor a line');
  const { dataset, other, name, description, tags, schedule, ...rule } = entry;
  for (const [what, text] of Object.entries({ dataset, other, name, description }))
    if (text !== undefined && typeof text !== 'string') throw new NotUnderstood(`its ${what} is no text`);
  return { ...withoutAbsent({ dataset, other, name, description, tags, schedule }), rule: rule as unknown as RuleText };
}

const withoutAbsent = (of: Fields): Omit<NamedRule, 'rule'> =>
  Object.fromEntries(Object.entries(of).filter(([, each]) => each !== undefined && each !== null));

/** A rule as it stands in a file: its dataset first, then what it says. */
export function entryFor({ rule, dataset, other, name, description, tags, schedule }: NamedRule): Fields {
  return withoutUndefined({ dataset, name, description, ...rule, other, tags, schedule });
}

const withoutUndefined = (of: Fields): Fields =>
  Object.fromEntries(Object.entries(of).filter(([, each]) => each !== undefined));

/** Writes rules in our own writing, as YAML. {@link importRuleFile} reads the same rules again. */
export const writeRuleFile = (rules: readonly NamedRule[]): string =>
  stringify({ rules: rules.map(entryFor) }, { aliasDuplicateObjects: false, lineWidth: 0 });
