import { type ElementFacts, type FieldFacts } from './facts.js';
import { typeFits } from './type-fit.js';
import { isChinese, overlap, pairsOf, plain, wordsOf } from './words.js';

/** One thing a suggestion rests on. */
export interface Evidence {
  readonly kind: 'same_code' | 'same_name' | 'similar_name' | 'type_differs';
  /** What of the column was compared, and with what of the element. */
  readonly field: 'name' | 'comment' | 'businessName' | 'type';
  readonly element: 'code' | 'nameEn' | 'nameZh' | 'type';
  readonly likeness: number;
}

export interface Suggestion {
  readonly fieldId: string;
  readonly elementId: string;
  /** 0 to 1, to two digits. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
}

/** Least score that is worth a steward's look. */
export const LEAST_SCORE = 0.6;
const MOST_FOR_A_FIELD = 3;
/** What remains of a score when the type cannot be right. */
const OTHER_TYPE = 0.7;

type Field = Pick<FieldFacts, 'id' | 'name' | 'comment' | 'businessName' | 'typeFamily' | 'scale'>;
type Element = Pick<ElementFacts, 'id' | 'code' | 'nameEn' | 'nameZh' | 'typeFamily' | 'scale'>;

interface Indexed {
  readonly element: Element;
  readonly code: string;
  readonly codeWords: readonly string[];
  readonly en: string;
  readonly enWords: readonly string[];
  readonly zh: string;
  readonly zhPairs: readonly string[];
}

/**
 * Which element a column may be, by its name, its comment and its business name. At most three for a column, the
 * likeliest first; every suggestion says what it rests on. The same input gives the same output, in the same order.
 *
 * @example
 * suggestMappings([{ name: 'cust_no', comment: '客户编号', … }], elements)
 * // [{ score: 1, evidence: [{ kind: 'same_name', field: 'comment', element: 'nameZh', likeness: 1 }], … }]
 */
export function suggestMappings(fields: readonly Field[], elements: readonly Element[]): Suggestion[] {
  const index = new ElementIndex(elements);
  return fields.flatMap((field) =>
    index
      .candidates(field)
      .map((candidate) => compare(field, candidate))
      .filter(({ score }) => score >= LEAST_SCORE)
      .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))
      .slice(0, MOST_FOR_A_FIELD)
      .map(({ elementId, score, evidence }) => ({ fieldId: field.id, elementId, score, evidence })),
  );
}

/** Finds the few elements that share a word or a pair of characters with a column, so that not all are compared. */
class ElementIndex {
  private readonly byTerm = new Map<string, Indexed[]>();

  constructor(elements: readonly Element[]) {
    for (const element of elements) {
      const indexed: Indexed = {
        element,
        code: plain(element.code),
        codeWords: wordsOf(element.code),
        en: plain(element.nameEn),
        enWords: wordsOf(element.nameEn),
        zh: plain(element.nameZh),
        zhPairs: pairsOf(element.nameZh),
      };
      const terms = [indexed.code, indexed.en, ...indexed.codeWords, ...indexed.enWords, ...indexed.zhPairs];
      for (const term of new Set(terms)) {
        const list = this.byTerm.get(term);
        if (list) list.push(indexed);
        else this.byTerm.set(term, [indexed]);
      }
    }
  }

  candidates({ name, comment, businessName }: Field): Indexed[] {
    const found = new Set<Indexed>();
    for (const text of [name, comment ?? '', businessName ?? ''])
      for (const term of [plain(text), ...wordsOf(text), ...(isChinese(text) ? pairsOf(text) : [])])
        for (const indexed of this.byTerm.get(term) ?? []) found.add(indexed);
    return [...found];
  }
}

function compare(field: Field, { element, code, codeWords, en, enWords, zh, zhPairs }: Indexed) {
  const evidence: Evidence[] = [];
  const told = [
    ['name', field.name],
    ['comment', field.comment],
    ['businessName', field.businessName],
  ] as const;
  for (const [place, text] of told) {
    const spelled = plain(text ?? '');
    if (text === null || spelled === '') continue;
    if (spelled === code) evidence.push({ kind: 'same_code', field: place, element: 'code', likeness: 1 });
    if (isChinese(text)) {
      const likeness = spelled === zh ? 1 : chineseLikeness(spelled, zh, zhPairs);
      if (likeness >= LEAST_SCORE) evidence.push(named(place, 'nameZh', likeness));
    } else {
      const words = wordsOf(text);
      const byName = spelled === en ? 1 : overlap(words, enWords);
      if (byName >= LEAST_SCORE) evidence.push(named(place, 'nameEn', byName));
      const byCode = spelled === code ? 0 : overlap(words, codeWords);
      if (byCode >= LEAST_SCORE) evidence.push(named(place, 'code', byCode));
    }
  }
  const best = evidence.reduce((most, { likeness, kind }) => Math.max(most, weight(likeness, kind)), 0);
  const fits = typeFits(field, element);
  if (!fits && best > 0) evidence.push({ kind: 'type_differs', field: 'type', element: 'type', likeness: 0 });
  return { elementId: element.id, code: element.code, score: round(fits ? best : best * OTHER_TYPE), evidence };
}

const named = (field: Evidence['field'], element: Evidence['element'], likeness: number): Evidence => ({
  kind: likeness === 1 ? 'same_name' : 'similar_name',
  field,
  element,
  likeness: round(likeness),
});

/** Words in another order are the same words, but not quite the same name. */
const weight = (likeness: number, kind: Evidence['kind']) => (kind === 'similar_name' ? likeness * 0.95 : likeness);

/** A comment often says the name and then more: 证件号码（个人）. */
function chineseLikeness(text: string, name: string, pairs: readonly string[]): number {
  const shared = overlap(pairsOf(text), pairs);
  const begins = [...name].length >= 2 && text.startsWith(name);
  return begins ? Math.max(shared, 0.85) : shared;
}

const round = (share: number) => Math.round(share * 100) / 100;
