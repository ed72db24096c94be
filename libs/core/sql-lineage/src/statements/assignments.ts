import { type ColumnData, dataOf, type Identifier, kindOf, type Node } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { OutputColumn } from '../resolve/rowset.js';
import type { Scope } from '../resolve/scope.js';

/** The column on the left of `SET a = …`; a qualifier before it names the target itself. */
export const assigned = (identifier: Identifier, reading: Reading): string =>
  reading.name(
    identifier.quoted ? identifier : { ...identifier, name: identifier.name.split('.').at(-1) ?? identifier.name },
  );

function leftSide(node: Node, reading: Reading): string | undefined {
  if (kindOf(node) === 'identifier') return assigned(dataOf<Identifier>(node), reading);
  if (kindOf(node) === 'column') return reading.name(dataOf<ColumnData>(node).name);
  return undefined;
}

export const assignment = (name: string, value: Node, scope: Scope, reading: Reading): OutputColumn => {
  const expression = kindOf(value) === 'column' ? undefined : reading.sql(value);
  return { name, influences: reading.expression(value, scope), ...(expression !== undefined && { expression }) };
};

/** `a = x, b = y` where the parser gives them as comparisons (ON CONFLICT, MERGE). */
export function assignments(nodes: readonly Node[], scope: Scope, reading: Reading): OutputColumn[] {
  return nodes.flatMap((node) => {
    const { left, right } = dataOf<{ left?: Node; right?: Node }>(node);
    const name = kindOf(node) === 'eq' && left ? leftSide(left, reading) : undefined;
    if (name !== undefined && right) return [assignment(name, right, scope, reading)];
    reading.because('unknown-node', `An assignment written as "${kindOf(node)}" is not understood.`);
    return [];
  });
}
