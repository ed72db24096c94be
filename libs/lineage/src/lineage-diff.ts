import { Injectable } from '@nestjs/common';
import { type Direction } from '#core/lineage-graph';

import { type GraphEdge, type GraphNode, GraphStore } from './graph.store.js';
import { LiveGraph } from './graph/live-graph.js';
import {
  type Asset,
  checkDepth,
  checkFilter,
  type EdgeFilter,
  MOST_WALKED,
  selectionOf,
  shownIn,
} from './graph/question.js';
import { type AsOf } from './graph/walker.js';
import { type AnswerTimes, timesOf } from './lineage-graph.js';

export interface DiffQuestion extends Omit<EdgeFilter, 'asOf'> {
  readonly of: Asset;
  readonly directions: readonly Direction[];
  readonly depth: number | null;
  readonly from: AsOf;
  readonly to: AsOf;
}

export interface Change {
  readonly change: 'added' | 'removed';
  readonly edge: GraphEdge;
}

export interface LineageDifference {
  /** What went comes before what came; by whom an edge is said does not count. */
  readonly changes: readonly Change[];
  readonly nodes: readonly GraphNode[];
  /** Edges that were there both times. */
  readonly unchanged: number;
  readonly truncated: boolean;
  readonly from: AnswerTimes;
  readonly to: AnswerTimes;
}

/** How the lineage of something differs between two moments, on either time axis. */
@Injectable()
export class LineageDiff {
  constructor(
    private readonly live: LiveGraph,
    private readonly store: GraphStore,
  ) {}

  /** @throws {NotFound} {@link InvalidInput} */
  async difference(question: DiffQuestion): Promise<LineageDifference> {
    const sides = [question.from, question.to].map((asOf) => ({ ...question, asOf }));
    for (const side of sides) checkFilter(side);
    checkDepth(question.depth);
    return this.live.read(async ({ tx, walker, at }) => {
      const from = await this.store.start(tx, question.of, question.level);
      const { directions, depth } = question;
      const closures = await walker.closures(
        sides.flatMap((side) =>
          directions.map((direction) => ({ ...selectionOf(side), from, direction, depth, maximumNodes: MOST_WALKED })),
        ),
      );
      const edges: GraphEdge[][] = [];
      for (const [place, side] of sides.entries()) {
        const own = closures.slice(place * directions.length, (place + 1) * directions.length);
        const ids = [...new Set(own.flatMap((closure) => [...closure.nodes]))];
        edges.push(await this.store.edgesInto(tx, ids, ids, shownIn(selectionOf(side))));
      }
      const [before = [], after = []] = edges;
      const changes = [
        ...onlyIn(before, after).map((edge): Change => ({ change: 'removed', edge })),
        ...onlyIn(after, before).map((edge): Change => ({ change: 'added', edge })),
      ];
      const ids = new Set(
        changes.flatMap(({ edge }) => [...(edge.from === null ? [] : [Number(edge.from)]), Number(edge.to)]),
      );
      return {
        changes,
        nodes: await this.store.nodes([...ids], tx),
        unchanged: new Set(after.map(sayingOf)).size - changes.filter(({ change }) => change === 'added').length,
        truncated: closures.some(({ truncated }) => truncated),
        from: timesOf(question.from, at),
        to: timesOf(question.to, at),
      };
    });
  }
}

/** What an edge says, by whomever it is said. */
const sayingOf = ({ from, to, kind, subtype }: GraphEdge): string => `${from} ${to} ${kind} ${subtype}`;

function onlyIn(edges: readonly GraphEdge[], others: readonly GraphEdge[]): GraphEdge[] {
  const known = new Set(others.map(sayingOf));
  return [
    ...new Map(edges.filter((edge) => !known.has(sayingOf(edge))).map((edge) => [sayingOf(edge), edge])).values(),
  ];
}
