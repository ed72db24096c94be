import { type DatasetFact, type FieldFact } from '../dataset-facts.js';

export const SUGGESTION_ORIGINS = ['statistics', 'key', 'standard', 'lineage'] as const;
export type SuggestionOrigin = (typeof SUGGESTION_ORIGINS)[number];

/** A figure or a name that speaks for a rule. Never a value of the data. */
export interface EvidencePart {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** A rule that something speaks for. */
export interface SuggestedRule {
  readonly datasetId: string;
  readonly kind: string;
  readonly fieldIds: readonly string[];
  readonly otherDatasetId: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly origin: SuggestionOrigin;
  readonly confidence: number;
  readonly evidence: readonly EvidencePart[];
  readonly evidenceAt: Date;
  /** What a decision rests on: the same as long as nothing speaks otherwise than before. */
  readonly basis: unknown;
}

/** Figures of a field, as statistics has them. */
export interface FieldFigures {
  readonly fieldId: string;
  readonly takenAt: Date;
  readonly rows: number;
  readonly sampled: boolean;
  readonly nulls: number;
  readonly distinct: number | null;
  readonly shortest: number | null;
  readonly longest: number | null;
  readonly shown: string;
  readonly least: string | null;
  readonly frequent: readonly { readonly value: string; readonly rows: number }[];
}

/** The standard that people confirmed for a field. */
export interface FieldStandard {
  readonly fieldId: string;
  readonly element: string;
  readonly version: number;
  readonly nullable: boolean;
  readonly length: number | null;
  readonly codes: readonly string[] | null;
  readonly decidedAt: Date;
}

/** A rule on a field whose values go as they are into a field of the dataset. */
export interface UpstreamRule {
  readonly fieldId: string;
  readonly ruleId: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly from: string;
  readonly since: Date;
}

/** A dataset that a key refers to. */
export interface ReferredDataset {
  readonly datasetId: string;
  readonly qualifiedName: string;
}

export interface Speaking {
  readonly figures: readonly FieldFigures[];
  readonly standards: readonly FieldStandard[];
  readonly upstream: readonly UpstreamRule[];
  readonly referred: readonly ReferredDataset[];
  /** Rules that are there: kind and fields. */
  readonly rules: readonly { readonly kind: string; readonly fieldIds: readonly string[] }[];
}

const FEWEST_ROWS = 100;
const MANY_ROWS = 10_000;
const MOST_CODES = 20;
/** A list of codes that is longer is a table of its own. */
const LONGEST_LIST = 1_000;

/**
 * The rules that statistics, keys, standards and lineage speak for, the strongest reason of each. What is a rule already, and what a
 * constraint of the source keeps true, is not suggested.
 */
export function suggestRules(dataset: DatasetFact, speaking: Speaking): SuggestedRule[] {
  const found = [
    ...fromStandards(dataset, speaking.standards),
    ...fromKeys(dataset, speaking.referred),
    ...fromLineage(dataset, speaking.upstream),
    ...fromStatistics(dataset, speaking.figures),
  ];
  const there = new Set(speaking.rules.map(keyOf));
  const strongest = new Map<string, SuggestedRule>();
  for (const one of [...found].sort((a, b) => b.confidence - a.confidence))
    if (!there.has(keyOf(one)) && !isProven(dataset, one) && !strongest.has(keyOf(one))) strongest.set(keyOf(one), one);
  return [...strongest.values()];
}

const keyOf = ({ kind, fieldIds }: { readonly kind: string; readonly fieldIds: readonly string[] }): string =>
  [kind, ...[...fieldIds].sort()].join(' ');

/** Whether the source itself refuses rows that would break the rule. */
function isProven(dataset: DatasetFact, { kind, fieldIds }: SuggestedRule): boolean {
  const names = fieldIds.map((id) => dataset.fields.find((field) => field.id === id)?.name);
  const keys = dataset.keys.filter(({ validated }) => validated);
  const same = (fields: readonly string[]) =>
    fields.length === names.length && fields.every((name) => names.includes(name));
  switch (kind) {
    case 'not_null':
      return (
        dataset.constraints.some((each) => each.kind === 'not_null' && each.field === names[0]) ||
        keys.some((key) => key.kind === 'primary' && key.fields.includes(names[0]!))
      );
    case 'unique':
      return keys.some((key) => key.kind !== 'foreign' && same(key.fields));
    case 'foreign_key':
      return keys.some((key) => key.kind === 'foreign' && same(key.fields));
    default:
      return false;
  }
}

function fromStatistics(dataset: DatasetFact, figures: readonly FieldFigures[]): SuggestedRule[] {
  return figures.flatMap((of) => {
    const field = dataset.fields.find(({ id }) => id === of.fieldId);
    return field === undefined || of.rows < FEWEST_ROWS ? [] : ofFigures(dataset.id, field, of);
  });
}

function ofFigures(datasetId: string, field: FieldFact, of: FieldFigures): SuggestedRule[] {
  const { rows, nulls, distinct, sampled } = of;
  const trust = (share: number) => rounded(share * (sampled ? 0.7 : 1) * (rows >= MANY_ROWS ? 1 : 0.85));
  const suggested = (
    kind: string,
    params: Readonly<Record<string, unknown>>,
    confidence: number,
    parts: readonly EvidencePart[],
  ): SuggestedRule => ({
    ...{
      datasetId,
      kind,
      fieldIds: [field.id],
      otherDatasetId: null,
      params,
      origin: 'statistics' as const,
      confidence,
    },
    evidence: [{ name: 'rows', value: rows }, { name: 'sampled', value: sampled }, ...parts],
    evidenceAt: of.takenAt,
    basis: [kind, params, magnitude(rows), sampled],
  });
  const full = rows - nulls;
  const found: SuggestedRule[] = [];
  if (nulls === 0) found.push(suggested('not_null', {}, trust(0.9), [{ name: 'nulls', value: 0 }]));
  if (full === 0 || distinct === null) return found;
  const isCode = field.typeFamily === 'text' || field.typeFamily === 'integer';
  if (!sampled && distinct === full && (isCode || field.typeFamily === 'uuid'))
    found.push(suggested('unique', {}, trust(0.8), [{ name: 'distinct', value: distinct }]));
  const told = of.frequent.reduce((sum, each) => sum + each.rows, 0);
  if (isCode && of.shown === 'values' && distinct <= MOST_CODES && told === full && distinct * 20 <= full)
    found.push(
      suggested('in_set', { values: typed(field, of.frequent) }, trust(0.75), [{ name: 'distinct', value: distinct }]),
    );
  else if (field.typeFamily === 'text' && of.shortest !== null && of.shortest === of.longest && of.longest > 1)
    found.push(
      suggested('length_between', { min: of.shortest, max: of.longest }, trust(0.8), [
        { name: 'shortest', value: of.shortest },
        { name: 'longest', value: of.longest },
      ]),
    );
  const isNumber = ['integer', 'decimal', 'float'].includes(field.typeFamily);
  if (isNumber && of.shown === 'values' && of.least !== null && Number(of.least) >= 0 && distinct > MOST_CODES)
    found.push(suggested('between', { min: 0 }, trust(0.6), [{ name: 'distinct', value: distinct }]));
  return found;
}

/** Values as the field's type has them, in an order that stays. */
const typed = ({ typeFamily }: FieldFact, frequent: FieldFigures['frequent']): (string | number)[] =>
  frequent
    .map(({ value }) => value)
    .sort()
    .map((value) => (typeFamily === 'integer' && Number.isSafeInteger(Number(value)) ? Number(value) : value));

function fromStandards(dataset: DatasetFact, standards: readonly FieldStandard[]): SuggestedRule[] {
  return standards.flatMap(({ fieldId, element, version, nullable, length, codes, decidedAt }) => {
    const field = dataset.fields.find(({ id }) => id === fieldId);
    if (field === undefined) return [];
    const suggested = (kind: string, params: Readonly<Record<string, unknown>>): SuggestedRule => ({
      ...{ datasetId: dataset.id, kind, fieldIds: [fieldId], otherDatasetId: null, params, origin: 'standard' },
      ...{ confidence: 0.95, evidenceAt: decidedAt, basis: [kind, params, element, version] },
      evidence: [
        { name: 'element', value: element },
        { name: 'version', value: version },
      ],
    });
    const isText = field.typeFamily === 'text';
    return [
      ...(nullable ? [] : [suggested('not_null', {})]),
      ...(length !== null && isText && codes === null ? [suggested('length_between', { max: length })] : []),
      ...(codes !== null && isText && codes.length > 0 && codes.length <= LONGEST_LIST
        ? [suggested('in_set', { values: codes })]
        : []),
    ];
  });
}

/** Keys that somebody declared and the source does not check. */
function fromKeys(dataset: DatasetFact, referred: readonly ReferredDataset[]): SuggestedRule[] {
  return dataset.keys
    .filter(({ validated }) => !validated)
    .flatMap((key): SuggestedRule[] => {
      const fieldIds = key.fields.flatMap((name) => dataset.fields.find((field) => field.name === name)?.id ?? []);
      const other = referred.find(({ qualifiedName }) => qualifiedName === key.refQualifiedName);
      if (fieldIds.length < key.fields.length || (key.kind === 'foreign' && (!other || !key.refFields))) return [];
      const isForeign = key.kind === 'foreign';
      return [
        {
          ...{ datasetId: dataset.id, kind: isForeign ? 'foreign_key' : 'unique', fieldIds, origin: 'key' },
          ...{
            otherDatasetId: isForeign ? other!.datasetId : null,
            params: isForeign ? { refColumns: key.refFields } : {},
          },
          ...{ confidence: 0.9, evidenceAt: new Date(dataset.harvest?.at ?? 0) },
          evidence: [
            { name: 'key', value: key.name },
            { name: 'validated', value: false },
          ],
          basis: [key.kind, key.name, key.fields, key.refQualifiedName ?? null],
        },
      ];
    });
}

/** Kinds that say of each value something that is still true where the value has been copied to. */
export const PASSED_ON = [
  'not_null',
  'not_blank',
  'in_set',
  'not_in_set',
  'regex',
  'format',
  'length_between',
  'between',
];

const fromLineage = (dataset: DatasetFact, upstream: readonly UpstreamRule[]): SuggestedRule[] =>
  upstream
    .filter(({ kind, fieldId }) => PASSED_ON.includes(kind) && dataset.fields.some(({ id }) => id === fieldId))
    .map(({ fieldId, ruleId, kind, params, from, since }) => ({
      ...{ datasetId: dataset.id, kind, fieldIds: [fieldId], otherDatasetId: null, params, origin: 'lineage' as const },
      ...{ confidence: 0.7, evidenceAt: since, basis: [ruleId, kind, params] },
      evidence: [{ name: 'from', value: from }],
    }));

const rounded = (share: number): number => Math.round(share * 100) / 100;
const magnitude = (rows: number): number => Math.floor(Math.log10(Math.max(rows, 1)));
