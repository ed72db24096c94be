import { type SqlReader } from '#core/rule-engine';
import { type InputFault, InvalidInput } from '#kernel';
import { nextDue } from '#platform/queue';

import { checkWish } from '../check-wish.js';
import { type DatasetFact } from '../dataset-facts.js';
import { type CodeRule, type CodeRuleSet } from './code.js';
import { type FoundDataset, type NamedDataset } from './code.store.js';
import { type WantedRule } from './plan-code.js';

/** What the names in some files mean. */
export interface Names {
  readonly datasets: readonly FoundDataset[];
  readonly facts: ReadonlyMap<string, DatasetFact>;
  readonly reader: SqlReader | undefined;
}

const MOST_COLUMNS_TOLD = 20;
const LONGEST_KEY = 200;

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** The datasets that rules name, each once. */
export function namedIn(rules: readonly CodeRule[]): NamedDataset[] {
  const all = rules.flatMap(({ source, dataset, other, otherSource = source }) => [
    { source, dataset },
    ...(other === undefined ? [] : [{ source: otherSource, dataset: other }]),
  ]);
  return [...new Map(all.map((named) => [nameKey(named), named])).values()];
}

const nameKey = ({ source, dataset }: NamedDataset): string => JSON.stringify([source, dataset]);

/** Finds what rules name and checks that each could run. Faults are put into the list, each with its place. */
export function resolveRules(rules: readonly CodeRule[], names: Names, faults: InputFault[]): WantedRule[] {
  const found = new Map(names.datasets.map((each) => [nameKey(each), each]));
  const seen = new Map<string, number>();
  return rules.flatMap((rule, at) => {
    const place = ['rules', String(at)];
    const own: InputFault[] = keyFaults(rule.key, seen.get(rule.key));
    seen.set(rule.key, at);
    const wanted = own.length > 0 ? undefined : resolved(rule, found, names, own);
    faults.push(...own.map(({ path, message }) => ({ path: [...place, ...path], message })));
    return wanted ? [wanted] : [];
  });
}

export function checkSets(sets: readonly CodeRuleSet[], isRule: (key: string) => boolean, faults: InputFault[]): void {
  const seen = new Map<string, number>();
  const names = new Map<string, number>();
  sets.forEach((set, at) => {
    const fault = (path: readonly string[], message: string) =>
      faults.push({ path: ['ruleSets', String(at), ...path], message });
    for (const { path, message } of keyFaults(set.key, seen.get(set.key))) fault(path, message);
    seen.set(set.key, at);
    const name = set.name.trim().toLowerCase();
    if (name === '' || set.name.length > LONGEST_KEY) fault(['name'], `a name has 1 to ${LONGEST_KEY} characters`);
    else if (names.has(name)) fault(['name'], 'another rule set of the files has this name');
    names.set(name, at);
    set.rules.forEach((key, place) => {
      if (set.rules.indexOf(key) !== place) fault(['rules', String(place)], 'the rule is named twice');
      else if (!isRule(key))
        fault(['rules', String(place)], `the files have no rule with the id ${JSON.stringify(key)}`);
    });
    try {
      if (set.schedule) nextDue(set.schedule.cron, set.schedule.timeZone);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      fault(['schedule'], error.message);
    }
  });
}

function keyFaults(key: string, twice: number | undefined): InputFault[] {
  const at = ['id'];
  if (key.trim() !== key || key === '' || key.length > LONGEST_KEY || /\p{Cc}/u.test(key))
    return [{ path: at, message: `an id has 1 to ${LONGEST_KEY} characters and no blanks around it` }];
  return twice === undefined ? [] : [{ path: at, message: `the id ${JSON.stringify(key)} is there twice` }];
}

function resolved(
  rule: CodeRule,
  found: ReadonlyMap<string, FoundDataset>,
  { facts, reader }: Names,
  faults: InputFault[],
): WantedRule | undefined {
  const { key, source, dataset, columns, other, otherSource = source, ...wish } = rule;
  const factOf = (named: NamedDataset, path: string): DatasetFact | undefined => {
    const answer = found.get(nameKey(named));
    const fault = datasetFault(named, answer);
    if (fault === undefined) return facts.get(answer!.ids[0]!);
    faults.push({
      path: [answer?.sourceFound === true ? path : path === 'other' ? 'otherSource' : 'source'],
      message: fault,
    });
    return undefined;
  };
  const target = factOf({ source, dataset }, 'dataset');
  const second = other === undefined ? undefined : factOf({ source: otherSource, dataset: other }, 'other');
  if (target === undefined || (other !== undefined && second === undefined)) return undefined;
  const fieldIds = columns.flatMap((name, at) => {
    const field = target.fields.find((each) => each.name === name);
    if (field) return [field.id];
    faults.push({ path: ['columns', String(at)], message: columnFault(name, target) });
    return [];
  });
  if (fieldIds.length < columns.length) return undefined;
  try {
    const whole = { ...wish, datasetId: target.id, fieldIds, ...(second && { otherDatasetId: second.id }) };
    return {
      ...{ key, datasetId: target.id, content: checkWish(whole, facts, reader) },
      names: {
        ...{ dataset: `${target.sourceName} / ${target.qualifiedName}`, columns },
        other: second ? `${second.sourceName} / ${second.qualifiedName}` : null,
      },
    };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const own = error.faults.length > 0 ? error.faults : [{ path: error.inputPath, message: error.message }];
    faults.push(...own.map(({ path, message }) => ({ path: filePath(path), message })));
    return undefined;
  }
}

function datasetFault({ source, dataset }: NamedDataset, answer: FoundDataset | undefined): string | undefined {
  if (answer?.sourceFound !== true) return `there is no source ${JSON.stringify(source)}`;
  if (answer.ids.length === 1) return undefined;
  return answer.ids.length === 0
    ? `the source ${JSON.stringify(source)} has no dataset ${JSON.stringify(dataset)}`
    : `several datasets of ${JSON.stringify(source)} are called ${JSON.stringify(dataset)}; write the qualified name`;
}

function columnFault(name: string, { qualifiedName, fields }: DatasetFact): string {
  const there = fields.slice(0, MOST_COLUMNS_TOLD).map((field) => field.name);
  return `${qualifiedName} has no column ${JSON.stringify(name)}; it has ${there.join(', ')}${fields.length > there.length ? ' …' : ''}`;
}

/** A wish names by id what a file names by name. */
function filePath([first, ...rest]: readonly string[]): readonly string[] {
  const inFile: Readonly<Record<string, string>> = {
    ...{ fieldIds: 'columns', otherDatasetId: 'other', datasetId: 'dataset' },
  };
  return first === undefined ? [] : [inFile[first] ?? first, ...rest];
}
