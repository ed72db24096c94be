import { type Dialect, type HarvestedConstraint } from '#core/connector-kit';
import {
  type ConstraintFact,
  type DatasetFacts,
  type OtherFacts,
  type RuleFacts,
  ruleKindOf,
  type Vouched,
} from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { type DatasetFact } from './dataset-facts.js';
import { type RuleContent } from './rule.js';

/** How a source's SQL names a dataset, and which SQL it speaks. */
export interface Speech {
  readonly dialect: Dialect;
  relation(scope: string, name: string): string;
}

/** A rule in the engine's words, and the facts it is about. */
export interface BoundRule {
  readonly rule: Readonly<Record<string, unknown>>;
  readonly facts: RuleFacts;
}

/**
 * Joins a rule with what the catalog knows of its datasets now. Throws `InvalidInput` when a field or a dataset is gone.
 */
export function bindRule(
  content: Pick<RuleContent, 'kind' | 'fieldIds' | 'dimension' | 'severity' | 'definition'>,
  target: DatasetFact,
  other: DatasetFact | undefined,
  speechOf: (dataset: DatasetFact) => Speech,
): BoundRule {
  const { kind, fieldIds, dimension, severity, definition } = content;
  return {
    rule: { ...definition, kind, dimension, severity, columns: columnNames(fieldIds, target) },
    facts: {
      target: engineFactsOf(present(target, ['datasetId']), speechOf(target)),
      ...(other === undefined
        ? {}
        : { other: otherFactsOf(target, present(other, ['otherDatasetId']), speechOf(other)) }),
    },
  };
}

/** Whether the kind looks at a second dataset. */
export const wantsOther = (kind: string): boolean => ruleKindOf(kind).other !== 'none';

function columnNames(fieldIds: readonly string[], target: DatasetFact): readonly string[] {
  return fieldIds.map((id, at) => {
    const field = target.fields.find((each) => each.id === id);
    if (field !== undefined) return field.name;
    const was = target.fieldNames[id];
    throw faultAt(
      ['fieldIds', String(at)],
      was === undefined
        ? `${target.qualifiedName} never had this field`
        : `${target.qualifiedName} has no column ${JSON.stringify(was)} any more`,
    );
  });
}

function present(dataset: DatasetFact, path: readonly string[]): DatasetFact {
  if (dataset.present) return dataset;
  throw faultAt(path, `the source ${JSON.stringify(dataset.sourceName)} has ${dataset.qualifiedName} no more`);
}

/** What the engine is told of a dataset. */
export function engineFactsOf(dataset: DatasetFact, speech: Speech): DatasetFacts {
  return {
    relation: speech.relation(dataset.scope, dataset.name),
    name: dataset.qualifiedName,
    columns: dataset.fields.map(({ name, typeFamily, nativeType }) => ({ name, typeFamily, nativeType })),
    keyColumns: keyColumnsOf(dataset),
    ...(dataset.harvest !== null && { vouched: vouchedOf(dataset, dataset.harvest) }),
  };
}

/** Keys that the source has not checked for every row vouch for nothing. */
function vouchedOf({ keys, constraints }: DatasetFact, { id, at }: NonNullable<DatasetFact['harvest']>): Vouched {
  const kept = keys
    .filter(({ validated }) => validated)
    .flatMap(({ kind, name, fields, refQualifiedName, refFields }): ConstraintFact[] => {
      if (kind !== 'foreign') return [{ is: 'unique', name, columns: fields }];
      return refQualifiedName === undefined || refFields === undefined
        ? []
        : [{ is: 'foreign', name, columns: fields, refersTo: refQualifiedName, refColumns: refFields }];
    });
  return { constraints: [...kept, ...constraints.map(constraintFact)], readAt: at, harvest: id };
}

function constraintFact(each: HarvestedConstraint): ConstraintFact {
  if (each.kind === 'not_null') {
    const { kind, field, ...rest } = each;
    return { is: kind, column: field, ...rest };
  }
  const { kind, field, ...rest } = each;
  return { is: kind, column: field, ...rest };
}

const otherFactsOf = (target: DatasetFact, other: DatasetFact, speech: Speech): OtherFacts => ({
  ...engineFactsOf(other, speech),
  dialect: speech.dialect,
  sameConnection: other.sourceId === target.sourceId,
});

/** The columns that tell one row from another: the primary key, or else the first unique one. */
export function keyColumnsOf({ keys }: Pick<DatasetFact, 'keys'>): readonly string[] {
  const key = keys.find(({ kind }) => kind === 'primary') ?? keys.find(({ kind }) => kind === 'unique');
  return key?.fields ?? [];
}

export function faultAt(path: readonly string[], message: string): InvalidInput {
  return new InvalidInput(`The rule cannot be used: ${message}.`, [{ path, message }]);
}
