import { nameOf, type RuleContent, type StoredRule } from '../rule.js';
import { printOf, sameContent } from '../rule-content.js';
import { type CodeChange } from './code.js';
import { asWritten, differences, type RuleNames } from './differences.js';

/** A rule of the files whose names have been found in the catalog. */
export interface WantedRule {
  readonly key: string;
  readonly datasetId: string;
  readonly content: RuleContent;
  readonly names: RuleNames;
}

/** Which rule a key was when the files were applied last. */
export interface RuleLink {
  readonly key: string;
  readonly ruleId: string;
  readonly versionNumber: number;
}

/** A planned change, with what is needed to make it. */
export interface PlannedRuleChange extends CodeChange {
  readonly wanted: WantedRule | null;
  /** By what the digest tells whether the catalog moved. */
  readonly print: string;
}

/**
 * What has to happen to the rules of a catalog for them to be those of a set of files. Rules made by hand are left alone, unless the
 * files name one by its id.
 */
export function planRules(
  wanted: readonly WantedRule[],
  links: readonly RuleLink[],
  rules: ReadonlyMap<string, StoredRule>,
  prune: boolean,
): PlannedRuleChange[] {
  const linkOf = new Map(links.map((link) => [link.key, link]));
  const keys = new Set(wanted.map(({ key }) => key));
  return [
    ...wanted.map((rule) => {
      const link = linkOf.get(rule.key);
      return link ? forKnown(rule, link, rules.get(link.ruleId)) : forNew(rule, rules.get(rule.key));
    }),
    ...links
      .filter(({ key }) => !keys.has(key))
      .flatMap((link) => {
        const rule = rules.get(link.ruleId);
        return rule === undefined || rule.retiredAt ? [] : [forVanished(link, rule, prune)];
      }),
  ];
}

function forKnown(wanted: WantedRule, link: RuleLink, now: StoredRule | undefined): PlannedRuleChange {
  if (now === undefined) return change('create', wanted);
  if (now.retiredAt)
    return change('create', wanted, { drift: { what: 'retired', by: null, at: now.retiredAt }, print: now.ruleId });
  return compared(wanted, now, driftOf(link, now));
}

/** A key that the files were never applied with. */
function forNew(wanted: WantedRule, byHand: StoredRule | undefined): PlannedRuleChange {
  if (byHand === undefined || byHand.retiredAt) return change('create', wanted);
  return { ...compared(wanted, byHand, null), takenOver: true };
}

function forVanished(link: RuleLink, now: StoredRule, prune: boolean): PlannedRuleChange {
  const drift = prune ? driftOf(link, now) : null;
  return {
    ...{ thing: 'rule', key: link.key, what: prune ? 'retire' : 'kept', name: nameOf(now), on: placeOf(now) },
    ...{ id: now.ruleId, differences: [], drift, takenOver: false, wanted: null, print: `${now.ruleId} ${now.number}` },
  };
}

/** A rule stays on its dataset for ever: on another one it is another rule. */
function compared(wanted: WantedRule, now: StoredRule, drift: CodeChange['drift']): PlannedRuleChange {
  const same = now.datasetId === wanted.datasetId && sameContent(now, wanted.content);
  const found = same ? [] : differences(asWritten(now, namesOf(now)), asWritten(wanted.content, wanted.names));
  const what = same ? 'unchanged' : now.datasetId === wanted.datasetId ? 'change' : 'replace';
  return change(what, wanted, {
    ...{ id: now.ruleId, differences: found, print: `${now.ruleId} ${now.number}` },
    // Whoever changed it by hand to what the files want now has changed nothing that counts.
    drift: same ? null : drift,
  });
}

const driftOf = ({ versionNumber }: RuleLink, { number, madeBy, madeAt }: StoredRule): CodeChange['drift'] =>
  number === versionNumber ? null : { what: 'changed', by: madeBy, at: madeAt };

const change = (
  what: CodeChange['what'],
  wanted: WantedRule,
  more: Partial<PlannedRuleChange> = {},
): PlannedRuleChange => ({
  ...{ thing: 'rule', key: wanted.key, what, name: nameOf(wanted.content), on: wanted.names.dataset, id: null },
  ...{ differences: [], drift: null, takenOver: false, wanted },
  ...more,
  print: `${more.print ?? ''} ${printOf(wanted.content)}`,
});

const placeOf = ({ sourceName, datasetName }: StoredRule): string => `${sourceName} / ${datasetName}`;

const namesOf = (rule: StoredRule): RuleNames => ({
  dataset: placeOf(rule),
  columns: rule.fieldNames,
  other: rule.otherDatasetName === null ? null : `${rule.otherSourceName} / ${rule.otherDatasetName}`,
});
