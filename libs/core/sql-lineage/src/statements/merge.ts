import {
  type ColumnData,
  dataOf,
  type Identifier,
  kindOf,
  type Node,
  type TableRef,
  type With,
} from '../parse/tree.js';
import { columnIn } from '../resolve/column.js';
import { addQueries, reportUnused } from '../resolve/ctes.js';
import { addFrom } from '../resolve/from.js';
import { indirect, type Influence } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn, Relation, Rowset } from '../resolve/rowset.js';
import { isStar } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { assignedIn, assignment, columnAt } from './assignments.js';
import { Changes, changedRelation, homeOf, tablesBehind } from './changed.js';
import { readOutput } from './output.js';
import { placed } from './place.js';
import type { Statement } from './statement.js';

interface Merge {
  readonly this: Node;
  readonly using: Node;
  readonly on: Node | null;
  readonly using_cond?: Node | null;
  readonly whens: Node | null;
  readonly with_: Node | null;
  readonly returning?: Node | null;
}

interface When {
  readonly condition?: Node | null;
  /** True: WHEN NOT MATCHED BY SOURCE. */
  readonly source?: Node | null;
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

interface Place {
  readonly own: Relation;
  readonly source: Relation | undefined;
  readonly scope: Scope;
}

interface Action {
  readonly columns: readonly OutputColumn[];
  /** Conditions of the action itself: `UPDATE SET … WHERE …` (Oracle). */
  readonly conditions: readonly Node[];
}

const NOTHING: Action = { columns: [], conditions: [] };

/** Every column of the source goes to its namesake: those the target has, when that is known. */
function namesakes({ own, source }: Place, reading: Reading): OutputColumn[] {
  const columns = [...(source?.rows.columns ?? [])];
  if (own.rows.rest) return columns;
  return columns.filter((column) => isStar(column) || columnIn(own, column.name, reading));
}

/** `THEN UPDATE SET …` and `THEN INSERT (…) VALUES (…)`; with a star, every column of the source goes to its namesake. */
function action(then: Node, place: Place, reading: Reading): Action {
  const parts = kindOf(then) === 'tuple' ? items(then) : [then];
  const verb = word(parts[0]);
  if (verb.startsWith('DELETE') || verb.startsWith('DO NOTHING') || verb === 'NOTHING') return NOTHING;
  const conditions = parts.flatMap((part) => (kindOf(part) === 'where' ? [dataOf<{ this: Node }>(part).this] : []));
  const rest = parts.slice(1).filter((part) => kindOf(part) !== 'where');
  const whole = rest.length === 0 || rest.some((part) => kindOf(part) === 'star' || word(part) === 'ROW');
  if (verb.startsWith('UPDATE')) {
    if (whole) return { columns: namesakes(place, reading), conditions };
    return { columns: items(rest[0]).flatMap((node) => updated(node, place, reading)), conditions };
  }
  if (verb.startsWith('INSERT')) {
    if (word(rest[0]) === 'DEFAULT' || verb.includes('DEFAULT')) return { columns: [], conditions };
    // `INSERT ROW` gives the source's columns by position, `INSERT *` by name.
    if (rest.some((part) => word(part) === 'ROW')) return { columns: byPosition(place, reading), conditions };
    if (whole) return { columns: namesakes(place, reading), conditions };
    return { columns: insertion(rest, place, reading), conditions };
  }
  reading.because('unknown-node', `The action "${verb || kindOf(then)}" of a MERGE is not understood.`);
  return NOTHING;
}

function updated(node: Node, { own, scope }: Place, reading: Reading): OutputColumn[] {
  const isOwn = (name: string) => own.alias !== undefined && reading.same(name, own.alias);
  return assignedIn(node, scope, reading).map(({ path, column }) => ({ ...column, name: columnAt(path, isOwn) }));
}

function byPosition({ own, source }: Place, reading: Reading): OutputColumn[] {
  const rows: Rowset = { columns: source?.rows.columns ?? [], influences: [] };
  if (!own.table) return [...rows.columns];
  const names = placed(rows, own.table, reading.catalog.columnsOf(own.table), reading);
  return rows.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

function insertion(parts: readonly Node[], { own, scope }: Place, reading: Reading): OutputColumn[] {
  const values = items(parts.at(-1));
  const listed =
    parts.length > 1
      ? items(parts[0]).map((node) =>
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
  const known = own.table ? reading.catalog.columnsOf(own.table) : own.rows.columns.map(({ name }) => name);
  const names = own.table ? placed(rows, own.table, listed ?? known, reading) : (listed ?? known ?? []);
  return rows.columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

/** DuckDB's `USING s USING (id)`: both sides have the columns. */
function usingColumns(node: Node | null | undefined, relations: readonly Relation[], reading: Reading): Influence[] {
  return items(node ?? undefined).flatMap((item) => {
    const name = reading.name(dataOf<Identifier>(item));
    return relations.flatMap(({ rows }) => [
      ...(rows.columns.find((column) => reading.same(column.name, name))?.influences ?? rows.rest?.(name) ?? []),
    ]);
  });
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
    const own = changedRelation(found.ref, found.alias, scope, reading);
    scope.relations.push(own);
    const influences = [...addFrom([data.using], [], scope, reading)];
    const [, source] = scope.relations;
    if (data.on) influences.push(...indirect('JOIN', reading.expression(data.on, scope)));
    influences.push(...indirect('JOIN', usingColumns(data.using_cond, scope.relations, reading)));
    // What is inserted is made of the source alone: there is no row of the target. And the other way round.
    const fromSource = new Scope(outer);
    for (const [key, query] of scope.queries) fromSource.queries.set(key, query);
    if (source) fromSource.relations.push(source, { ...own, qualifiedOnly: true });
    const fromTarget = new Scope(fromSource);
    fromTarget.relations.push(own);

    const changes = new Changes();
    const conditions: Influence[] = [];
    const whens = data.whens ? dataOf<{ expressions: readonly Node[] }>(data.whens).expressions : [];
    for (const when of whens.map((each) => dataOf<When>(each))) {
      const bySource = when.source && dataOf<{ value?: boolean }>(when.source).value === true;
      const [verb] = kindOf(when.then) === 'tuple' ? items(when.then) : [when.then];
      const inserts = word(verb).startsWith('INSERT');
      const seen = bySource ? fromTarget : inserts && source ? fromSource : scope;
      const done = action(when.then, { own, source, scope: seen }, reading);
      const asked = [...(when.condition ? [when.condition] : []), ...done.conditions];
      conditions.push(...indirect('FILTER', reading.expressions(asked, seen)));
      for (const column of done.columns) {
        const home = homeOf(own, column.name, reading);
        if (home) changes.add(home, column);
        else
          reading.because(
            'unknown-column',
            `${column.name} is not a column of one table, so that it cannot be changed.`,
          );
      }
    }
    influences.push(...conditions);
    if (changes.all.length === 0) for (const table of tablesBehind(own)) reading.touch(table, 'write');
    for (const { table, columns } of changes.all) {
      reading.touch(table, 'write');
      reading.flow(table);
      reading.give(table, { columns, influences }, []);
    }
    const returning = data.returning && kindOf(data.returning) === 'returning' ? data.returning : undefined;
    if (returning) {
      const { expressions, into } = dataOf<{ expressions: readonly Node[]; into?: Node | null }>(returning);
      const relations = source ? [source] : [];
      readOutput(
        { columns: expressions, into_table: into ?? null },
        own,
        changes.all[0]?.columns ?? [],
        relations,
        scope,
        reading,
      );
    }
    reportUnused(queries, reading);
    return { kind: 'merge' };
  },
};
