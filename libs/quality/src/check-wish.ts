import { connectorOf } from '#connectors/catalogue';
import { quoteName } from '#core/connector-kit';
import { checkRule, planRule, type Rule, type SqlReader, sqlReader } from '#core/rule-engine';
import { type InputFault, InvalidInput } from '#kernel';

import { bindRule, faultAt, type Speech, wantsOther } from './bind-rule.js';
import { type DatasetFact } from './dataset-facts.js';
import { type RuleContent, type RuleWish } from './rule.js';

const LONGEST_NAME = 200;

/** The reader that wishes with SQL of their own are checked with. It brings a parser of 22 MB, so that the others do without. */
export const readerFor = async (wishes: readonly Pick<RuleWish, 'kind'>[]): Promise<SqlReader | undefined> =>
  wishes.some(({ kind }) => kind.startsWith('sql_')) ? sqlReader() : undefined;

/**
 * Checks a wish against what the catalog knows, so far that it could run, and gives a version's content.
 * Throws `InvalidInput` with the place of each fault in the wish.
 */
export function checkWish(wish: RuleWish, facts: ReadonlyMap<string, DatasetFact>, reader?: SqlReader): RuleContent {
  return inWishPlaces(() => {
    const target = known(facts, wish.datasetId, 'datasetId');
    const other = wish.otherDatasetId === undefined ? undefined : known(facts, wish.otherDatasetId, 'otherDatasetId');
    checkNames(wish);
    const { kind, columns: _, dimension, severity, ...definition } = checkRule(asEngineRule(wish));
    if (other !== undefined && !wantsOther(kind))
      throw faultAt(['otherDatasetId'], `${kind} looks at one dataset, so there is no second one to name`);
    const content: RuleContent = {
      kind,
      fieldIds: wish.fieldIds,
      otherDatasetId: wish.otherDatasetId ?? null,
      // checkRule has put the kind's own dimension in.
      dimension: dimension!,
      severity,
      definition,
      nameEn: wish.nameEn.trim(),
      nameZh: wish.nameZh.trim(),
      description: wish.description.trim(),
      owner: wish.owner.trim(),
      enabled: wish.enabled,
    };
    const bound = bindRule(content, target, other, speechOf);
    planRule(bound.rule, bound.facts, {
      dialect: speechOf(target).dialect,
      now: new Date(0),
      ...(reader && { sqlReader: reader }),
    });
    return content;
  });
}

/** As the engine checks it. Names of columns come later, when ids have been found in the catalog; their number counts. */
function asEngineRule(wish: RuleWish): Readonly<Record<string, unknown>> {
  const { kind, params, where, scope, nullPolicy, onEmpty, denominator, threshold, samples, dimension, severity } =
    wish;
  const { budgetMs, verify } = wish;
  const judged = { nullPolicy, onEmpty, denominator, threshold, samples, dimension, severity };
  const given = { params, where, scope, budgetMs, verify, ...judged };
  return {
    kind,
    columns: wish.fieldIds,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  } satisfies Partial<Record<keyof Rule, unknown>>;
}

function known(facts: ReadonlyMap<string, DatasetFact>, id: string, at: string): DatasetFact {
  const dataset = facts.get(id);
  if (dataset !== undefined) return dataset;
  throw faultAt([at], 'there is no dataset with this id');
}

function checkNames({ nameEn, nameZh }: RuleWish): void {
  if (nameEn.trim() === '' && nameZh.trim() === '') throw faultAt(['nameZh'], 'it has no name in either language');
  for (const [at, name] of Object.entries({ nameEn, nameZh }))
    if (name.length > LONGEST_NAME) throw faultAt([at], `a name has at most ${LONGEST_NAME} characters`);
}

/** The engine speaks of columns and another dataset; the wish has them by id. */
function inWishPlaces<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.message, error.faults.map(renamed), renamedPath(error.inputPath));
  }
}

const renamed = ({ path, message }: InputFault): InputFault => ({ path: renamedPath(path), message });

function renamedPath([first, ...rest]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return [first === 'columns' ? 'fieldIds' : first === 'other' ? 'otherDatasetId' : first, ...rest];
}

/** Without asking the source: enough to see whether a rule can be planned. */
const speechOf = ({ sourceKind }: DatasetFact): Speech => {
  const { dialect } = connectorOf(sourceKind);
  return { dialect, relation: (scope, name) => quoteName(dialect, scope, name) };
};
