import type { Node } from '../parse/tree.js';
import { deciding, type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import type { Meaning, Meanings } from './expression.js';

interface Case {
  readonly operand: Node | null;
  readonly whens: readonly (readonly [Node, Node])[];
  readonly else_: Node | null;
}

interface If {
  readonly condition: Node;
  readonly true_value: Node;
  readonly false_value: Node | null;
}

interface Nvl2 {
  readonly this: Node;
  readonly true_value: Node;
  readonly false_value: Node | null;
}

const present = (...nodes: readonly (Node | null | undefined)[]) => nodes.filter((node) => node != null);

/** Results are the value; conditions decide which, and so the value is made from them too (ADR 0007). */
const choose =
  (conditions: (data: never) => Node[], results: (data: never) => Node[]): Meaning =>
  (data, scope, reading) => [
    ...through('TRANSFORMATION', reading.expressions(results(data as never), scope)),
    ...deciding('CONDITIONAL', reading.expressions(conditions(data as never), scope)),
  ];

/** Expressions that choose between values. COALESCE and NULLIF are not among them: what they test is what they give. */
export const CONDITIONS: Meanings = {
  case: choose(
    (data: Case) => [...present(data.operand), ...data.whens.map(([condition]) => condition)],
    (data: Case) => [...data.whens.map(([, result]) => result), ...present(data.else_)],
  ),
  if_func: choose(
    (data: If) => [data.condition],
    (data: If) => present(data.true_value, data.false_value),
  ),
  nvl2: choose(
    (data: Nvl2) => [data.this],
    (data: Nvl2) => present(data.true_value, data.false_value),
  ),
};

/** Which arguments of a function are conditions: `multiIf(a, b, c, d, e)`, `decode(a, 1, b, 2, c, d)`. */
const CHOOSING: Readonly<Record<string, (at: number, count: number) => boolean>> = {
  multiif: (at, count) => at % 2 === 0 && at < count - 1,
  decode: (at, count) => at === 0 || (at % 2 === 1 && at < count - 1),
  if: (at) => at === 0,
  iif: (at) => at === 0,
  iff: (at) => at === 0,
  nvl2: (at) => at === 0,
  choose: (at) => at === 0,
};

/** A function that chooses between its arguments; undefined for others. `decode(bytes, 'UTF-8')` of two arguments is another. */
export function chosenBy(name: string, args: readonly Node[], scope: Scope, reading: Reading): Influence[] | undefined {
  const isCondition = CHOOSING[name.toLowerCase()];
  if (!isCondition || args.length < 3) return undefined;
  const conditions = args.filter((_, at) => isCondition(at, args.length));
  const results = args.filter((_, at) => !isCondition(at, args.length));
  return [
    ...through('TRANSFORMATION', reading.expressions(results, scope)),
    ...deciding('CONDITIONAL', reading.expressions(conditions, scope)),
  ];
}
