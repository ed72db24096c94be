import { type Comparison, type Expression, type LiteralValue, type Operand } from '../expression.js';
import { isBareName } from './tokens.js';

const SIGNS: Readonly<Record<Comparison, string>> = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' };
const ARITHMETIC: Readonly<Record<string, readonly [sign: string, power: number]>> = {
  add: ['+', 1],
  subtract: ['-', 1],
  multiply: ['*', 2],
  divide: ['/', 2],
  modulo: ['%', 2],
};

/** Writes a condition as people do; `parse` reads the same tree again. */
export function print(node: Expression): string {
  switch (node.op) {
    case 'and':
    case 'or': {
      if (node.args.length === 0) return node.op === 'and' ? 'true' : 'false';
      if (node.args.length === 1) return print(node.args[0]!);
      return node.args.map(grouped).join(` ${node.op} `);
    }
    case 'not':
      return notted(node.arg);
    default:
      return predicate(node, false);
  }
}

/** A part of `and`, `or`: in parentheses when it is one of these itself. */
const grouped = (node: Expression): string =>
  (node.op === 'and' || node.op === 'or') && node.args.length > 1 ? `(${print(node)})` : print(node);

function notted(arg: Expression): string {
  switch (arg.op) {
    case 'and':
    case 'or':
      return `not (${print(arg)})`;
    case 'not':
      return `not ${notted(arg.arg)}`;
    case 'in':
    case 'between':
    case 'like':
    case 'matches':
    case 'is_null':
      return predicate(arg, true);
    default:
      return `not ${predicate(arg, false)}`;
  }
}

type Predicate = Exclude<Expression, { op: 'and' | 'or' | 'not' }>;

function predicate(node: Predicate, negated: boolean): string {
  const not = negated ? 'not ' : '';
  switch (node.op) {
    case 'in':
      return `${value(node.value)} ${not}in (${node.list.map(literal).join(', ')})`;
    case 'between':
      return `${value(node.value)} ${not}between ${value(node.min)} and ${value(node.max)}`;
    case 'is_null':
      return `${value(node.value)} is ${not}null`;
    case 'like':
    case 'matches':
      return `${value(node.value)} ${not}${node.op} ${literal(node.pattern)}`;
    case 'truth':
      return value(node.value);
    default:
      return `${value(node.left)} ${SIGNS[node.op]} ${value(node.right)}`;
  }
}

/** Writes a value as people do. */
export const printValue = (node: Operand): string => value(node);

/** A value; in parentheses when it is arithmetic that binds less than `power`. */
function value(node: Operand, power = 0): string {
  if ('column' in node) return isBareName(node.column) ? node.column : `"${node.column.replaceAll('"', '""')}"`;
  if ('literal' in node) return literal(node.literal);
  if ('cast' in node) return `cast(${value(node.cast)} as ${node.as})`;
  if ('case' in node) {
    const whens = node.case.map(({ when, then }) => `when ${print(when)} then ${value(then)}`);
    const otherwise = node.else === undefined ? '' : ` else ${value(node.else)}`;
    return `case ${whens.join(' ')}${otherwise} end`;
  }
  const { call, args } = node;
  if (call === 'negate' && args.length === 1) return `-(${value(args[0]!)})`;
  const [sign, binds] = ARITHMETIC[call] ?? [];
  if (sign === undefined || binds === undefined || args.length !== 2)
    return `${call}(${args.map((arg) => value(arg)).join(', ')})`;
  const written = `${value(args[0]!, binds)} ${sign} ${value(args[1]!, binds + 1)}`;
  return binds < power ? `(${written})` : written;
}

function literal(of: LiteralValue | null): string {
  if (typeof of === 'string') return `'${of.replaceAll("'", "''")}'`;
  return String(of);
}
