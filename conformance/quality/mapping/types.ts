import { type CaseType } from '../case.js';
import { named, typeOf } from './literals.js';
import { NotMapped } from './mapped.js';
import { assertionIn } from './common.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';
import { type Assertion, ofRows } from './thresholds.js';

/** How Deequ tells the type of a value by its writing. */
const WRITINGS = {
  integral: '^[+-]? ?\\d+$',
  fractional: '^[+-]? ?\\d+\\.\\d+$',
  boolean: '^(true|false)$',
} as const;
type Class = keyof typeof WRITINGS | 'string';

const CLASSES: Readonly<Record<string, readonly Class[]>> = {
  numeric: ['integral', 'fractional'],
  integral: ['integral'],
  fractional: ['fractional'],
  boolean: ['boolean'],
  string: ['string'],
};

/** A column that has a type is written like it. */
const CLASS_OF: Readonly<Record<Exclude<CaseType, 'string'>, Class>> = {
  ...{ int: 'integral', bigint: 'integral', double: 'fractional', decimal: 'fractional', boolean: 'boolean' },
  ...{ date: 'string', timestamp: 'string', timestamptz: 'string' },
};

/** What Spark calls our types. */
const CASTS: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  integer: 'integer',
  long: 'integer',
  double: 'float',
  float: 'float',
  decimal: 'decimal',
};

const matching = (text: string) => (pattern: string) => `${text} matches '${pattern}'`;

/** The share of values that are written like a type; absent values take no part, unless they are what is looked for. */
function writtenLike(dataType: string, params: Params): Own {
  const column = params.column('column')!;
  if (dataType.toLowerCase() === 'null') return { kind: 'is_null', columns: [column] };
  const wanted = CLASSES[dataType.toLowerCase()];
  if (wanted === undefined) throw new NotMapped(`not mapped: dataType ${dataType}`);
  const type = typeOf(params, column);
  const known = type === undefined || type === 'string' ? undefined : CLASS_OF[type];
  const has = matching(named(column));
  const isOf = `(${wanted.flatMap((each) => (each === 'string' ? [] : [has(WRITINGS[each])])).join(' or ') || '1 = 0'})`;
  const others = (Object.keys(WRITINGS) as (keyof typeof WRITINGS)[]).map((each) => has(WRITINGS[each]));
  const passWhen =
    known !== undefined
      ? `${named(column)} ${wanted.includes(known) ? '=' : '<>'} ${named(column)}`
      : wanted.includes('string')
        ? `not (${others.join(' or ')})`
        : isOf;
  return { kind: 'expression', params: { passWhen }, more: ofPresent(params) };
}

/** The share is of the values that are there; of none it is zero. */
function ofPresent(params: Params): Own['more'] {
  const assertion = assertionIn(params);
  const threshold = ofRows(assertion, params.tool);
  const zero = assertion !== undefined && (assertion['eq'] === 0 || assertion['gte'] === 0);
  return { denominator: 'checked', onEmpty: zero ? 'pass' : 'fail', ...(threshold && { threshold }) };
}

/** `ColumnDataType = "DATE"`: the values can be read as a type, or cannot. */
function readAs(said: string, can: boolean, params: Params): Own {
  const column = params.column('column')!;
  const as = CASTS[said.toLowerCase().replace(/\(.*$/, '')];
  if (as === undefined) throw new NotMapped(`not mapped: the type ${said}`);
  return { kind: 'expression', params: { passWhen: `cast(${named(column)} as ${as}) is ${can ? 'not ' : ''}null` } };
}

function castable(params: Params): Own {
  const { assert } = params.given.params as { assert?: Assertion };
  const dataType = params.take<string>('dataType');
  const [eq, ne] = [assert?.['eq'], assert?.['ne']];
  if (typeof eq === 'string' || typeof ne === 'string') {
    params.spend('assert');
    return readAs(String(eq ?? ne), ne === undefined, params);
  }
  return writtenLike(dataType ?? '', params);
}

/** Rules about what a text can be read as. */
export const TYPES: Mappings = { castable: mapping('rows', castable) };
