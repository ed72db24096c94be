import { type Comparison, type Condition, type Expression, type Operand } from '../expression.js';
import { fault } from '../faults.js';
import { parse } from './parse.js';

/** What a condition is asked of here: a few values by name. Times are texts as `2026-06-29 13:00:00`. */
export type Facts = Readonly<Record<string, number | string | null>>;
export type FactTypes = Readonly<Record<string, 'number' | 'time' | 'text'>>;

/** True, false, or unknown where a value is absent. */
type Truth = boolean | undefined;

/**
 * A condition on a handful of values that are here and not in a table, such as the figures of a period. It knows comparisons, `in`,
 * `between`, `is null`, `and`, `or` and `not`. Throws `InvalidInput` for anything else, and for names that there are none of.
 *
 * @example
 * compiledTest('value > 10 and usual > 1', { value: 'number', usual: 'number' }, ['params', 'only'])({ value: 11, usual: 2 }) // true
 */
export function compiledTest(
  condition: Condition,
  types: FactTypes,
  path: readonly string[],
): (facts: Facts) => boolean {
  const tree = typeof condition === 'string' ? parse(condition, path) : condition;
  const test = compiled(tree, types, path);
  return (facts) => test(facts) === true;
}

type Test = (facts: Facts) => Truth;
type Read = (facts: Facts) => number | string | null;

function compiled(node: Expression, types: FactTypes, path: readonly string[]): Test {
  switch (node.op) {
    case 'and':
    case 'or': {
      const tests = node.args.map((arg) => compiled(arg, types, path));
      const decides = node.op === 'or';
      return (facts) => {
        const truths = tests.map((test) => test(facts));
        return truths.includes(decides) ? decides : truths.includes(undefined) ? undefined : !decides;
      };
    }
    case 'not': {
      const test = compiled(node.arg, types, path);
      return (facts) => negated(test(facts));
    }
    case 'is_null': {
      const [read] = read1(node.value, types, path);
      return (facts) => read(facts) === null;
    }
    case 'in': {
      const [read, type] = read1(node.value, types, path);
      const list = node.list.flatMap((each) => (each === null ? [] : [literal(each, type, path)]));
      return (facts) => {
        const value = read(facts);
        return value === null ? undefined : list.includes(value);
      };
    }
    case 'between':
      return compiled(
        {
          op: 'and',
          args: [
            { op: 'gte', left: node.value, right: node.min },
            { op: 'lte', left: node.value, right: node.max },
          ],
        },
        types,
        path,
      );
    case 'eq':
    case 'ne':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return comparison(node.op, node.left, node.right, types, path);
    case 'like':
    case 'matches':
    case 'truth':
      throw fault(`a condition on ${Object.keys(types).join(', ')} compares them`, path);
    default:
      return node satisfies never;
  }
}

const negated = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function comparison(by: Comparison, left: Operand, right: Operand, types: FactTypes, path: readonly string[]): Test {
  const type = typeIn(left, types, path) ?? typeIn(right, types, path);
  if (type === undefined) throw fault(`one side of a comparison has to be ${Object.keys(types).join(', ')}`, path);
  const [one, other] = [reader(left, type, types, path), reader(right, type, types, path)];
  return (facts) => {
    const [a, b] = [one(facts), other(facts)];
    if (a === null || b === null) return undefined;
    const order = a < b ? -1 : a > b ? 1 : 0;
    switch (by) {
      case 'eq':
        return order === 0;
      case 'ne':
        return order !== 0;
      case 'gt':
        return order > 0;
      case 'gte':
        return order >= 0;
      case 'lt':
        return order < 0;
      case 'lte':
        return order <= 0;
      default:
        return by satisfies never;
    }
  };
}

function typeIn(operand: Operand, types: FactTypes, path: readonly string[]): FactTypes[string] | undefined {
  if (!('column' in operand)) return undefined;
  const type = types[operand.column];
  if (type === undefined)
    throw fault(`there is no ${JSON.stringify(operand.column)}; there are ${Object.keys(types).join(', ')}`, path);
  return type;
}

function read1(operand: Operand, types: FactTypes, path: readonly string[]): [Read, FactTypes[string]] {
  const type = typeIn(operand, types, path);
  if (type === undefined) throw fault(`here ${Object.keys(types).join(', ')} is needed`, path);
  return [reader(operand, type, types, path), type];
}

function reader(operand: Operand, type: FactTypes[string], types: FactTypes, path: readonly string[]): Read {
  if ('column' in operand) {
    if (typeIn(operand, types, path) !== type) throw fault('a number is not compared with a time or a text', path);
    return (facts) => facts[operand.column] ?? null;
  }
  if ('literal' in operand && operand.literal !== null) {
    const value = literal(operand.literal, type, path);
    return () => value;
  }
  throw fault(`a condition on ${Object.keys(types).join(', ')} compares them with values written down`, path);
}

function literal(value: string | number | boolean, type: FactTypes[string], path: readonly string[]): number | string {
  if (type === 'text') {
    if (typeof value === 'string') return value;
    throw fault(`${JSON.stringify(value)} is no text`, path);
  }
  if (type === 'time') {
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?)?$/.test(value))
      return value.replace('T', ' ');
    throw fault(`${JSON.stringify(value)} is no time; write 2026-06-29 or 2026-06-29 13:00:00`, path);
  }
  const number = typeof value === 'boolean' ? NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw fault(`${JSON.stringify(value)} is no number`, path);
}
