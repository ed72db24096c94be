import { childrenOf, type Node, type Over } from '../parse/tree.js';
import { indirect, type Influence } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import type { Meanings } from './expression.js';

interface WindowFunction {
  readonly this: Node;
  readonly over: Over;
  /** Oracle's `KEEP (DENSE_RANK LAST ORDER BY x)`: only the rows that come last count. */
  readonly keep?: unknown;
}

/** PARTITION BY, ORDER BY and the frame, with those of the named window it builds on. */
function keys(over: Over, scope: Scope, reading: Reading): Influence[] {
  const own = reading.expressions(childrenOf(over, ['window_name']), scope);
  if (!over.window_name) return own;
  const named = scope.window(reading.key(reading.name(over.window_name)));
  return named && named !== over ? [...own, ...keys(named, scope, reading)] : own;
}

/** Window functions: their arguments are the value, their keys influence the column they make. */
export const WINDOWS: Meanings = {
  window_function: (data, scope, reading) => {
    const { this: value, over, keep } = data as WindowFunction;
    return [
      ...reading.expression(value, scope),
      ...indirect('SORT', reading.expressions(childrenOf(keep), scope)),
      ...indirect('WINDOW', keys(over, scope, reading)),
    ];
  },
};
