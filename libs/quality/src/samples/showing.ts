import { dropOrMask, HIDDEN } from '#core/sensitive-data';
import { type Secrecy } from '#statistics';

import { keyColumnsOf } from '../bind-rule.js';
import { type DatasetFact, type FieldFact } from '../dataset-facts.js';
import { type RuleContent } from '../rule.js';

/** What becomes of a column's values in a sample of failing rows. */
export type Showing = 'shown' | 'masked' | 'withheld';

/** A column by which failing rows are told. */
export interface SampleColumn {
  readonly name: string;
  readonly fieldId: string;
  readonly showing: Showing;
  readonly secrecy: Secrecy | undefined;
}

export type SecrecyOf = (fieldId: string) => Secrecy | undefined;

/** Values of these security levels are neither shown nor kept. */
export const SECRET_LEVELS: readonly string[] = ['L4', 'L5'];

/**
 * The columns of a rule's failing rows: those that tell one row from another, then those that the rule looks at. When the rule looks at
 * something secret, which rows break it is secret as well.
 */
export function sampleColumns(
  content: Pick<RuleContent, 'kind' | 'fieldIds'>,
  target: DatasetFact,
  secrecyOf: SecrecyOf,
): SampleColumn[] {
  const keys = keyColumnsOf(target);
  const looked = content.fieldIds.flatMap((id) => target.fields.find((field) => field.id === id) ?? []);
  const keyed = keys.flatMap((name) => target.fields.find((field) => field.name === name) ?? []);
  // What is there twice is told by itself; a single row only by its key.
  const fields = content.kind === 'unique' ? looked : [...new Set([...keyed, ...looked])];
  const secret = looked.some((field) => isSecret(field, secrecyOf(field.id)));
  return fields.map((field) => {
    const secrecy = secrecyOf(field.id);
    const showing = secret ? 'withheld' : showingOf(field, keys.includes(field.name), secrecy);
    return { name: field.name, fieldId: field.id, showing, secrecy };
  });
}

/** Fields of which it matters how secret they are, when these rules are measured. */
export const fieldsShown = (
  rules: readonly { readonly content: Pick<RuleContent, 'fieldIds'>; readonly target: DatasetFact }[],
): string[] => [
  ...new Set(
    rules.flatMap(({ content, target }) => [
      ...content.fieldIds,
      ...keyColumnsOf(target).flatMap((name) => target.fields.find((field) => field.name === name)?.id ?? []),
    ]),
  ),
];

/** A key of which nothing speaks for its being personal is shown: without it nobody finds the row. */
export function showingOf(field: FieldFact, isKey: boolean, secrecy: Secrecy | undefined): Showing {
  if (isSecret(field, secrecy)) return 'withheld';
  if (secrecy?.shown === 'values') return 'shown';
  if (secrecy?.shown === 'masked') return 'masked';
  const nothingKnown = field.securityLevel === null && (secrecy?.category ?? null) === null;
  return isKey && nothingKnown ? 'shown' : 'withheld';
}

const isSecret = ({ securityLevel }: FieldFact, secrecy: Secrecy | undefined): boolean =>
  SECRET_LEVELS.includes(securityLevel ?? '') || SECRET_LEVELS.includes(secrecy?.level ?? '');

/** What a person sees of a value. */
export function shownValue(value: string | null, showing: Showing, secrecy: Secrecy | undefined): string | null {
  if (showing === 'withheld') return HIDDEN;
  if (value === null || showing === 'shown') return value;
  return (secrecy && dropOrMask(secrecy.level, secrecy.category, value)) ?? HIDDEN;
}
