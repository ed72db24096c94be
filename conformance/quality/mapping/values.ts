import { boundFor, listFor, named, retyped, typeOf, written } from './literals.js';
import { NotMapped } from './mapped.js';
import { type Params } from './params.js';
import { type Mappings, mapping, type Own } from './rule-of.js';
import { type Assertion, conditionIn } from './thresholds.js';

/** What absent values do. `coalesce_0` takes them for zero, so that the bounds decide. */
export function nullPolicyOf(params: Params, zero: (value: number) => boolean = () => true): string | undefined {
  const said = params.take<string>('nullPolicy');
  switch (said) {
    case undefined:
      return undefined;
    case 'null_passes':
      return 'pass';
    case 'null_fails':
      return 'fail';
    case 'null_ignored':
      return 'ignore';
    default: {
      const [, number] = /^coalesce_(-?\d+)$/.exec(said) ?? [];
      if (number === undefined) throw new NotMapped(`not mapped: nullPolicy ${said}`);
      return zero(Number(number)) ? 'pass' : 'fail';
    }
  }
}

const withNulls = (nullPolicy: string | undefined) => (nullPolicy === undefined ? {} : { nullPolicy });

function between(params: Params): Own {
  const column = params.column('column');
  const [min, max] = [boundFor(params, 'min', column), boundFor(params, 'max', column)];
  const [strictMin, strictMax] = [params.take<boolean>('strictMin'), params.take<boolean>('strictMax')];
  const inside = (value: number) =>
    (min === undefined || (strictMin === true ? value > Number(min) : value >= Number(min))) &&
    (max === undefined || (strictMax === true ? value < Number(max) : value <= Number(max)));
  const more = withNulls(nullPolicyOf(params, inside));
  // Texts have an order, but no bounds of their own kind: a condition says it.
  if (typeOf(params, column) === 'string' && [min, max].every((bound) => typeof bound !== 'number')) {
    const sides = [
      ...(min === undefined ? [] : [`${named(column!)} ${strictMin === true ? '>' : '>='} ${written(min)}`]),
      ...(max === undefined ? [] : [`${named(column!)} ${strictMax === true ? '<' : '<='} ${written(max)}`]),
    ];
    return { kind: 'expression', params: { passWhen: sides.join(' and ') }, more };
  }
  const table = retyped(params, column, 'double');
  return {
    kind: 'between',
    columns: [column],
    params: { min, max, strictMin, strictMax },
    more,
    ...(table && { table }),
  };
}

const OPERATORS: Readonly<Record<string, string>> = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** An assertion of Deequ's language on every single value, as a condition. `of` is the value in our text form. */
export function conditionOn(of: string, assertion: Assertion): string {
  for (const list of ['in', 'notIn'])
    if (assertion[list] !== undefined) {
      const values = (assertion[list] as (string | number | null)[]).filter((each) => each !== null).map(written);
      return `${of} ${list === 'in' ? 'in' : 'not in'} (${values.join(', ')})`;
    }
  const { op, bound } = conditionIn(assertion) ?? { op: '', bound: undefined };
  if (!op.endsWith('etween')) return `${of} ${OPERATORS[op]} ${written(bound as string | number)}`;
  const { min, max, strictMin, strictMax } = bound as Record<'min' | 'max', number | string> & Record<string, unknown>;
  const low = `${of} ${strictMin === true ? '>' : '>='} ${written(min)}`;
  const high = `${of} ${strictMax === true ? '<' : '<='} ${written(max)}`;
  return op === 'between' ? `${low} and ${high}` : `not (${low} and ${high})`;
}

/** `ne` and `notIn` hold of an absent value, everything else does not. */
const holdsOfNothing = (assertion: Assertion): boolean => ['ne', 'notIn', 'notBetween'].some((op) => op in assertion);

/** Deequ's language asserts something of every value of a column. */
function valuesAssert(params: Params): Own {
  const column = params.column('column')!;
  const assertion = params.spend<Assertion>('assert') ?? {};
  return {
    kind: 'expression',
    params: { passWhen: conditionOn(named(column), assertion) },
    more: { nullPolicy: holdsOfNothing(assertion) ? 'pass' : 'fail' },
  };
}

/** The same of lengths; an absent text is as long as an empty one there. */
function lengthAssert(params: Params): Own {
  const column = params.column('column')!;
  const assertion = params.spend<Assertion>('assert') ?? {};
  return { kind: 'expression', params: { passWhen: conditionOn(`coalesce(length(${named(column)}), 0)`, assertion) } };
}

const ofColumn =
  (kind: string, own: (params: Params, column: string | undefined) => Own['params'] = () => ({})) =>
  (params: Params): Own => {
    const column = params.column('column');
    return { kind, columns: [column], params: own(params, column), more: withNulls(nullPolicyOf(params)) };
  };

/** Rules about the values of one column, each for itself. */
export const VALUES: Mappings = {
  not_null: mapping(
    'rows',
    ofColumn('not_null', (params, column) => ({ treatAsNull: treatAsNull(params, column) })),
  ),
  is_null: mapping('rows', ofColumn('is_null')),
  in_set: mapping(
    'rows',
    ofColumn('in_set', (params, column) => ({ values: listFor(params, column) })),
  ),
  not_in_set: mapping(
    'rows',
    ofColumn('not_in_set', (params, column) => ({ values: listFor(params, column) })),
  ),
  between: mapping('rows', between),
  length_between: mapping(
    'rows',
    ofColumn('length_between', (params) => ({
      min: params.take('min'),
      max: params.take('max'),
      strictMin: params.take('strictMin'),
      strictMax: params.take('strictMax'),
    })),
  ),
  values_assert: mapping('rows', valuesAssert),
  length_assert: mapping('rows', lengthAssert),
};

/** Values that the tool takes for absent; it ignores those that no value of the column can equal. */
export const treatAsNull = (params: Params, column: string | undefined) => {
  const said = params.take<(string | number)[]>('treatAsNull');
  const numbers = typeOf(params, column) !== 'string';
  return said?.filter((value) => numbers || typeof value === 'string');
};
