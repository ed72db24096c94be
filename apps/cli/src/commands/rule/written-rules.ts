import { conditionsAs, ruleKindOf } from '#core/rule-engine';
import { type NamedRule, type NamedRuleSet, type RuleText, writeRuleFile } from '#core/rule-import';

import { type Client } from '../../client/client.js';
import { findSource } from '../../client/find-source.js';

interface CodeOrigin {
  readonly origin: string;
  readonly key: string;
}

interface Rule {
  readonly id: string;
  readonly kind: string;
  readonly fields: readonly { readonly name: string }[];
  readonly otherDatasetName: string | null;
  readonly otherSourceName: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly where: unknown;
  readonly scope: unknown;
  readonly nullPolicy: string;
  readonly onEmpty: string;
  readonly denominator: string;
  readonly threshold: unknown;
  readonly samples: number;
  readonly budgetMs: number | null;
  readonly verify: boolean;
  readonly dimension: string;
  readonly severity: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly description: string;
  readonly owner: string;
  readonly enabled: boolean;
  readonly datasetName: string;
  readonly sourceName: string;
  readonly codeOrigin: CodeOrigin | null;
}

interface RuleSet {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ruleIds: readonly string[];
  readonly schedule: { readonly cron: string; readonly timeZone: string; readonly enabled: boolean } | null;
  readonly codeOrigin: CodeOrigin | null;
}

interface PageOf<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface Wanted {
  readonly origin?: string;
  readonly byHand?: boolean;
  readonly source?: string;
}

const RULES = `
  query ($origin: String, $byHand: Boolean, $sourceId: ID, $after: String) {
    rules(origin: $origin, byHand: $byHand, sourceId: $sourceId, first: 100, after: $after) {
      nodes {
        id kind fields { name } otherDatasetName otherSourceName params where scope nullPolicy onEmpty denominator threshold samples
        budgetMs verify dimension severity nameEn nameZh description owner enabled datasetName sourceName
        codeOrigin { origin key }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

const SETS = `
  query ($after: String) {
    ruleSets(first: 100, after: $after) {
      nodes { id name description ruleIds schedule { cron timeZone enabled } codeOrigin { origin key } }
      pageInfo { hasNextPage endCursor }
    }
  }`;

/** The catalog's rules in our own writing. Applying that changes nothing. */
export async function rulesAsYaml(client: Client, { origin, byHand = false, source }: Wanted) {
  const sourceId = source === undefined ? undefined : (await findSource(client, source)).id;
  const rulesOf = (filter: object) =>
    everyPage<Rule>(async (after) => {
      const { rules } = await client.ask<{ rules: PageOf<Rule> }>(RULES, { ...filter, sourceId, after });
      return rules;
    });
  const rules = [
    ...(origin === undefined ? [] : await rulesOf({ origin })),
    ...(origin === undefined || byHand ? await rulesOf({ byHand: true }) : []),
  ];
  const keys = new Map(rules.map((rule) => [rule.id, keyOf(rule)]));
  // Of a part of the rules no set is whole.
  const sets =
    source === undefined
      ? (
          await everyPage<RuleSet>(
            async (after) => (await client.ask<{ ruleSets: PageOf<RuleSet> }>(SETS, { after })).ruleSets,
          )
        ).filter(({ codeOrigin }) =>
          codeOrigin === null ? origin === undefined || byHand : codeOrigin.origin === origin,
        )
      : [];
  const yaml = writeRuleFile(rules.map(written), {
    origin: origin ?? 'catalog',
    ruleSets: sets.map((set) => writtenSet(set, keys)),
  });
  return { yaml, rules: rules.length, ruleSets: sets.length };
}

async function everyPage<T>(ask: (after: string | null) => Promise<PageOf<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | null = null; ;) {
    const { nodes, pageInfo }: PageOf<T> = await ask(after);
    all.push(...nodes);
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor;
  }
}

/** The id in its files; of a rule made by hand, its own. */
const keyOf = ({ id, codeOrigin }: Pick<Rule, 'id' | 'codeOrigin'>): string => codeOrigin?.key ?? ownId(id);

/** A global id is the type's name and the thing's own id. */
const ownId = (globalId: string): string =>
  Buffer.from(globalId, 'base64url')
    .toString()
    .replace(/^[^:]*:/, '');

function written(rule: Rule): NamedRule {
  const { kind, params, where, scope, threshold, budgetMs, verify } = rule;
  const { nameZh, nameEn, description, owner, otherDatasetName: other, otherSourceName: otherSource } = rule;
  const text: RuleText = {
    kind,
    ...(rule.fields.length > 0 && { columns: rule.fields.map(({ name }) => name) }),
    ...(Object.keys(params).length > 0 && { params }),
    ...(where !== null && { where }),
    ...(scope !== null && { scope }),
    ...(rule.nullPolicy !== 'ignore' && { nullPolicy: rule.nullPolicy }),
    ...(rule.onEmpty !== 'not_evaluated' && { onEmpty: rule.onEmpty }),
    ...(rule.denominator !== 'checked' && { denominator: rule.denominator }),
    ...(threshold !== null && { threshold }),
    ...(rule.dimension.toLowerCase() !== ruleKindOf(kind).dimension && { dimension: rule.dimension.toLowerCase() }),
    ...(rule.severity !== 'S3' && { severity: rule.severity }),
    ...(rule.samples !== 20 && { samples: rule.samples }),
    ...(budgetMs !== null && { budgetMs }),
    ...(verify && { verify }),
  };
  return {
    ...{ id: keyOf(rule), source: rule.sourceName, dataset: rule.datasetName },
    ...(nameZh !== '' && { nameZh }),
    ...(nameEn !== '' && { nameEn }),
    ...(description !== '' && { description }),
    ...(owner !== '' && { owner }),
    ...(!rule.enabled && { enabled: false }),
    rule: conditionsAs('text', text),
    ...(other !== null && { other }),
    ...(other !== null && otherSource !== null && otherSource !== rule.sourceName && { otherSource }),
  };
}

const writtenSet = (set: RuleSet, keys: ReadonlyMap<string, string>): NamedRuleSet => ({
  ...{ id: keyOf(set), name: set.name },
  ...(set.description !== '' && { description: set.description }),
  rules: set.ruleIds.map((id) => keys.get(id) ?? ownId(id)),
  ...(set.schedule && { schedule: set.schedule }),
});
