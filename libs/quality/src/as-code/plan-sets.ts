import { canonical } from '../rule-content.js';
import { type RuleSetTimes } from '../rule-sets.js';
import { type CodeChange, type CodeRuleSet } from './code.js';
import { differences } from './differences.js';

/** A rule set of the catalog, with when it runs. */
export interface StoredSet {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ruleIds: readonly string[];
  readonly schedule: RuleSetTimes | null;
  readonly changedAt: Date;
}

/** What the files said of a rule set when they were applied last. */
export interface SetLink {
  readonly key: string;
  readonly ruleSetId: string;
  readonly applied: Omit<StoredSet, 'id' | 'changedAt'>;
}

export interface PlannedSetChange extends CodeChange {
  readonly wanted: CodeRuleSet | null;
  readonly print: string;
}

export interface SetFacts {
  readonly links: readonly SetLink[];
  readonly sets: ReadonlyMap<string, StoredSet>;
  /** The files' key of a rule, or the rule's own id where it has none. */
  keyOf(ruleId: string): string;
  isRetired(ruleId: string): boolean;
}

/** What has to happen to the rule sets of a catalog for them to be those of a set of files. */
export function planSets(
  wanted: readonly CodeRuleSet[],
  { links, sets, keyOf, isRetired }: SetFacts,
  prune: boolean,
): PlannedSetChange[] {
  /** Rules that were retired since have left their sets by themselves; that is nobody's change of the set. */
  const alive = (applied: SetLink['applied']): SetLink['applied'] => ({
    ...applied,
    ruleIds: applied.ruleIds.filter((id) => !isRetired(id)),
  });
  const linkOf = new Map(links.map((link) => [link.key, link]));
  const keys = new Set(wanted.map(({ key }) => key));
  const written = (set: Omit<StoredSet, 'id' | 'changedAt'>): Record<string, unknown> => ({
    ...{ name: set.name, description: set.description, rules: set.ruleIds.map(keyOf), schedule: set.schedule },
  });
  return [
    ...wanted.map((set): PlannedSetChange => {
      const link = linkOf.get(set.key);
      const now = sets.get(link?.ruleSetId ?? set.key);
      const about = { thing: 'rule_set' as const, key: set.key, name: set.name, on: null, wanted: set };
      const { key: _, ...rest } = set;
      if (now === undefined)
        return {
          ...about,
          ...{ what: 'create', id: null, differences: [], drift: null, takenOver: false, print: canonical(rest) },
        };
      const found = differences(written(now), rest);
      const byHand = link !== undefined && canonical(written(now)) !== canonical(written(alive(link.applied)));
      return {
        ...about,
        ...{ what: found.length === 0 ? 'unchanged' : 'change', id: now.id, differences: found },
        drift: byHand && found.length > 0 ? { what: 'changed', by: null, at: now.changedAt } : null,
        takenOver: link === undefined,
        print: canonical([rest, written(now)]),
      };
    }),
    ...links
      .filter(({ key, ruleSetId }) => !keys.has(key) && sets.has(ruleSetId))
      .map(({ key, ruleSetId, applied }): PlannedSetChange => {
        const now = sets.get(ruleSetId)!;
        const byHand = canonical(written(now)) !== canonical(written(alive(applied)));
        return {
          ...{ thing: 'rule_set', key, name: now.name, on: null, wanted: null, id: ruleSetId, takenOver: false },
          ...{ what: prune ? 'retire' : 'kept', differences: [], print: canonical(written(now)) },
          drift: prune && byHand ? { what: 'changed', by: null, at: now.changedAt } : null,
        };
      }),
  ];
}
