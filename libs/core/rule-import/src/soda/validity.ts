import { type Expression, type Operand, printCondition } from '#core/rule-engine';

import { type Args, isFields, type Numeral } from '../args.js';
import { type Conversion, NotUnderstood, type RuleText } from '../imported.js';
import { formatRule } from './formats.js';

/** What Soda lets one say of a column's values: which are missing, which are valid. Of both generations of its language. */
export interface Validity {
  readonly missingValues?: readonly unknown[];
  readonly missingPattern?: string;
  readonly validValues?: readonly unknown[];
  readonly invalidValues?: readonly unknown[];
  readonly validPattern?: string;
  readonly invalidPattern?: string;
  readonly validFormat?: string;
  readonly min?: Numeral;
  readonly max?: Numeral;
  readonly length?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Another dataset that has all valid values. */
  readonly reference?: { readonly dataset: string; readonly column: string };
}

/** Reads the words of validity; `spell` is how a generation writes them: `valid_min` or `valid min`. */
export function validityOf(args: Args, spell: (words: string) => string): Validity {
  const list = (words: string) => args.optionalList(spell(words));
  const whole = (words: string) => args.optionalWhole(spell(words));
  const pattern = (words: 'missing' | 'valid' | 'invalid'): string | undefined => {
    const named = args.any(spell(`${words} format`));
    if (isFields(named) && typeof named['regex'] === 'string') return named['regex'];
    if (named !== undefined && words !== 'valid')
      throw new NotUnderstood(
        `the format ${JSON.stringify(named)} is not known for ${words} values; write it as a regular expression`,
      );
    return args.optionalText(spell(`${words} regex`));
  };
  const format = args.any(spell('valid format'));
  const reference = args.any(spell('valid reference data'));
  if (
    reference !== undefined &&
    !(isFields(reference) && typeof reference['dataset'] === 'string' && typeof reference['column'] === 'string')
  )
    throw new NotUnderstood('its reference data name no dataset and column');
  return defined({
    missingValues: list('missing values'),
    missingPattern: pattern('missing'),
    validValues: list('valid values'),
    invalidValues: list('invalid values'),
    validPattern: pattern('valid'),
    invalidPattern: pattern('invalid'),
    validFormat: typeof format === 'string' ? format : undefined,
    min: args.optionalNumeral(spell('valid min')),
    max: args.optionalNumeral(spell('valid max')),
    length: whole('valid length'),
    minLength: whole('valid min length'),
    maxLength: whole('valid max length'),
    reference: reference as Validity['reference'],
  });
}

const defined = (of: { readonly [name in keyof Validity]: Validity[name] | undefined }): Validity =>
  Object.fromEntries(Object.entries(of).filter(([, each]) => each !== undefined));

type Rule = Pick<RuleText, 'kind' | 'columns' | 'params'>;

/** A value is missing when it is absent, listed, or of a pattern. */
export function missingRule(column: string, { missingValues, missingPattern }: Validity): Rule {
  if (missingPattern === undefined)
    return {
      kind: 'not_null',
      columns: [column],
      ...(missingValues !== undefined && { params: { treatAsNull: missingValues } }),
    };
  const tests: Expression[] = [
    { op: 'is_null', value: { column } },
    ...isMissing(column, { missingValues, missingPattern }),
  ];
  return { kind: 'expression', columns: [column], params: { failWhen: printCondition({ op: 'or', args: tests }) } };
}

function isMissing(
  column: string,
  { missingValues, missingPattern }: Pick<Validity, 'missingValues' | 'missingPattern'>,
): Expression[] {
  const values = literals(missingValues ?? []);
  return [
    ...(values.length === 0 ? [] : [{ op: 'in', value: { column }, list: values } as const]),
    ...(missingPattern === undefined ? [] : [{ op: 'matches', value: { column }, pattern: missingPattern } as const]),
  ];
}

const literals = (values: readonly unknown[]): (string | number | boolean)[] =>
  values
    .filter((each) => each !== null)
    .map((each) => {
      if (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean') return each;
      throw new NotUnderstood('a list has a value that is neither a text, a number nor a truth value');
    });

/**
 * A value that is there has to be valid. One condition is a rule of its kind; several, or one beside values that count as missing, are a
 * condition.
 */
export function invalidRule(
  column: string,
  validity: Validity,
): Rule & { readonly other?: string; readonly notes?: readonly string[] } {
  const simple = simpleRules(column, validity);
  const missing = isMissing(column, validity);
  if (simple.length === 0) throw new NotUnderstood('it does not say which values are valid');
  if (simple.length === 1 && missing.length === 0) return simple[0]!;
  const conditions = simple.map(({ test }) => {
    if (test === undefined)
      throw new NotUnderstood(
        'reference data and formats cannot be joined with other conditions; make several checks of it',
      );
    return test;
  });
  const valid: Expression = { op: 'and', args: conditions };
  const passWhen = missing.length === 0 ? valid : ({ op: 'or', args: [...missing, valid] } satisfies Expression);
  return { kind: 'expression', columns: [column], params: { passWhen: printCondition(passWhen) } };
}

interface Simple extends Rule {
  readonly other?: string;
  readonly notes?: readonly string[];
  /** The same as a condition, if it is one. */
  readonly test?: Expression;
}

function simpleRules(column: string, of: Validity): Simple[] {
  const columns = [column];
  const value: Operand = { column };
  const rules: Simple[] = [];
  if (of.validValues !== undefined)
    rules.push({
      kind: 'in_set',
      columns,
      params: { values: of.validValues },
      ...(literals(of.validValues).length > 0 && {
        test: { op: 'in', value, list: literals(of.validValues) } as const,
      }),
    });
  if (of.invalidValues !== undefined)
    rules.push({
      kind: 'not_in_set',
      columns,
      params: { values: of.invalidValues },
      test: { op: 'not', arg: { op: 'in', value, list: literals(of.invalidValues) } },
    });
  if (of.validPattern !== undefined)
    rules.push({
      kind: 'regex',
      columns,
      params: { patterns: [of.validPattern] },
      test: { op: 'matches', value, pattern: of.validPattern },
    });
  if (of.invalidPattern !== undefined)
    rules.push({
      kind: 'regex',
      columns,
      params: { patterns: [of.invalidPattern], match: 'none' },
      test: { op: 'not', arg: { op: 'matches', value, pattern: of.invalidPattern } },
    });
  if (of.validFormat !== undefined) rules.push({ columns, ...formatRule(of.validFormat) });
  if (of.min !== undefined || of.max !== undefined)
    rules.push({ kind: 'between', columns, params: bounds(of.min, of.max), test: range(value, of.min, of.max) });
  const [minLength, maxLength] = [of.length ?? of.minLength, of.length ?? of.maxLength];
  if (minLength !== undefined || maxLength !== undefined)
    rules.push({
      kind: 'length_between',
      columns,
      params: bounds(minLength, maxLength),
      test: range({ call: 'length', args: [value] }, minLength, maxLength),
    });
  if (of.reference !== undefined)
    rules.push({
      kind: 'foreign_key',
      columns,
      params: { refColumns: [of.reference.column] },
      other: of.reference.dataset.split('/').at(-1)!,
    });
  return rules;
}

const bounds = (min: Numeral | undefined, max: Numeral | undefined) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
});

function range(value: Operand, min: Numeral | undefined, max: Numeral | undefined): Expression {
  const tests: Expression[] = [
    ...(min === undefined ? [] : [{ op: 'gte', left: value, right: { literal: min } } as const]),
    ...(max === undefined ? [] : [{ op: 'lte', left: value, right: { literal: max } } as const]),
  ];
  return tests.length === 1 ? tests[0]! : { op: 'and', args: tests };
}

/** A rule on rows, as a conversion: a simple rule has its test and second dataset beside it. */
export function conversionOf(
  { other, notes, kind, columns, params }: Rule & { readonly other?: string; readonly notes?: readonly string[] },
  common: Partial<RuleText>,
): Conversion {
  return {
    rule: { kind, ...(columns && { columns }), ...(params && { params }), ...common },
    ...(other !== undefined && { other }),
    ...(notes !== undefined && { notes }),
  };
}
