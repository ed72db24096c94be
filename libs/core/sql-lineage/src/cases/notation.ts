import { nameOf } from '../resolve/names.js';
import type { ColumnEdge, ScriptLineage, TableName } from '../types.js';

const table = (name: TableName) => `${nameOf(name)}${name.temporary ? '#' : ''}`;

const from = ({ table: name, column, candidates }: ColumnEdge['from']) => {
  if (name) return `${table(name)}.${column}`;
  return candidates ? `(${candidates.map(table).join(' | ')}).${column}` : `?.${column}`;
};

const to = ({ table: name, column }: ColumnEdge['to']) =>
  [name ? table(name) : 'result', column].filter((part) => part !== undefined).join('.');

/**
 * An edge on one line: `a.x -> b.y`, `a.x ~> b filter`. `->` gives the value, `~>` only decides; the subtype is left out for an
 * identity. `#` marks a temporary table, `result` the rows of a bare SELECT, `(a | b).x` a column of one of two tables.
 */
export function line(edge: ColumnEdge): string {
  const words = edge.subtype === 'IDENTITY' ? [] : [edge.subtype.toLowerCase()];
  return [from(edge.from), edge.type === 'DIRECT' ? '->' : '~>', to(edge.to), ...words].join(' ');
}

/** All that a case can expect of a script: edges, tables that are read but have no edge, and what is said about it. */
export function lines(script: ScriptLineage): string[] {
  const inEdges = new Set(
    script.statements
      .flatMap(({ columnEdges }) => columnEdges)
      .flatMap(({ from: { table: name, candidates } }) => [...(name ? [name] : []), ...(candidates ?? [])].map(table)),
  );
  const notes = script.statements.flatMap(({ status, reasons, sources, targets, renames }) => [
    ...sources
      .map(table)
      .filter((name) => !inEdges.has(name))
      .map((name) => `read: ${name}`),
    ...targets.filter(({ action }) => action !== 'write').map((target) => `${target.action}: ${table(target)}`),
    ...renames.map((rename) => `rename: ${table(rename.from)} to ${table(rename.to)}`),
    ...(status === 'ok' ? [] : [`status: ${status}`]),
    ...reasons.map(({ code }) => `reason: ${code}`),
  ]);
  const all = [...new Set([...script.statements.flatMap(({ columnEdges }) => columnEdges.map(line)), ...notes])];
  return all.length > 0 ? all : ['nothing'];
}
