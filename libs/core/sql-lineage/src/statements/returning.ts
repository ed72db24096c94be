import type { Node } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import { type Relation, type Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { project } from '../resolve/select.js';

/** The rows of a RETURNING clause: those of the changed table and its helpers. */
export function returningRows(
  nodes: readonly Node[] | undefined,
  relations: readonly Relation[],
  outer: Scope,
  reading: Reading,
): Rowset | undefined {
  if (!nodes || nodes.length === 0) return undefined;
  const scope = new Scope(outer);
  scope.relations.push(...relations);
  const { columns, rests } = project(nodes, scope, reading);
  return {
    columns,
    influences: [],
    ...(rests.length > 0 && { rest: (name: string) => rests.flatMap((rest) => [...rest(name)]) }),
  };
}
