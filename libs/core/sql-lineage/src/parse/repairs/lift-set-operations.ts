import { dataOf, isNode, kindOf, type Node, type SelectData, type SetOperationData } from '../tree.js';
import type { Repair } from './repair.js';

const SET_OPERATIONS = new Set(['union', 'intersect', 'except']);
/** Inside these a set operation is where it belongs. */
const CLOSED = new Set([
  'subquery',
  'select',
  'paren',
  'exists',
  'in',
  'any',
  'all',
  'function',
  'table',
  'joined_table',
]);
/** The parts of a SELECT that end in an expression. */
const PARTS = [
  'expressions',
  'joins',
  'where_clause',
  'group_by',
  'having',
  'qualify',
  'order_by',
  'limit',
  'offset',
] as const;

/** `(SELECT …)` at the beginning of a set operation; undefined when it begins otherwise. */
function leftmost(node: Node): Node | undefined {
  if (!SET_OPERATIONS.has(kindOf(node)))
    return kindOf(node) === 'subquery' || kindOf(node) === 'paren' ? node : undefined;
  return leftmost(dataOf<SetOperationData>(node).left);
}

/** The same set operation with another query at its beginning. */
function beginningWith(first: Node, node: Node): Node {
  if (!SET_OPERATIONS.has(kindOf(node))) return first;
  const data = dataOf<SetOperationData>(node);
  return { [kindOf(node)]: { ...data, left: beginningWith(first, data.left) } };
}

class Lifting {
  operation: Node | undefined;

  /** The value with the set operation in it replaced by the subquery it began with. */
  from(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.from(item));
    if (typeof value !== 'object' || value === null) return value;
    if (isNode(value)) {
      if (CLOSED.has(kindOf(value))) return value;
      const subquery = SET_OPERATIONS.has(kindOf(value)) ? leftmost(value) : undefined;
      if (subquery) {
        this.operation = value;
        return subquery;
      }
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, this.from(part)]));
  }
}

function lifted(node: Node): Node {
  const data = dataOf<SelectData>(node);
  const lifting = new Lifting();
  const parts = data as unknown as Readonly<Record<string, unknown>>;
  const own = Object.fromEntries(
    PARTS.filter((part) => part in parts).map((part) => [part, lifting.from(parts[part])]),
  );
  if (!lifting.operation) return node;
  // The WITH before the first SELECT belongs to all of them.
  const first: Node = { select: { ...data, ...own, with: null } };
  const whole = beginningWith(first, lifting.operation);
  return { [kindOf(whole)]: { ...dataOf<SetOperationData>(whole), with: data.with } };
}

function repaired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repaired);
  if (typeof value !== 'object' || value === null) return value;
  const node: object = isNode(value) && kindOf(value) === 'select' ? lifted(value) : value;
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, repaired(part)]));
}

/**
 * `SELECT a FROM t WHERE a > (SELECT 1) UNION SELECT b FROM u`: the parser (0.12.1) takes the UNION for a part of the comparison, so
 * that the second SELECT seems to filter the first. It does so whenever a bracketed query stands last before the UNION.
 */
export const liftSetOperations: Repair = {
  name: 'lift set operations',
  concerns: (text) => /\)\s*(union|intersect|except|minus)\b/i.test(text),
  apply: (node) => repaired(node) as Node,
};
