import {
  type ColumnData,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type TableRef,
  type With,
} from '../parse/tree.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import { addFrom } from '../resolve/from.js';
import { indirect } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn, Relation, Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { assignment, assignments } from './assignments.js';
import { placed } from './place.js';
import type { Statement } from './statement.js';

interface Merge {
  readonly this: Node;
  readonly using: Node;
  readonly on: Node | null;
  readonly whens: Node | null;
  readonly with_: Node | null;
}

interface When {
  readonly condition?: Node | null;
  readonly then: Node;
}

interface Target {
  readonly ref: TableRef;
  readonly alias: Identifier | undefined;
}

function targetOf(node: Node): Target | undefined {
  if (kindOf(node) === 'table') {
    const ref = dataOf<TableRef>(node);
    return { ref, alias: ref.alias ?? undefined };
  }
  if (kindOf(node) === 'alias') {
    const { this: inner, alias } = dataOf<{ this: Node; alias: Identifier }>(node);
    return kindOf(inner) === 'table' ? { ref: dataOf<TableRef>(inner), alias } : undefined;
  }
  return undefined;
}

const items = (node: Node | undefined): readonly Node[] =>
  node && kindOf(node) === 'tuple' ? dataOf<{ expressions: readonly Node[] }>(node).expressions : [];

const word = (node: Node | undefined): string =>
  node && kindOf(node) === 'var' ? dataOf<{ this: string }>(node).this.toUpperCase() : '';

/** `THEN UPDATE SET …` and `THEN INSERT (…) VALUES (…)`; with a star, every column of the source goes to its namesake. */
function action(
  then: Node,
  own: Relation,
  source: Relation | undefined,
  scope: Scope,
  reading: Reading,
): OutputColumn[] {
  const parts = kindOf(then) === 'tuple' ? items(then) : [then];
  const verb = word(parts[0]);
  if (verb.startsWith('DELETE') || verb.startsWith('DO NOTHING') || verb === 'NOTHING') return [];
  const isStar = parts.slice(1).some((part) => kindOf(part) === 'star') || verb.endsWith('*') || parts.length === 1;
  if (isStar && (verb.startsWith('UPDATE') || verb.startsWith('INSERT'))) return [...(source?.rows.columns ?? [])];
  if (verb === 'UPDATE') return assignments(items(parts[1]), scope, reading);
  if (verb === 'INSERT') return insertion(parts, own, scope, reading);
  reading.because('unknown-node', `The action "${verb || kindOf(then)}" of a MERGE is not understood.`);
  return [];
}

function insertion(parts: readonly Node[], own: Relation, scope: Scope, reading: Reading): OutputColumn[] {
  const values = items(parts.at(-1));
  const listed =
    parts.length > 2
      ? items(parts[1]).map((node) =>
          reading.name(kindOf(node) === 'column' ? dataOf<ColumnData>(node).name : dataOf<Identifier>(node)),
        )
      : undefined;
  const rows: Rowset = {
    columns: values.map((value) =>
      assignment(
        kindOf(value) === 'column' ? reading.name(dataOf<ColumnData>(value).name) : '?column?',
        value,
        scope,
        reading,
      ),
    ),
    influences: [],
  };
  if (!own.table) return [];
  const names = placed(rows, own.table, listed ?? reading.catalog.columnsOf(own.table), reading);
  return rows.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

/** MERGE INTO … USING … ON … WHEN … */
export const merge: Statement = {
  nodes: ['merge'],
  read(node, outer, reading) {
    const data = dataOf<Merge>(node);
    const found = targetOf(data.this);
    if (!found) return { kind: 'merge', opaque: 'The target of the MERGE is not a table.' };
    const scope = new Scope(outer);
    const queries = addQueries(data.with_ ? dataOf<With>(data.with_) : null, scope, reading);
    const target = reading.table(found.ref);
    const own = reading.relationOf(target, found.alias ? reading.name(found.alias) : undefined);
    scope.relations.push(own);
    const influences = [...addFrom([data.using], [], scope, reading)];
    const source = scope.relations[1];
    if (data.on) influences.push(...indirect('JOIN', reading.expression(data.on, scope)));
    const whens = (data.whens ? dataOf<{ expressions: readonly Node[] }>(data.whens).expressions : []).map((when) =>
      dataOf<When>(when),
    );
    const columns = whens.flatMap((when) => action(when.then, own, source, scope, reading));
    const conditions = whens.flatMap((when) => (when.condition ? [when.condition] : []));
    influences.push(...indirect('FILTER', reading.expressions(conditions, scope)));
    reading.touch(target, 'write');
    reading.flow(target);
    reading.give(target, { columns, influences }, []);
    reportUnused(queries, reading);
    return { kind: 'merge' };
  },
};
