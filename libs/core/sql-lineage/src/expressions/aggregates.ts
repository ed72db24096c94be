import { childrenOf, kindOf, type Node } from '../parse/tree.js';
import { deciding, indirect, type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import { combined, isAggregate } from './aggregate-names.js';
import { chosenBy } from './conditions.js';
import { dictionaryGet } from './dictionaries.js';
import type { Meaning, Meanings } from './expression.js';
import { AGGREGATE_NODES } from './names.js';
import { valuesAmong } from './word-arguments.js';

interface Aggregate {
  readonly name?: unknown;
  readonly filter?: Node | null;
  readonly order_by?: unknown;
}

/** The arguments are the value; FILTER decides which rows count, ORDER BY in which order. */
const aggregate: Meaning = (data, scope, reading) => {
  const { name, filter, order_by } = data as Aggregate;
  const args = childrenOf(data, ['filter', 'order_by']);
  const conditional = typeof name === 'string' && combines(name, reading);
  return [
    ...through('AGGREGATION', values(args, conditional, scope, reading)),
    ...(filter ? through('AGGREGATION', deciding('FILTER', reading.expression(filter, scope))) : []),
    ...indirect('SORT', reading.expressions(childrenOf(order_by), scope)),
  ];
};

const combines = (name: string, reading: Reading): boolean =>
  reading.dialect.name === 'clickhouse' && combined(name).conditional;

/** ClickHouse's `sumIf(x, y > 1)`: the last argument chooses the rows. */
function values(args: readonly Node[], conditional: boolean, scope: Scope, reading: Reading): Influence[] {
  const condition = conditional ? args.at(-1) : undefined;
  if (!condition) return reading.expressions(args, scope);
  return [
    ...reading.expressions(args.slice(0, -1), scope),
    ...deciding('CONDITIONAL', reading.expression(condition, scope)),
  ];
}

const plainCall: Meaning = (data, scope, reading) =>
  through('TRANSFORMATION', reading.expressions(childrenOf(data), scope));

/** Functions that the parser does not know come as plain calls; an aggregate among them is known by its name. */
const call: Meaning = (data, scope, reading) => {
  const { name } = data as { readonly name?: unknown };
  if (typeof name !== 'string') return plainCall(data, scope, reading);
  if (name === 'columns' && reading.dialect.name === 'duckdb') return reading.expression({ columns: data }, scope);
  if (isAggregate(name, reading.dialect.name)) return aggregate(data, scope, reading);
  const args = valuesAmong(name, childrenOf(data), reading.dialect.name);
  return (
    chosenBy(name, args, scope, reading) ??
    dictionaryGet(name, args, scope, reading) ??
    through('TRANSFORMATION', [...reading.expressions(args, scope), ...(scope.variables?.called(name) ?? [])])
  );
};

/** `quantileIf(0.9)(x, y > 1)`: parameters, then arguments. */
const parameterized: Meaning = (data, scope, reading) => {
  const { this: called, expressions = [] } = data as { readonly this?: Node; readonly expressions?: readonly Node[] };
  const name = called && kindOf(called) === 'identifier' ? (called['identifier'] as { name?: string }).name : undefined;
  const conditional = name !== undefined && combines(name, reading);
  return through('AGGREGATION', values(expressions, conditional, scope, reading));
};

/** `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)`: x is the value; of `listagg(y) WITHIN GROUP (ORDER BY x)` it is the order. */
const withinGroup: Meaning = (data, scope, reading) => {
  const { this: value, order_by } = data as { readonly this: Node; readonly order_by?: unknown };
  const given = reading.expression(value, scope);
  const order = reading.expressions(childrenOf(order_by), scope);
  if (given.length > 0) return [...through('AGGREGATION', given), ...indirect('SORT', order)];
  return through('AGGREGATION', order);
};

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
  parameterized_agg: parameterized,
  combined_parameterized_agg: parameterized,
  within_group: withinGroup,
  filter: filtered,
};
