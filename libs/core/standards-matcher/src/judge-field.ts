import { type ElementFacts, type FieldFacts } from './facts.js';
import { typeFits } from './type-fit.js';

/** A sentence in both languages. */
export interface Sentence {
  readonly en: string;
  readonly zh: string;
}

export const OUTCOMES = ['pass', 'fail', 'not_evaluated', 'error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const ASPECTS = ['type', 'length', 'nullability', 'codes'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** The judgement on one aspect. `not_required`: the element says nothing about it. */
export interface AspectVerdict {
  readonly aspect: Aspect;
  readonly outcome: Outcome | 'not_required';
  /** Absent when there is nothing to explain. */
  readonly reason: Sentence | null;
}

/** What was found when the column's values were compared with the code set. */
export type CodesFound =
  | {
      readonly state: 'counted';
      /** Rows with a value. */
      readonly rows: number;
      readonly badRows: number;
      readonly distinctBadCodes: number;
      /** Some of them; empty when they may not be kept. */
      readonly badCodes: readonly string[];
    }
  /** They could not be asked for: no fault of the column. */
  | { readonly state: 'error'; readonly reason: Sentence }
  | { readonly state: 'not_evaluated'; readonly reason: Sentence };

export interface Verdict {
  readonly overall: Outcome;
  readonly aspects: readonly AspectVerdict[];
  readonly checkedRows: number | null;
  readonly badRows: number | null;
  readonly distinctBadCodes: number | null;
  readonly badCodes: readonly string[];
}

/**
 * Whether a column holds to its data element, aspect by aspect. One failing aspect fails it; what could not be
 * looked at makes it an error, never a failure.
 *
 * @param codes what was counted in the source; null when nobody looked although the element has a code set.
 */
export function judgeField(field: FieldFacts, element: ElementFacts, codes: CodesFound | null): Verdict {
  const aspects = [
    judgeType(field, element),
    judgeLength(field, element),
    judgeNullability(field, element),
    judgeCodes(element, codes),
  ];
  const counted = element.codeSet !== null && codes?.state === 'counted' ? codes : null;
  return {
    overall: worst(aspects),
    aspects,
    checkedRows: counted?.rows ?? null,
    badRows: counted?.badRows ?? null,
    distinctBadCodes: counted?.distinctBadCodes ?? null,
    badCodes: counted?.badCodes ?? [],
  };
}

function worst(aspects: readonly AspectVerdict[]): Outcome {
  const has = (outcome: Outcome) => aspects.some((aspect) => aspect.outcome === outcome);
  if (has('fail')) return 'fail';
  if (has('error')) return 'error';
  return has('not_evaluated') ? 'not_evaluated' : 'pass';
}

const pass = (aspect: Aspect): AspectVerdict => ({ aspect, outcome: 'pass', reason: null });
const notRequired = (aspect: Aspect): AspectVerdict => ({ aspect, outcome: 'not_required', reason: null });
const told = (aspect: Aspect, outcome: Outcome, en: string, zh: string): AspectVerdict => ({
  aspect,
  outcome,
  reason: { en, zh },
});

function judgeType(field: FieldFacts, element: ElementFacts): AspectVerdict {
  if (typeFits(field, element)) return pass('type');
  if (field.typeFamily === 'other')
    return told(
      'type',
      'not_evaluated',
      `The column's type ${field.nativeType} is none that the catalog can compare with ${element.typeFamily}.`,
      `字段类型 ${field.nativeType} 无法与标准要求的 ${element.typeFamily} 比较。`,
    );
  return told(
    'type',
    'fail',
    `The column is ${field.nativeType} (${field.typeFamily}); the standard asks for ${element.typeFamily}.`,
    `字段类型为 ${field.nativeType}（${field.typeFamily}），标准要求 ${element.typeFamily}。`,
  );
}

function judgeLength(field: FieldFacts, element: ElementFacts): AspectVerdict {
  if (element.typeFamily === 'text') return judgeTextLength(field, element.length);
  if (element.typeFamily === 'decimal' && field.typeFamily === 'decimal') return judgeDigits(field, element);
  return notRequired('length');
}

function judgeTextLength(field: FieldFacts, length: number | null): AspectVerdict {
  // Another type has no length in characters; what is wrong with it is said once, as the type.
  if (length === null || field.typeFamily !== 'text') return notRequired('length');
  if (field.length === length) return pass('length');
  if (field.length === null)
    return told(
      'length',
      'fail',
      `The column takes text of any length; the standard asks for ${length} characters.`,
      `字段未限定长度，标准要求 ${length} 个字符。`,
    );
  return told(
    'length',
    'fail',
    `The column holds ${field.length} characters; the standard asks for ${length}.` +
      (field.length < length ? ' Longer values do not fit in.' : ' Values that are too long fit in.'),
    `字段长度为 ${field.length}，标准要求 ${length}` +
      (field.length < length ? '，合规的值可能放不下。' : '，超长的值也能存入。'),
  );
}

function judgeDigits(field: FieldFacts, element: ElementFacts): AspectVerdict {
  if (element.precision === null) return notRequired('length');
  const [wantedScale, wanted] = [element.scale ?? 0, `${element.precision},${element.scale ?? 0}`];
  if (field.precision === null)
    return told(
      'length',
      'fail',
      `The column takes numbers of any precision; the standard asks for (${wanted}).`,
      `字段未限定精度，标准要求 (${wanted})。`,
    );
  if (field.precision === element.precision && (field.scale ?? 0) === wantedScale) return pass('length');
  const has = `${field.precision},${field.scale ?? 0}`;
  return told(
    'length',
    'fail',
    `The column's precision is (${has}); the standard asks for (${wanted}).`,
    `字段精度为 (${has})，标准要求 (${wanted})。`,
  );
}

function judgeNullability(field: FieldFacts, element: ElementFacts): AspectVerdict {
  if (element.nullable) return notRequired('nullability');
  if (!field.nullable) return pass('nullability');
  return told(
    'nullability',
    'fail',
    'The column may be empty; the standard asks for a value.',
    '字段允许为空，标准要求非空。',
  );
}

function judgeCodes({ codeSet }: ElementFacts, codes: CodesFound | null): AspectVerdict {
  if (codeSet === null) return notRequired('codes');
  if (codes === null) return told('codes', 'not_evaluated', 'The values were not looked at.', '未检查字段取值。');
  switch (codes.state) {
    case 'error':
    case 'not_evaluated':
      return { aspect: 'codes', outcome: codes.state, reason: codes.reason };
    case 'counted':
      if (codes.rows === 0) return told('codes', 'not_evaluated', 'The column has no values yet.', '字段尚无取值。');
      if (codes.badRows === 0) return pass('codes');
      return told(
        'codes',
        'fail',
        `${codes.badRows} of ${codes.rows} rows have a value that is not in the code set ${codeSet.nameEn}: ` +
          `${codes.distinctBadCodes} different values.`,
        `${codes.rows} 行中有 ${codes.badRows} 行的取值不在代码集“${codeSet.nameZh}”内，共 ${codes.distinctBadCodes} 种取值。`,
      );
    default:
      return codes satisfies never;
  }
}
