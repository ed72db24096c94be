import { InvalidInput } from '#kernel';

import { type Fields, isFields } from '../args.js';
import {
  type Conversion,
  Findings,
  type ImportedRule,
  type NamedRule,
  type NotImported,
  NotUnderstood,
  type Place,
  type RuleText,
} from '../imported.js';
import { readSource } from '../source-text.js';
import { ruleLine } from './rule-line.js';

/** A rule set as a file has it. Its rules are named by their ids. */
export interface NamedRuleSet {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly rules: readonly string[];
  readonly schedule?: { readonly cron: string; readonly timeZone: string; readonly enabled?: boolean };
  readonly at?: Place;
}

/** A file of rules in our own writing: what may be kept in git and applied to a catalog. */
export interface RuleCode {
  /** Which set of rules these are a part of, where the file says it. */
  readonly origin?: string;
  readonly rules: readonly ImportedRule[];
  readonly ruleSets: readonly NamedRuleSet[];
  readonly notUnderstood: readonly NotImported[];
  /** Where something in it stands, for what turns out to be wrong later. */
  placeOf(path: Place['path']): Place;
}

const IN_FILE = ['origin', 'source', 'owner', 'rules', 'ruleSets'];
const IN_SET = ['id', 'name', 'description', 'rules', 'schedule'];
const IN_SCHEDULE = ['cron', 'timeZone', 'enabled'];

export const isRuleFile = (value: unknown): boolean =>
  (isFields(value) && (Array.isArray(value['rules']) || Array.isArray(value['ruleSets']))) ||
  (Array.isArray(value) && value.every((each) => typeof each === 'string' || (isFields(each) && 'kind' in each)));

/**
 * Reads a file of rules: a list, or `rules` with what they have in common (`origin`, `source`, `owner`) and `ruleSets` beside. Throws
 * `InvalidInput` for a text that is none.
 */
export function readRuleCode(text: string): RuleCode {
  const { value, placeOf } = readSource(text);
  if (!isRuleFile(value)) throw new InvalidInput('This is no file of rules: it has no list "rules".');
  const file: Fields = isFields(value) ? value : { rules: value };
  const inFile = isFields(value);
  const findings = new Findings(placeOf, true);
  for (const name of Object.keys(file))
    if (!IN_FILE.includes(name)) findings.refuse([name], name, `beside ${IN_FILE.join(', ')} the file has nothing`);
  const common = Object.fromEntries(
    (['source', 'owner'] as const).flatMap((name) => {
      const said = textIn(file, name, findings);
      return said === undefined ? [] : [[name, said]];
    }),
  );
  listIn(file, 'rules', findings).forEach((entry, at) =>
    findings.take(inFile ? ['rules', at] : [at], wordFor(entry), () => ({ ...common, ...entryOf(entry) })),
  );
  const ruleSets = listIn(file, 'ruleSets', findings).flatMap((entry, at): NamedRuleSet[] => {
    try {
      return [{ ...ruleSetOf(entry), at: placeOf(['ruleSets', at]) }];
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      findings.refuse(['ruleSets', at], 'a rule set', error.message);
      return [];
    }
  });
  const origin = textIn(file, 'origin', findings);
  return { ...findings.all, ...(origin !== undefined && { origin }), ruleSets, placeOf };
}

function textIn(file: Fields, name: string, findings: Findings): string | undefined {
  const said = file[name];
  if (said === undefined || said === null || typeof said === 'string') return said ?? undefined;
  findings.refuse([name], name, 'it is no text');
  return undefined;
}

function listIn(file: Fields, name: string, findings: Findings): readonly unknown[] {
  const said = file[name] ?? [];
  if (Array.isArray(said)) return said;
  findings.refuse([name], name, 'it is no list');
  return [];
}

const wordFor = (entry: unknown): string =>
  typeof entry === 'string' ? entry : isFields(entry) && typeof entry['kind'] === 'string' ? entry['kind'] : 'a rule';

function entryOf(entry: unknown): Conversion {
  if (typeof entry === 'string') return ruleLine(entry);
  if (!isFields(entry)) throw new NotUnderstood('it is neither an object nor a line');
  const { id, source, dataset, other, otherSource, name, nameZh, nameEn, description, owner, ...more } = entry;
  const { enabled, tags, schedule, ...rule } = more;
  const texts = { id, source, dataset, other, otherSource, name, nameZh, nameEn, description, owner };
  for (const [what, text] of Object.entries(texts))
    if (text !== undefined && text !== null && typeof text !== 'string')
      throw new NotUnderstood(`its ${what} is no text`);
  if (enabled !== undefined && typeof enabled !== 'boolean')
    throw new NotUnderstood('its enabled is neither true nor false');
  return { ...withoutAbsent({ ...texts, enabled, tags, schedule }), rule: rule as unknown as RuleText };
}

const withoutAbsent = (of: Fields): Omit<NamedRule, 'rule'> =>
  Object.fromEntries(Object.entries(of).filter(([, each]) => each !== undefined && each !== null));

function ruleSetOf(entry: unknown): NamedRuleSet {
  if (!isFields(entry)) throw new NotUnderstood('it is no object');
  const { id, name, description, rules = [], schedule } = known(entry, IN_SET, 'a rule set');
  if (typeof id !== 'string' || id === '') throw new NotUnderstood('it has no id');
  if (typeof name !== 'string' || name.trim() === '') throw new NotUnderstood('it has no name');
  if (description !== undefined && typeof description !== 'string')
    throw new NotUnderstood('its description is no text');
  if (!Array.isArray(rules) || !rules.every((each) => typeof each === 'string'))
    throw new NotUnderstood('its rules are no list of ids');
  return {
    ...{ id, name, rules: rules },
    ...(description !== undefined && { description }),
    ...(schedule !== undefined && schedule !== null && { schedule: scheduleOf(schedule) }),
  };
}

function scheduleOf(entry: unknown): NonNullable<NamedRuleSet['schedule']> {
  if (!isFields(entry)) throw new NotUnderstood('its schedule is no object');
  const { cron, timeZone, enabled } = known(entry, IN_SCHEDULE, 'a schedule');
  if (typeof cron !== 'string' || typeof timeZone !== 'string')
    throw new NotUnderstood('its schedule needs the texts cron and timeZone');
  if (enabled !== undefined && typeof enabled !== 'boolean')
    throw new NotUnderstood('enabled of its schedule is neither true nor false');
  return { cron, timeZone, ...(enabled !== undefined && { enabled }) };
}

function known(entry: Fields, names: readonly string[], what: string): Fields {
  const other = Object.keys(entry).find((name) => !names.includes(name));
  if (other === undefined) return entry;
  throw new NotUnderstood(`${JSON.stringify(other)} is nothing that ${what} has; it has ${names.join(', ')}`);
}
