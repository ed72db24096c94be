import { type Direction, type EdgeKind, KIND } from '#core/lineage-graph';
import { InvalidInput } from '#kernel';

import { type EdgeDetail } from '../graph.store.js';
import { type EdgeOrigin } from '../script.entity.js';
import { type AsOf, type Selection } from './walker.js';

export const EDGE_TYPES = ['DIRECT', 'INDIRECT'] as const;
export type EdgeTypeName = (typeof EDGE_TYPES)[number];

/** Whether lineage is asked for column by column or table by table. */
export const LEVELS = ['column', 'dataset'] as const;
export type Level = (typeof LEVELS)[number];

/** What lineage is asked of: what the catalog has, or a node of another answer, which may be known by name only. */
export interface Asset {
  readonly kind: 'dataset' | 'field' | 'node';
  readonly id: string;
}

/** What all questions have in common. */
export interface EdgeFilter {
  readonly types: readonly EdgeTypeName[];
  /** Null: all. */
  readonly origins: readonly EdgeOrigin[] | null;
  /** By dataset, types do not count, and a column stands for its dataset. */
  readonly level: Level;
  readonly asOf: AsOf;
}

export interface LineageQuestion extends EdgeFilter {
  readonly of: Asset;
  readonly directions: readonly Direction[];
  /** Null: as far as it goes. */
  readonly depth: number | null;
  /** Nodes of a page. */
  readonly first: number;
  /** The last page's {@link LineageAnswer.endCursor}. */
  readonly after: string | null;
  /** What is wanted of the edges; everything when not given, null when nobody looks at them. */
  readonly details?: ReadonlySet<EdgeDetail> | null;
}

/** Most nodes of a page. */
export const MOST_NODES = 5_000;
/** Most nodes that are walked to for an answer, however many pages it has. */
export const MOST_WALKED = 1_000_000;

/** @throws {InvalidInput} */
export function checkFilter({ types, origins }: EdgeFilter): void {
  if (types.length === 0)
    throw new InvalidInput('Name at least one kind of edge, or leave "kinds" out.', [], ['kinds']);
  if (origins?.length === 0)
    throw new InvalidInput('Name at least one origin of edges, or leave "origins" out.', [], ['origins']);
}

/** @throws {InvalidInput} */
export function checkQuestion(question: LineageQuestion): void {
  checkFilter(question);
  checkDepth(question.depth);
  checkFirst(question.first, MOST_NODES);
}

/** @throws {InvalidInput} */
export function checkFirst(first: number, most: number): void {
  if (!Number.isInteger(first) || first < 1 || first > most)
    throw new InvalidInput(`"first" must be a whole number from 1 to ${most}.`, [], ['first']);
}

/** @throws {InvalidInput} */
export function checkDepth(depth: number | null): void {
  if (depth !== null && (!Number.isInteger(depth) || depth < 1))
    throw new InvalidInput(`"depth" is ${depth}, but must be a whole number from 1, or be left out.`, [], ['depth']);
}

/** The edges that a walk follows. */
export function selectionOf({ level, types, origins, asOf }: EdgeFilter): Selection {
  return { kinds: walkedKinds(level, types), origins, asOf };
}

function walkedKinds(level: Level, types: readonly EdgeTypeName[]): EdgeKind[] {
  if (level === 'dataset') return [KIND.dataset];
  const direct = types.includes('DIRECT') ? [KIND.direct] : [];
  return types.includes('INDIRECT') ? [...direct, KIND.indirect, KIND.rows, KIND.part] : direct;
}

/** The edges that an answer shows: a column that is also filled with a constant shows it. */
export const shownIn = ({ kinds, ...rest }: Selection): Selection => ({
  ...rest,
  kinds: [...kinds.filter((kind) => kind !== KIND.part), ...(kinds.includes(KIND.direct) ? [KIND.generated] : [])],
});
