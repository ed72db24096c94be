import { type TypeFamily } from '#core/connector-kit';
import { InvalidInput } from '#kernel';

import { type Comparison, COMPARISONS, type Expression, type LiteralValue } from './expression.js';
import { type ColumnFact, type DatasetFacts } from './facts.js';
import { column, type Term, type Test } from './sql/term.js';
import { storable, typedValue } from './typed-values.js';

// Deep enough for anybody; a deeper one would end in the engine's stack, or in ours.
const DEEPEST = 50;
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

/** Checks an expression from outside against the columns of a dataset. Throws `InvalidInput` with the place. */
export function bindExpression(
  expression: Expression,
  dataset: DatasetFacts,
  path: readonly string[],
  alias = 't',
): Test {
  return new Binder(dataset, alias).test(expression, path, 0);
}

class Binder {
  constructor(
    private readonly dataset: DatasetFacts,
    private readonly alias: string,
  ) {}

  test(node: unknown, path: readonly string[], depth: number): Test {
    if (depth > DEEPEST) throw fault(`the condition is nested deeper than ${DEEPEST} levels`, path);
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
      case 'in':
        expectOnly(parts, ['value', 'list'], path);
        return inList(this.column(parts['value'], [...path, 'value']), parts['list'], [...path, 'list'], this.alias);
      case 'is_null':
        expectOnly(parts, ['value'], path);
        return { is: 'null', of: termOf(this.column(parts['value'], [...path, 'value']), this.alias) };
      case 'like':
        expectOnly(parts, ['value', 'pattern'], path);
        return this.like(parts, path);
      default:
        if (!COMPARISONS.some((comparison) => comparison === op))
          throw fault(`${JSON.stringify(op)} is not an operator`, [...path, 'op']);
        expectOnly(parts, ['left', 'right'], path);
        return this.comparison(op as Comparison, parts, path);
    }
  }

  private comparison(by: Comparison, parts: Properties, path: readonly string[]): Test {
    const left = this.operand(parts['left'], [...path, 'left']);
    const right = this.operand(parts['right'], [...path, 'right']);
    const compare = (one: Term, other: Term): Test => ({ is: 'compared', by, left: one, right: other });
    if ('column' in left && 'column' in right) {
      if (!comparable(left.column, right.column))
        throw fault(`"${left.column.name}" and "${right.column.name}" have types that cannot be compared`, path);
      return compare(termOf(left.column, this.alias), termOf(right.column, this.alias));
    }
    if ('column' in left && 'literal' in right) {
      const typed = typedValue(right.literal, left.column, [...path, 'right']);
      return compare(termOf(left.column, this.alias), { is: 'value', value: typed });
    }
    if ('literal' in left && 'column' in right) {
      const typed = typedValue(left.literal, right.column, [...path, 'left']);
      return compare({ is: 'value', value: typed }, termOf(right.column, this.alias));
    }
    throw fault('one side of a comparison has to be a column', path);
  }

  private like(parts: Properties, path: readonly string[]): Test {
    const found = this.column(parts['value'], [...path, 'value']);
    return {
      is: 'like',
      of: termOf(found, this.alias),
      pattern: likePattern(found, parts['pattern'], [...path, 'pattern']),
    };
  }

  private column(node: unknown, path: readonly string[]): ColumnFact {
    const operand = this.operand(node, path);
    if ('column' in operand) return operand.column;
    throw fault('here a column is needed', path);
  }

  private operand(node: unknown, path: readonly string[]): { column: ColumnFact } | { literal: LiteralValue } {
    const parts = propertiesOf(node, path);
    const [name, ...more] = Object.keys(parts);
    if (more.length === 0 && name === 'column')
      return { column: columnOf(this.dataset, parts['column'], [...path, 'column']) };
    if (more.length === 0 && name === 'literal') return { literal: literalOf(parts['literal'], [...path, 'literal']) };
    throw fault('write {"column": …} or {"literal": …}', path);
  }
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

/** Membership in a list. NULL in the list is left out: with it, `NOT IN` would never be true. */
export function inList(of: ColumnFact, list: unknown, path: readonly string[], alias = 't'): Test {
  const entries = listOf(list, path);
  if (entries.length > LONGEST_LIST) throw fault(`the list has more than ${LONGEST_LIST} values`, path);
  const values = entries.flatMap((entry, at) => {
    if (entry === null) return [];
    const place = [...path, String(at)];
    return [typedValue(literalOf(entry, place), of, place)];
  });
  if (values.length === 0) throw fault('the list has no value', path);
  return { is: 'in', of: termOf(of, alias), values };
}

const CLASSES: Readonly<Partial<Record<TypeFamily, string>>> = {
  integer: 'number',
  decimal: 'number',
  float: 'number',
};

/** Values of these two columns can be compared with each other, without one being turned into the other's type. */
export function comparable(one: ColumnFact, other: ColumnFact): boolean {
  const families = [one.typeFamily, other.typeFamily];
  if (families.includes('json')) return false;
  const [a, b] = families.map((family) => CLASSES[family] ?? family);
  return a === b;
}

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

export function fault(message: string, path: readonly string[]): InvalidInput {
  return new InvalidInput(`The rule cannot be used: ${message}.`, [{ path, message }]);
}
