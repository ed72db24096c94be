import { childrenOf, type Node } from '../parse/tree.js';
import { deciding, indirect, through } from '../resolve/influence.js';
import type { Meaning, Meanings } from './expression.js';
import { AGGREGATE_FUNCTIONS, AGGREGATE_NODES } from './names.js';

interface Aggregate {
  readonly filter?: Node | null;
  readonly order_by?: unknown;
}

/** The arguments are the value; FILTER decides which rows count, ORDER BY in which order. */
const aggregate: Meaning = (data, scope, reading) => {
  const { filter, order_by } = data as Aggregate;
  return [
    ...through('AGGREGATION', reading.expressions(childrenOf(data, ['filter', 'order_by']), scope)),
    ...(filter ? through('AGGREGATION', deciding('FILTER', reading.expression(filter, scope))) : []),
    ...indirect('SORT', reading.expressions(childrenOf(order_by), scope)),
  ];
};

const plainCall: Meaning = (data, scope, reading) =>
  through('TRANSFORMATION', reading.expressions(childrenOf(data), scope));

/** Functions that the parser does not know come as plain calls; an aggregate among them is known by its name. */
const call: Meaning = (data, scope, reading) => {
  const { name } = data as { readonly name?: unknown };
  if (name === 'columns' && reading.dialect.name === 'duckdb') return reading.expression({ columns: data }, scope);
  const isAggregate = typeof name === 'string' && AGGREGATE_FUNCTIONS.has(name.toLowerCase());
  return (isAggregate ? aggregate : plainCall)(data, scope, reading);
};

/** `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`: x is the value, not the order. */
const withinGroup: Meaning = (data, scope, reading) =>
  through('AGGREGATION', reading.expressions(childrenOf(data), scope));

/** `agg(x) FILTER (WHERE y)` */
const filtered: Meaning = (data, scope, reading) => {
  const { this: value, expression } = data as { readonly this: Node; readonly expression: Node };
  return [
    ...reading.expression(value, scope),
    ...through('AGGREGATION', deciding('FILTER', reading.expression(expression, scope))),
  ];
};

/** Functions over many rows, and plain calls. */
export const AGGREGATES: Meanings = {
  ...Object.fromEntries(AGGREGATE_NODES.map((kind) => [kind, aggregate])),
  function: call,
  anonymous: call,
  within_group: withinGroup,
  filter: filtered,
};
