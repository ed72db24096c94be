import { type AliasData, dataOf, type Identifier, kindOf, type Node } from '../parse/tree.js';
import { indirect, type Influence, through } from './influence.js';
import type { Input } from './pivot.js';
import type { Reading } from './reading.js';
import type { OutputColumn, Relation } from './rowset.js';
import { Scope } from './scope.js';

interface MatchRecognize {
  readonly partition_by?: readonly Node[] | null;
  readonly order_by?: readonly { readonly this: Node }[] | null;
  readonly measures?: readonly { readonly this: Node }[] | null;
  readonly rows?: string | null;
  readonly pattern?: string | null;
  readonly define?: readonly (readonly [Identifier, Node])[] | null;
  readonly alias?: Identifier | null;
}

/** Inside, each variable of the pattern names the rows it matched: all have the columns of the input. */
function patternScope(data: MatchRecognize, input: Input, outer: Scope, reading: Reading): Scope {
  const variables = new Scope(outer);
  const words = (data.pattern ?? '').match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  const names = [
    ...words.map((word) => reading.dialect.names.written(word, false)),
    ...reading.names(data.define?.map(([name]) => name)),
  ];
  const rows = { columns: input.relations.flatMap((each) => [...each.rows.columns]), influences: [] };
  const [rest] = input.relations.flatMap((each) => (each.rows.rest ? [each.rows.rest] : []));
  for (const alias of new Set(names)) variables.relations.push({ alias, rows: { ...rows, ...(rest && { rest }) } });
  const scope = new Scope(variables);
  scope.relations.push(...input.relations);
  return scope;
}

function measure(node: Node, scope: Scope, reading: Reading): OutputColumn {
  const value = kindOf(node) === 'alias' ? dataOf<AliasData>(node).this : node;
  const name = kindOf(node) === 'alias' ? reading.name(dataOf<AliasData>(node).alias) : (reading.sql(node) ?? '?');
  return { name, influences: through('TRANSFORMATION', reading.expression(value, scope)) };
}

const named = (node: Node, scope: Scope, reading: Reading): OutputColumn => ({
  name: kindOf(node) === 'column' ? reading.name(dataOf<{ name: Identifier }>(node).name) : (reading.sql(node) ?? '?'),
  influences: reading.expression(node, scope),
});

/** MATCH_RECOGNIZE: the columns it is partitioned by (with ALL ROWS, all of the input) and the measures; DEFINE decides. */
export function matched(node: Node, input: Input, outer: Scope, reading: Reading): Relation {
  const data = dataOf<MatchRecognize>(node);
  const scope = patternScope(data, input, outer, reading);
  const measures = (data.measures ?? []).map((each) => measure(each.this, scope, reading));
  const partition = (data.partition_by ?? []).map((each) => named(each, scope, reading));
  const all = data.rows?.startsWith('All') === true;
  const kept = all ? input.relations.flatMap((each) => [...each.rows.columns]) : partition;
  const rest = all ? input.relations.find((each) => each.rows.rest)?.rows.rest : undefined;
  const order = (data.order_by ?? []).map((each) => each.this);
  const keys: Influence[] = [
    ...partition.flatMap((each) => [...each.influences]),
    ...reading.expressions(order, scope),
  ];
  const conditions = reading.expressions(
    (data.define ?? []).map(([, condition]) => condition),
    scope,
  );
  const alias = data.alias ? reading.name(data.alias) : undefined;
  return {
    ...(alias !== undefined && { alias }),
    rows: {
      columns: [...kept, ...measures],
      influences: [...input.influences, ...indirect('WINDOW', keys), ...indirect('FILTER', conditions)],
      ...(rest && { rest }),
    },
  };
}
