import { InvalidInput } from '#kernel';

import { alike, type BoundValue, castTerm, comparableTypes, factOf, tied } from './expression/bound-value.js';
import { FUNCTIONS_OF_EXPRESSIONS } from './expression/functions.js';
import { parse } from './expression/parse.js';
import { printValue } from './expression/print.js';
import {
  CAST_TYPES,
  type Comparison,
  COMPARISONS,
  type Condition,
  type LiteralValue,
  type Operand,
} from './expression.js';
import { type ColumnFact, type DatasetFacts } from './facts.js';
import { fault } from './faults.js';
import { patternOf } from './regex/pattern.js';
import { column, matches, type Term, type Test, typeOf } from './sql/term.js';
import { storable, typedValue } from './typed-values.js';

export { fault } from './faults.js';

// Deep enough for anybody; a deeper one would end in the engine's stack, or in ours.
const DEEPEST = 50;
const MOST_PARTS = 2_000;
export const LONGEST_LIST = 1_000;

/** The facts of a column. Throws `InvalidInput` when the dataset has no such column. */
export function columnOf(dataset: DatasetFacts, name: unknown, path: readonly string[]): ColumnFact {
  const found = dataset.columns.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw fault(`${dataset.name} has no column ${JSON.stringify(name)}`, path);
}

/** A column of the facts as a term; `alias` is what the statement calls its rows. */
export const termOf = ({ name, typeFamily, nativeType }: ColumnFact, alias = 't'): Term =>
  column(alias, name, { family: typeFamily, ...(nativeType === undefined ? {} : { nativeType }) });

/**
 * Checks a condition from outside, a tree or a text, against the columns of a dataset. Throws `InvalidInput` with the place. `now`
 * is the time of the run, for conditions that ask for it.
 */
export function bindExpression(
  condition: Condition,
  dataset: DatasetFacts,
  path: readonly string[],
  alias = 't',
  now?: Date,
): Test {
  const binder = new Binder(dataset, alias, now);
  if (typeof condition !== 'string') return binder.test(condition, path, 0);
  const tree = parse(condition, path);
  try {
    return binder.test(tree, path, 0);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    // A text has no places inside that a form could point to.
    throw new InvalidInput(
      error.message,
      error.faults.map(({ message }) => ({ path, message })),
    );
  }
}

class Binder {
  private parts = 0;

  constructor(
    private readonly dataset: DatasetFacts,
    private readonly alias: string,
    private readonly now: Date | undefined,
  ) {}

  test(node: unknown, path: readonly string[], depth: number): Test {
    this.count(path, depth);
    const { op, ...parts } = propertiesOf(node, path);
    switch (op) {
      case 'and':
      case 'or':
        expectOnly(parts, ['args'], path);
        return {
          is: op === 'and' ? 'all' : 'any',
          of: listOf(parts['args'], [...path, 'args']).map((arg, at) =>
            this.test(arg, [...path, 'args', String(at)], depth + 1),
          ),
        };
      case 'not':
        expectOnly(parts, ['arg'], path);
        return { is: 'not', of: this.test(parts['arg'], [...path, 'arg'], depth + 1) };
      case 'in': {
        expectOnly(parts, ['value', 'list'], path);
        const { fact, term } = this.known(parts['value'], [...path, 'value'], depth);
        return inTerm(term, fact, parts['list'], [...path, 'list']);
      }
      case 'between': {
        expectOnly(parts, ['value', 'min', 'max'], path);
        const of = this.value(parts['value'], [...path, 'value'], depth + 1);
        const [min, max] = [
          this.value(parts['min'], [...path, 'min'], depth + 1),
          this.value(parts['max'], [...path, 'max'], depth + 1),
        ];
        return { is: 'all', of: [comparison(of, 'gte', min, path), comparison(of, 'lte', max, path)] };
      }
      case 'is_null':
        expectOnly(parts, ['value'], path);
        return { is: 'null', of: this.known(parts['value'], [...path, 'value'], depth).term };
      case 'like':
      case 'matches': {
        expectOnly(parts, ['value', 'pattern'], path);
        const { fact, term } = this.known(parts['value'], [...path, 'value'], depth);
        const place = [...path, 'pattern'];
        if (op === 'like') return { is: 'like', of: term, pattern: likePattern(fact, parts['pattern'], place) };
        return matches(term, regexPattern(fact, parts['pattern'], false, place));
      }
      case 'truth': {
        expectOnly(parts, ['value'], path);
        const of = this.value(parts['value'], [...path, 'value'], depth + 1);
        const term = tied(of, { family: 'boolean' }, of.name);
        if (typeOf(term).family !== 'boolean')
          throw fault(`${of.name} is ${typeOf(term).family}, neither true nor false; compare it with something`, path);
        return { is: 'truth', of: term };
      }
      default:
        if (!COMPARISONS.some((each) => each === op))
          throw fault(`${JSON.stringify(op)} is not an operator`, [...path, 'op']);
        expectOnly(parts, ['left', 'right'], path);
        return comparison(
          this.value(parts['left'], [...path, 'left'], depth + 1),
          op as Comparison,
          this.value(parts['right'], [...path, 'right'], depth + 1),
          path,
        );
    }
  }

  /** A value whose type does not depend on what it meets. */
  private known(node: unknown, path: readonly string[], depth: number): { fact: ColumnFact; term: Term } {
    const bound = this.value(node, path, depth + 1);
    if (bound.is === 'literal' || bound.is === 'null') throw fault('here a column is needed', path);
    const term = tied(bound, { family: 'timestamptz' }, bound.name);
    return { term, fact: factOf(bound.name, typeOf(term)) };
  }

  value(node: unknown, path: readonly string[], depth: number): BoundValue {
    this.count(path, depth);
    const parts = propertiesOf(node, path);
    const names = Object.keys(parts).sort().join(' ');
    switch (names) {
      case 'column': {
        const found = columnOf(this.dataset, parts['column'], [...path, 'column']);
        return { is: 'term', term: termOf(found, this.alias), name: `"${found.name}"`, path };
      }
      case 'literal': {
        const { literal } = parts;
        if (literal === null) return { is: 'null', name: 'null', path: [...path, 'literal'] };
        const checked = literalOf(literal, [...path, 'literal']);
        return { is: 'literal', literal: checked, name: JSON.stringify(checked), path };
      }
      case 'args call':
        return this.call(parts, path, depth);
      case 'as cast':
        return this.cast(parts, path, depth);
      case 'case':
      case 'case else':
        return this.caseOf(parts, path, depth);
      default:
        throw fault('write {"column": …}, {"literal": …}, {"call": …}, {"cast": …} or {"case": …}', path);
    }
  }

  private call(parts: Properties, path: readonly string[], depth: number): BoundValue {
    const { call } = parts;
    const definition = typeof call === 'string' ? FUNCTIONS_OF_EXPRESSIONS.get(call) : undefined;
    if (definition === undefined)
      throw fault(
        `there is no function ${JSON.stringify(call)}; there are ${[...FUNCTIONS_OF_EXPRESSIONS.keys()].join(', ')}`,
        [...path, 'call'],
      );
    const args = listOf(parts['args'], [...path, 'args']).map((arg, at) =>
      this.value(arg, [...path, 'args', String(at)], depth + 1),
    );
    const [fewest, most] = definition.takes;
    if (args.length < fewest || args.length > most)
      throw fault(`${String(call)} takes ${countWords(fewest, most)}, not ${args.length}`, [...path, 'args']);
    const name = shown({ call, args: parts['args'] });
    return definition.bind(args, { now: this.now, name, path });
  }

  private cast(parts: Properties, path: readonly string[], depth: number): BoundValue {
    const as = CAST_TYPES.find((type) => type === parts['as']);
    if (as === undefined) throw fault(`a value can be read as ${CAST_TYPES.join(', ')}`, [...path, 'as']);
    const of = this.value(parts['cast'], [...path, 'cast'], depth + 1);
    const name = shown(parts);
    if (of.is === 'null') return { is: 'term', term: { is: 'null', type: { family: as } }, name, path };
    if (of.is === 'literal' || of.is === 'now')
      return { is: 'term', term: tied(of, { family: as }, `a ${as}`), name, path };
    return { is: 'term', term: castTerm(of.term, as, of.name, path), name, path };
  }

  private caseOf(parts: Properties, path: readonly string[], depth: number): BoundValue {
    const whens = listOf(parts['case'], [...path, 'case']).map((each, at) => {
      const place = [...path, 'case', String(at)];
      const { when, then, ...more } = propertiesOf(each, place);
      expectOnly(more, [], place);
      return [this.test(when, [...place, 'when'], depth + 1), this.value(then, [...place, 'then'], depth + 1)] as const;
    });
    if (whens.length === 0) throw fault('a case has at least one when', path);
    const otherwise: BoundValue =
      'else' in parts ? this.value(parts['else'], [...path, 'else'], depth + 1) : { is: 'null', name: 'null', path };
    const values = alike([...whens.map(([, then]) => then), otherwise], path);
    return {
      is: 'term',
      term: { is: 'case', whens: whens.map(([when], at) => [when, values[at]!]), otherwise: values.at(-1)! },
      name: shown(parts),
      path,
    };
  }

  private count(path: readonly string[], depth: number): void {
    if (depth > DEEPEST) throw fault(`the condition is nested deeper than ${DEEPEST} levels`, path);
    if (++this.parts > MOST_PARTS) throw fault(`the condition has more than ${MOST_PARTS} parts`, path);
  }
}

/** A function or a case in words; it has been checked, so that it can be written. */
function shown(node: object): string {
  const words = printValue(node as Operand);
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

const countWords = (fewest: number, most: number): string =>
  `${fewest === most ? fewest : most === Infinity ? `${fewest} or more` : `${fewest} or ${most}`} value${fewest === 1 && most === 1 ? '' : 's'}`;

const isTied = (of: BoundValue): of is Extract<BoundValue, { is: 'term' }> => of.is === 'term';

function comparison(left: BoundValue, by: Comparison, right: BoundValue, path: readonly string[]): Test {
  for (const side of [left, right]) if (side.is === 'null') tied(side, { family: 'text' }, '');
  if (!isTied(left) && !isTied(right)) throw fault('one side of a comparison has to be a column', path);
  const [one, other] = isTied(left)
    ? [left.term, tied(right, typeOf(left.term), left.name)]
    : [tied(left, typeOf((right as { term: Term }).term), right.name), (right as { term: Term }).term];
  if (!comparableTypes(typeOf(one).family, typeOf(other).family))
    throw fault(`${left.name} and ${right.name} have types that cannot be compared`, path);
  return { is: 'compared', by, left: one, right: other };
}

/** A pattern of LIKE that means the same on every engine. Throws `InvalidInput` for one that does not. */
export function likePattern({ name, typeFamily }: ColumnFact, pattern: unknown, path: readonly string[]): string {
  if (typeFamily !== 'text') throw fault(`"${name}" is not text, so it has no pattern`, path);
  if (typeof pattern !== 'string') throw fault('the pattern has to be a text', path);
  // Engines disagree about an escape sign before anything else, or at the end: some fail, some take it as it is.
  if (/\\(?![\\%_])/.test(pattern.replaceAll(/\\[\\%_]/g, '')))
    throw fault('in a pattern, \\ has to be followed by %, _ or \\', path);
  const refuse = (how: string): never => {
    throw fault(how, path);
  };
  return storable(pattern, refuse);
}

/** A regular expression that means the same on every engine. Throws `InvalidInput` for one that does not. */
export function regexPattern(
  { name, typeFamily }: ColumnFact,
  pattern: unknown,
  ignoreCase: boolean,
  path: readonly string[],
): string {
  if (typeFamily !== 'text') throw fault(`"${name}" is not text, so it has no pattern`, path);
  if (typeof pattern !== 'string') throw fault('the pattern has to be a text', path);
  patternOf(pattern, ignoreCase, path);
  return pattern;
}

/** Membership in a list. NULL in the list is left out: with it, `NOT IN` would never be true. */
export const inList = (of: ColumnFact, list: unknown, path: readonly string[], alias = 't'): Test =>
  inTerm(termOf(of, alias), of, list, path);

function inTerm(of: Term, fact: ColumnFact, list: unknown, path: readonly string[]): Test {
  const entries = listOf(list, path);
  if (entries.length > LONGEST_LIST)
    throw fault(
      `the list has ${entries.length} values, and a condition holds ${LONGEST_LIST} in one list at most`,
      path,
    );
  const values = entries.flatMap((entry, at) => {
    if (entry === null) return [];
    const place = [...path, String(at)];
    return [typedValue(literalOf(entry, place), fact, place)];
  });
  if (values.length === 0) throw fault('the list has no value', path);
  return { is: 'in', of, values };
}

/** Values of these two columns can be compared with each other, without one being turned into the other's type. */
export const comparable = (one: ColumnFact, other: ColumnFact): boolean =>
  comparableTypes(one.typeFamily, other.typeFamily);

type Properties = Readonly<Record<string, unknown>>;

function propertiesOf(node: unknown, path: readonly string[]): Properties {
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) return node as Properties;
  throw fault('here a part of a condition is needed', path);
}

function expectOnly(parts: Properties, names: readonly string[], path: readonly string[]): void {
  const unknown = Object.keys(parts).find((name) => !names.includes(name));
  if (unknown !== undefined) throw fault(`${JSON.stringify(unknown)} is not known here`, [...path, unknown]);
}

function listOf(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw fault('here a list is needed', path);
}

function literalOf(value: unknown, path: readonly string[]): LiteralValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw fault(
    value === null
      ? 'nothing can be compared with null; ask with is_null'
      : 'a literal has to be a text, a number, true or false',
    path,
  );
}
