import { type TypeFamily } from '#core/connector-kit';

import { CATEGORIES, type Category, definitionOf } from './categories.js';
import { contextOf, type DatasetContext, type DatasetFacts } from './context.js';
import { type Evidence } from './evidence.js';
import { shareThatLooksLike, supportOf } from './expectations.js';
import { type Reason } from './explanation.js';
import { type Mention, readAcross, readComment, readName, type Reading, type Subject } from './reading.js';

/** What is known of a column without looking at its values. */
export interface ColumnFacts {
  readonly name: string;
  readonly comment?: string | null;
  readonly typeFamily: TypeFamily;
  /** Longest text, in characters. */
  readonly length?: number | null;
}

export interface Candidate {
  readonly category: Category;
  /** 0 to 1, to two digits. */
  readonly score: number;
  /** Most of the values are masked already. */
  readonly masked: boolean;
  /** What the score rests on, the weightiest first. */
  readonly reasons: readonly Reason[];
}

/** Changes whenever the same facts may give other candidates. */
export const DETECTOR_VERSION = 1;

/** Least score that is worth a steward's look. */
export const LEAST_SCORE = 0.5;

const WEIGHTS = { says: 0.85, ofPerson: 0.8, ofPersonByDataset: 0.6, ofNobody: 0.25, alone: 0.6, hints: 0.4 } as const;

/**
 * Which sensitive categories a column may hold, the likeliest first; none when nothing speaks for one.
 *
 * @example
 * const context = contextOf({ name: 'customer', fields: [{ name: 'sfzh' }, { name: 'khmc' }] });
 * propose({ name: 'sfzh', typeFamily: 'text', length: 18 }, context);
 * // [{ category: 'resident_id', score: 0.85, reasons: [{ code: 'name_says', term: 'sfzh' }], masked: false }]
 */
export function propose(
  column: ColumnFacts,
  context: DatasetContext,
  evidence?: Evidence,
  least = LEAST_SCORE,
): Candidate[] {
  const told = tellingOf(column, context);
  const candidates = CATEGORIES.filter((category) => fitsType(category, column)).flatMap((category) => {
    const candidate = weigh(category, told, context, evidence?.values === 0 ? undefined : evidence);
    return candidate && candidate.score >= least ? [candidate] : [];
  });
  return withoutGeneral(candidates).sort(
    (a, b) => b.score - a.score || CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category),
  );
}

/** The same for all columns of a dataset; gives the best candidates of each column that has any. */
export function proposeForDataset(
  dataset: Omit<DatasetFacts, 'fields'> & { readonly fields: readonly ColumnFacts[] },
  evidenceOf: (field: string) => Evidence | undefined = () => undefined,
  least = LEAST_SCORE,
): { readonly field: string; readonly candidates: readonly Candidate[] }[] {
  const context = contextOf(dataset);
  return dataset.fields
    .map((field) => ({ field: field.name, candidates: propose(field, context, evidenceOf(field.name), least) }))
    .filter(({ candidates }) => candidates.length > 0);
}

/** What name and comment say together. */
interface Telling {
  readonly name: Reading;
  readonly comment: Reading;
  readonly subject: Subject | undefined;
}

function tellingOf(column: ColumnFacts, context: DatasetContext): Telling {
  const [named, comment] = [readName(column.name), readComment(column.comment)];
  const name = named.mentions.length > 0 ? named : { ...named, mentions: readAcross(context.name, column.name) };
  const dataset = context.namesPersons && context.subject?.kind === 'thing' ? undefined : context.subject;
  return { name, comment, subject: name.subject ?? comment.subject ?? dataset };
}

function fitsType(category: Category, { typeFamily, length }: ColumnFacts): boolean {
  const { families, leastLength } = definitionOf(category);
  if (!families.includes(typeFamily)) return false;
  return typeFamily !== 'text' || leastLength === undefined || length == null || length >= leastLength;
}

/** Said of a thing, these say nothing of anybody. */
const OF_PERSONS_ONLY: ReadonlySet<Category> = new Set([
  'age',
  'gender',
  'income',
  'credit_score',
  'address',
  'landline',
  'occupation',
  'marital_status',
  'nationality',
  'birthday',
  'free_text',
  'balance',
]);

/** Part of an address, or a kind of debt: no thing that it could be said of instead of a person. */
const PARTS: Partial<Record<Category, ReadonlySet<string>>> = {
  address: new Set([
    'province',
    'city',
    'district',
    'region',
    'town',
    'county',
    'country',
    '省份',
    '城市',
    '地区',
    '区县',
    '单位',
  ]),
  balance: new Set(['charge', 'fee', 'tax', 'product', 'collateral', 'plan', '产品']),
};

const isOfThing = (category: Category, subject: Subject): boolean =>
  subject.kind === 'thing' && PARTS[category]?.has(subject.term) !== true;

/** Worth protecting only where a row belongs to somebody. */
const OF_SOMEBODY: ReadonlySet<Category> = new Set(['balance', 'free_text', 'credit_score', 'income', 'age']);

function weigh(
  category: Category,
  told: Telling,
  context: DatasetContext,
  evidence: Evidence | undefined,
): Candidate | undefined {
  const reasons: Reason[] = [];
  let score = either(
    mention('name', category, told.name, told, context, reasons),
    mention('comment', category, told.comment, told, context, reasons),
  );
  if (score > 0) {
    if (
      told.name.isInternal &&
      told.name.mentions.length === 0 &&
      !told.comment.mentions.some((each) => each.category === category && each.strength === 'says')
    )
      score = 0;
    if (told.subject && OF_PERSONS_ONLY.has(category) && isOfThing(category, told.subject) && !context.namesPersons) {
      score *= 0.4;
      reasons.push({ code: 'said_of_thing', term: told.subject.term });
    }
    if (OF_SOMEBODY.has(category)) {
      reasons.push({ code: context.belongsToSomebody ? 'belongs_to_somebody' : 'belongs_to_nobody' });
      if (!context.belongsToSomebody) score *= 0.4;
    }
    const other = told.comment.mentions.find((each) => each.strength === 'says' && each.category !== category);
    if (other && !told.comment.mentions.some((each) => each.category === category)) {
      score *= 0.7;
      reasons.push({ code: 'comment_says_otherwise', category: other.category });
    }
  }
  if (evidence) score = withValues(category, score, told, context, evidence, reasons);
  if (score <= 0) return undefined;
  const masked = share(evidence, 'masked') > 0.5;
  return { category, score: Math.round(Math.min(score, 0.99) * 100) / 100, masked, reasons };
}

function mention(
  where: 'name' | 'comment',
  category: Category,
  { mentions }: Reading,
  told: Telling,
  context: DatasetContext,
  reasons: Reason[],
): number {
  const found = mentions.filter((each) => each.category === category);
  if (found.length === 0) return 0;
  const weighed = found
    .map((each) => ({ each, weight: weightOf(each, told, context) }))
    .sort((a, b) => b.weight - a.weight);
  const { each, weight } = weighed[0]!;
  reasons.push({ code: each.strength === 'says' ? `${where}_says` : `${where}_hints`, term: each.term });
  if (each.strength === 'ofPerson') {
    if (told.subject)
      reasons.push({
        code: told.subject.kind === 'person' ? 'said_of_person' : 'said_of_thing',
        term: told.subject.term,
      });
    else if (context.namesPersons) reasons.push({ code: 'beside_personal_columns' });
  }
  return weight;
}

function weightOf({ strength, category }: Mention, told: Telling, context: DatasetContext): number {
  if (strength !== 'ofPerson') return WEIGHTS[strength];
  if (context.holds.has(category)) return WEIGHTS.ofPerson;
  const own = told.name.subject ?? told.comment.subject;
  if (own) return own.kind === 'person' ? WEIGHTS.ofPerson : 0;
  if (context.namesPersons || told.subject?.kind === 'person') return WEIGHTS.ofPersonByDataset;
  return told.subject?.kind === 'thing' ? 0 : WEIGHTS.ofNobody;
}

function withValues(
  category: Category,
  said: number,
  told: Telling,
  context: DatasetContext,
  evidence: Evidence,
  reasons: Reason[],
): number {
  const { values } = evidence;
  const hidden = (['masked', 'encrypted'] as const).find((shape) => share(evidence, shape) > 0.5);
  if (hidden && said > 0) {
    reasons.push({ code: hidden, count: evidence.shapes[hidden] ?? 0, of: values });
    return said;
  }
  const support = supportOf(category, evidence);
  const looks = shareThatLooksLike(category, evidence);
  if (said > 0 && looks !== undefined && looks < 0.2 && values >= 3 && (support?.score ?? 0) < 0.2) {
    reasons.push({ code: 'form_wrong', count: Math.round(looks * values), of: values });
    return said * (values >= 10 ? 0.4 : 0.6);
  }
  let score = said;
  if (support && support.score >= 0.05) {
    reasons.push({ code: support.code, count: support.count, of: values });
    let weight = support.score;
    // A list of statuses has words too; people have many names.
    if (isCodeList(category, evidence)) {
      reasons.push({ code: 'few_values', distinct: evidence.distinct, of: values });
      weight *= 0.3;
    }
    if (
      said === 0 &&
      told.subject &&
      OF_PERSONS_ONLY.has(category) &&
      isOfThing(category, told.subject) &&
      !context.namesPersons
    )
      weight *= 0.5;
    if (said === 0 && saysSomethingElse(category, told)) weight *= 0.6;
    score = either(said, weight);
  }
  return score;
}

const NOT_CODED: ReadonlySet<Category> = new Set(['person_name', 'address', 'mobile', 'landline']);
const isCodeList = (category: Category, { values, distinct }: Evidence) =>
  NOT_CODED.has(category) && values >= 30 && distinct / values < 0.05;

/** The name or comment plainly says another category. */
const saysSomethingElse = (category: Category, { name, comment }: Telling) =>
  [...name.mentions, ...comment.mentions].some((each) => each.strength === 'says' && each.category !== category);

/** What is said by one word holds for what the other says more exactly. */
const GENERAL: Partial<Record<Category, readonly Category[]>> = {
  id_document: ['resident_id', 'passport', 'driving_licence', 'travel_permit', 'uscc', 'social_security'],
  login_name: ['account_no', 'email', 'mobile', 'social_account'],
  tax_number: ['uscc'],
};

/** Without a general category where a special one is about as likely. */
function withoutGeneral(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ category, score }) => {
    const special = GENERAL[category] ?? [];
    return !candidates.some((other) => special.includes(other.category) && other.score >= Math.min(score, 0.85) - 0.1);
  });
}

const share = (evidence: Evidence | undefined, shape: 'masked' | 'encrypted') =>
  evidence && evidence.values > 0 ? (evidence.shapes[shape] ?? 0) / evidence.values : 0;

/** Two independent reasons together. */
const either = (one: number, other: number) => 1 - (1 - one) * (1 - other);
