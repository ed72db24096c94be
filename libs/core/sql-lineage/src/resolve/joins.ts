import type { Join, Node } from '../parse/tree.js';
import { columnIn } from './column.js';
import { distinct, indirect, type Influence, through } from './influence.js';
import type { Reading } from './reading.js';
import { isStar, type OutputColumn, type Relation } from './rowset.js';
import type { Scope } from './scope.js';

const HIDING = new Set(['Semi', 'Anti', 'LeftSemi', 'LeftAnti']);

const columnsFrom = (relations: readonly Relation[], name: string, reading: Reading): Influence[] | undefined => {
  for (const relation of relations) {
    const column = columnIn(relation, name, reading);
    if (column) return [...column.influences];
  }
  const open = relations.filter((relation) => relation.rows.rest);
  return open.length > 0 ? open.flatMap((relation) => [...(relation.rows.rest?.(name) ?? [])]) : undefined;
};

/** In these USING gives the column of one side; the standard says COALESCE of both. */
const ONE_SIDE = new Set(['spark', 'databricks', 'hive']);

/**
 * The merged column is `COALESCE(left.x, right.x)`, as the standard has it. Where rows of both sides are there the two are equal; so an
 * outer join transforms the side that may be absent. A semi join has only its left side.
 */
function mergedColumn(name: string, join: Join, left: Influence[], right: Influence[], reading: Reading): OutputColumn {
  const { kind } = join;
  if (kind.includes('Full') || kind === 'Outer')
    return { name, influences: distinct(through('TRANSFORMATION', [...left, ...right])) };
  if (HIDING.has(kind)) return { name, influences: left };
  const fromRight = kind.includes('Right');
  if (ONE_SIDE.has(reading.dialect.name)) return { name, influences: fromRight ? right : left };
  if (fromRight) return { name, influences: distinct([...right, ...through('TRANSFORMATION', left)]) };
  const outer = kind.includes('Left');
  return { name, influences: distinct([...left, ...(outer ? through('TRANSFORMATION', right) : right)]) };
}

function merge(
  names: readonly string[],
  join: Join,
  before: readonly Relation[],
  joined: readonly Relation[],
  scope: Scope,
  reading: Reading,
): Influence[] {
  return names.flatMap((name) => {
    const earlier = scope.merged.get(reading.key(name));
    const left = earlier ? [...earlier.influences] : columnsFrom(before, name, reading);
    const right = columnsFrom(joined, name, reading);
    for (const [side, found] of [
      ['left', left],
      ['right', right],
    ] as const)
      if (!found) reading.because('unknown-column', `The ${side} side of the join has no column ${name} to join by.`);
    scope.merged.set(reading.key(name), mergedColumn(name, join, left ?? [], right ?? [], reading));
    return [...(left ?? []), ...(right ?? [])];
  });
}

/** The columns that both sides have. Undefined when one side's columns are not all known. */
function commonNames(before: readonly Relation[], joined: readonly Relation[], reading: Reading): string[] | undefined {
  if ([...before, ...joined].some((relation) => relation.rows.rest)) return undefined;
  return joined
    .flatMap((relation) => relation.rows.columns.map((column) => column.name))
    .filter((name) => before.some((relation) => columnIn(relation, name, reading)));
}

/** What joining the relations added last to those before means: which columns decide, and which become one. */
export function joinInfluences(
  join: Join,
  before: readonly Relation[],
  joined: readonly Relation[],
  scope: Scope,
  reading: Reading,
): Influence[] {
  const conditions: Node[] = [join.on, (join as { match_condition?: Node | null }).match_condition].filter(
    (node) => node != null,
  );
  const decides = reading.expressions(conditions, scope);
  decides.push(...merge(reading.names(join.using), join, before, joined, scope, reading));
  if (join.kind.startsWith('Natural')) {
    const names = commonNames(before, joined, reading);
    if (names) decides.push(...merge(names, join, before, joined, scope, reading));
    else {
      reading.because(
        'unknown-columns',
        'The columns of a NATURAL JOIN are not known without the schema of both sides.',
      );
      decides.push(
        ...[...before, ...joined].flatMap((one) =>
          one.rows.columns.filter(isStar).flatMap((star) => [...star.influences]),
        ),
      );
    }
  }
  return indirect('JOIN', decides);
}

export const hidesItsColumns = (join: Join): boolean => HIDING.has(join.kind);
