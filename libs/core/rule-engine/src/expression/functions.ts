import { type TypeFamily } from '#core/connector-kit';

import { fault } from '../faults.js';
import {
  call,
  type FunctionName,
  INTEGER,
  number,
  type Term,
  type TermType,
  typeOf,
  TEXT,
  value,
} from '../sql/term.js';
import { alike, alone, type BoundValue, NUMBERS, tied } from './bound-value.js';

interface Where {
  /** The time of the run. */
  readonly now: Date | undefined;
  /** The call in words, for sentences. */
  readonly name: string;
  readonly path: readonly string[];
}

interface FunctionOfExpressions {
  readonly takes: readonly [fewest: number, most: number];
  bind(args: readonly BoundValue[], where: Where): BoundValue;
}

const EXACT: readonly TypeFamily[] = ['integer', 'decimal'];
const DAYS: readonly TypeFamily[] = ['date', 'timestamp', 'timestamptz'];

/** The value, which has to be of one of these types. A literal is read as the first of them that it can be. */
function expected(of: BoundValue, families: readonly TypeFamily[], words: string): Term {
  if (of.is === 'null') throw fault(`null is no value to compute with`, of.path);
  const literal = of.is === 'literal' && families.includes('date') ? tied(of, { family: 'date' }, 'a date') : undefined;
  const term = literal ?? alone(of);
  const { family } = typeOf(term);
  if (!families.includes(family))
    throw fault(`here ${words} is needed, and ${of.name} is ${family}; read it as one with cast`, of.path);
  return term;
}

const textOf = (of: BoundValue): Term => expected(of, ['text'], 'a text');
const numberOf = (of: BoundValue): Term => expected(of, NUMBERS, 'a number');

const widest = (...terms: readonly Term[]): TermType => ({
  family: NUMBERS.findLast((family) => terms.some((term) => typeOf(term).family === family)) ?? 'integer',
});

/** A whole number that is written down, so that every engine counts places alike. */
function written(of: BoundValue, least: number, most: number): Term {
  if (of.is === 'literal' && typeof of.literal === 'number' && Number.isInteger(of.literal))
    if (of.literal >= least && of.literal <= most) return number(of.literal);
  throw fault(`here a whole number from ${least} to ${most} is needed, written as such`, of.path);
}

const result = (term: Term, { name, path }: Where): BoundValue => ({ is: 'term', term, name, path });

const simple = (
  takes: readonly [number, number],
  bind: (args: readonly BoundValue[], where: Where) => Term,
): FunctionOfExpressions => ({ takes, bind: (args, where) => result(bind(args, where), where) });

const ofText = (fn: FunctionName, type: TermType) => simple([1, 1], ([only]) => call(fn, type, textOf(only!)));

const partOfDate = (fn: FunctionName) =>
  simple([1, 1], ([only]) => call(fn, INTEGER, expected(only!, DAYS, 'a date or a time')));

/** Of a literal and a term, the literal is a double where the other is; whole numbers and decimals mix. */
function numbers(left: BoundValue, right: BoundValue): readonly [Term, Term] {
  const float = [left, right].some((each) => each.is === 'term' && typeOf(each.term).family === 'float');
  const read = (of: BoundValue): Term =>
    of.is === 'literal' && (float || typeof of.literal === 'string')
      ? tied(of, { family: float ? 'float' : 'decimal' }, 'a number')
      : numberOf(of);
  return [read(left), read(right)];
}

const arithmetic = (fn: 'multiply' | 'divide') =>
  simple([2, 2], ([left, right]) => {
    const [one, other] = numbers(left!, right!);
    return call(fn, fn === 'divide' ? { family: 'float' } : widest(one, other), one, other);
  });

const familyOf = (of: BoundValue): TypeFamily | undefined => (of.is === 'term' ? typeOf(of.term).family : undefined);

/** Dates and days: `due + 30`, `closed - opened`. */
function sum(fn: 'add' | 'subtract', left: BoundValue, right: BoundValue): Term {
  if (familyOf(left) === 'date' || (left.is === 'now' && familyOf(right) === 'date')) {
    const date = tied(left, { family: 'date' }, left.name);
    const takesDate = familyOf(right) === 'date' || right.is === 'now' || typeof literalIn(right) === 'string';
    if (fn === 'subtract' && takesDate)
      return call('days_between', INTEGER, tied(right, { family: 'date' }, left.name), date);
    const days = expected(right, ['integer'], 'a whole number of days');
    return call('add_days', { family: 'date' }, date, fn === 'add' ? days : call('negate', INTEGER, days));
  }
  if (fn === 'subtract' && familyOf(right) === 'date')
    return call('days_between', INTEGER, numberless(right), tied(left, { family: 'date' }, right.name));
  const [one, other] = numbers(left, right);
  return call(fn, widest(one, other), one, other);
}

const numberless = (of: BoundValue): Term => expected(of, ['date'], 'a date');
const literalIn = (of: BoundValue): unknown => (of.is === 'literal' ? of.literal : undefined);

/** Two points in time as the same type, the literal or the run's time among them as the other one. */
function moments(left: BoundValue, right: BoundValue, as: 'date' | 'timestamp'): readonly [Term, Term] {
  const known = [left, right].find((each) => each.is === 'term');
  const type = known?.is === 'term' ? typeOf(known.term) : ({ family: 'date' } as const);
  const [one, other] = [left, right].map((each) => {
    const term = each.is === 'literal' || each.is === 'now' ? tied(each, type, known?.name ?? 'a date') : alone(each);
    if (!DAYS.includes(typeOf(term).family))
      throw fault(`here a date or a time is needed, and ${each.name} is ${typeOf(term).family}`, each.path);
    return typeOf(term).family === as
      ? term
      : ({ is: 'cast', of: term, type: { family: as }, safe: false } satisfies Term);
  });
  return [one!, other!];
}

/** What conditions can compute, by the names that people write. */
export const FUNCTIONS_OF_EXPRESSIONS: ReadonlyMap<string, FunctionOfExpressions> = new Map(
  Object.entries<FunctionOfExpressions>({
    length: ofText('length', INTEGER),
    lower: ofText('lower', TEXT),
    upper: ofText('upper', TEXT),
    trim: ofText('trim', TEXT),
    /** `substring(text, from, count)`: characters, counted from 1. */
    substring: simple([2, 3], ([text, from, count]) =>
      call(
        'substring',
        TEXT,
        textOf(text!),
        written(from!, 1, 10_000),
        ...(count === undefined ? [] : [written(count, 0, 10_000)]),
      ),
    ),
    replace: simple([3, 3], (args) => call('replace', TEXT, ...args.map(textOf))),
    /** Where in the first text the second begins, from 1; 0 when it does not occur. */
    position: simple([2, 2], (args) => call('position', INTEGER, ...args.map(textOf))),
    concat: simple([2, 16], (args) => call('concat', TEXT, ...args.map(textOf))),
    coalesce: simple([2, 16], (args, { path }) => {
      const values = alike(args, path);
      const widestOf = values.every((each) => NUMBERS.includes(typeOf(each).family));
      return call('coalesce', widestOf ? widest(...values) : typeOf(values[0]!), ...values);
    }),
    nullif: simple([2, 2], ([of, other], { path }) => {
      const values = alike([of!, other!], path);
      return call('nullif', typeOf(values[0]!), ...values);
    }),
    abs: simple([1, 1], ([only]) => {
      const term = numberOf(only!);
      return call('abs', widest(term), term);
    }),
    /** Half away from zero, a double by the digits it is written with. */
    round: simple([1, 2], ([only, digits]) => {
      const term = numberOf(only!);
      const places = digits === undefined ? number(0) : written(digits, 0, 10);
      return call('round', typeOf(term).family === 'integer' ? INTEGER : { family: 'decimal' }, term, places);
    }),
    floor: simple([1, 1], ([only]) => {
      const term = numberOf(only!);
      return call('floor', widest(term), term);
    }),
    ceil: simple([1, 1], ([only]) => {
      const term = numberOf(only!);
      return call('ceil', widest(term), term);
    }),
    negate: simple([1, 1], ([only]) => {
      const term = numberOf(only!);
      return call('negate', widest(term), term);
    }),
    add: simple([2, 2], ([left, right]) => sum('add', left!, right!)),
    subtract: simple([2, 2], ([left, right]) => sum('subtract', left!, right!)),
    multiply: arithmetic('multiply'),
    /** A double, and absent where the divisor is zero. */
    divide: arithmetic('divide'),
    /** With the sign of the dividend, and absent where the divisor is zero. */
    modulo: simple([2, 2], ([left, right]) => {
      const [one, other] = [left!, right!].map((each) => expected(each, EXACT, 'a whole number or a decimal'));
      return call('modulo', widest(one!, other!), one!, other!);
    }),
    year: partOfDate('year'),
    month: partOfDate('month'),
    day: partOfDate('day'),
    /** From the first to the second; negative when the second is earlier. */
    days_between: simple([2, 2], ([from, to]) => call('days_between', INTEGER, ...moments(from!, to!, 'date'))),
    seconds_between: simple([2, 2], ([from, to]) =>
      call('seconds_between', { family: 'float' }, ...moments(from!, to!, 'timestamp')),
    ),
    /** The day of the run, in UTC. */
    today: {
      takes: [0, 0],
      bind: (_, where) => result(value({ family: 'date', text: timeOf(where).toISOString().slice(0, 10) }), where),
    },
    /** The time of the run: a date, a time with a zone or (in UTC) without, as what it is compared with. */
    now: { takes: [0, 0], bind: (_, where) => ({ is: 'now', now: timeOf(where), name: where.name, path: where.path }) },
  }),
);

function timeOf({ now, name, path }: Where): Date {
  if (now === undefined) throw fault(`${name} is not known here`, path);
  return now;
}
