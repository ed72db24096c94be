import { Injectable } from '@nestjs/common';
import { type Direction } from '#core/lineage-graph';
import { rows } from '#platform/database';

import { type GraphEdge, type GraphNode, GraphStore } from './graph.store.js';
import { inOrder, pageOf, type Reached } from './graph/answer-order.js';
import { type GraphReading, LiveGraph } from './graph/live-graph.js';
import {
  type Asset,
  checkDepth,
  checkFilter,
  checkFirst,
  checkQuestion,
  type EdgeFilter,
  type LineageQuestion,
  MOST_WALKED,
  selectionOf,
  shownIn,
} from './graph/question.js';
import { type AsOf, type Pair } from './graph/walker.js';

/** A node of an answer; upstream the distance is negative. */
export type AnsweredNode = GraphNode & { readonly distance: number };

/** An edge that is known only between two datasets: which columns it is about, nobody has told. */
export interface CoarseEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
}

/** The times that an answer is about. */
export interface AnswerTimes {
  /** Lineage as it was then. */
  readonly asOf: Date;
  /** As we knew it then. */
  readonly knownAt: Date;
  /** Everything that was committed before is in the answer. */
  readonly freshAsOf: Date;
}

export interface LineageAnswer extends AnswerTimes {
  /** The page's nodes, near ones first. Empty when no lineage touches what was asked about. */
  readonly nodes: readonly AnsweredNode[];
  /** Edges of which one end is on this page and the other on it or an earlier one. */
  readonly edges: readonly GraphEdge[];
  /** Nodes on all pages. */
  readonly total: number;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
  /** There is more than was asked for: depth or the most nodes cut it off. */
  readonly truncated: boolean;
  /** Nodes from which it goes on; at most {@link MOST_FRONTIER} of them. */
  readonly frontier: readonly GraphNode[];
  /** At most {@link MOST_COARSE}. */
  readonly coarse: readonly CoarseEdge[];
  /** Statements that were not wholly understood, in scripts of sources that are in the answer. */
  readonly notUnderstood: number;
}

export interface PathQuestion extends EdgeFilter {
  readonly from: Asset;
  readonly to: Asset;
  readonly depth: number | null;
  /** Most paths. */
  readonly first: number;
}

export interface PathsAnswer extends AnswerTimes {
  /** Ids of nodes in the direction of the data, shortest first. */
  readonly paths: readonly (readonly string[])[];
  readonly nodes: readonly GraphNode[];
  /** The edges between neighbours on the paths. */
  readonly edges: readonly GraphEdge[];
  /** There are more paths. */
  readonly truncated: boolean;
}

export const MOST_FRONTIER = 500;
export const MOST_COARSE = 500;
export const MOST_PATHS = 1_000;

/** Answers what feeds something and what it feeds, now or as of another time. */
@Injectable()
export class LineageGraph {
  constructor(
    private readonly live: LiveGraph,
    private readonly store: GraphStore,
  ) {}

  /**
   * The part of the graph around something, page by page. What no lineage touches gives an answer without nodes; what there
   * is not, an error.
   *
   * @throws {NotFound} {@link InvalidInput} {@link LineageMoved}
   */
  async around(question: LineageQuestion): Promise<LineageAnswer> {
    checkQuestion(question);
    return this.live.read(async (reading) => {
      const { tx } = reading;
      const from = await this.store.start(reading.tx, question.of, question.level);
      const { reached, frontier, truncated, coarse } = await walk(reading, question, from);
      const { start, end, endCursor } = pageOf(reached, question.first, question.after);
      const ids = reached.map(({ node }) => node);
      const page = reached.slice(start, end);
      const shown = shownIn(selectionOf(question));
      const edges =
        question.details === null
          ? []
          : await this.store.edgesOfPage(tx, ids.slice(start, end), ids.slice(0, start), shown, question.details);
      const others = [...frontier, ...coarse.flatMap((pair) => [pair.from, pair.to])];
      const named = await this.store.nodes([...new Set([...ids.slice(start, end), ...others])], tx);
      const byId = new Map(named.map((node) => [Number(node.id), node]));
      return {
        nodes: page.flatMap(({ node, distance }) => withDistance(byId.get(node), distance)),
        edges,
        total: reached.length,
        ...{ endCursor, hasNextPage: end < reached.length, truncated },
        frontier: frontier.flatMap((node) => byId.get(node) ?? []),
        coarse: coarse.flatMap((pair) => bothNamed(pair, byId)),
        notUnderstood: await notUnderstoodIn(reading, named),
        ...timesOf(question.asOf, reading.at),
      };
    });
  }

  /** The numbers of all nodes that are reached, without names: the bare walk. @throws {NotFound} {@link InvalidInput} */
  async reach(question: LineageQuestion): Promise<readonly Reached[]> {
    checkQuestion(question);
    return this.live.read(async (reading) => {
      const from = await this.store.start(reading.tx, question.of, question.level);
      return (await walk(reading, question, from, { coarse: false })).reached;
    });
  }

  /** Ways by which data gets from one thing to another. @throws {NotFound} {@link InvalidInput} */
  async paths(question: PathQuestion): Promise<PathsAnswer> {
    checkFilter(question);
    checkDepth(question.depth);
    checkFirst(question.first, MOST_PATHS);
    return this.live.read(async (reading) => {
      const { tx, walker } = reading;
      const selection = selectionOf(question);
      const [from, to] = [
        await this.store.start(tx, question.from, question.level, 'from'),
        await this.store.start(tx, question.to, question.level, 'to'),
      ];
      const { depth, first } = question;
      const { paths, truncated } = await walker.paths({ ...selection, from, to, depth, most: first });
      const ids = [...new Set(paths.flat())];
      const steps = new Set(paths.flatMap((path) => path.slice(1).map((node, place) => `${path[place]} ${node}`)));
      const edges = await this.store.edgesInto(tx, ids, ids, shownIn(selection));
      return {
        paths: paths.map((path) => path.map(String)),
        nodes: await this.store.nodes(ids, tx),
        edges: edges.filter((edge) => steps.has(`${edge.from} ${edge.to}`)),
        truncated,
        ...timesOf(question.asOf, reading.at),
      };
    });
  }
}

interface Walked {
  readonly reached: readonly Reached[];
  readonly frontier: readonly number[];
  readonly truncated: boolean;
  readonly coarse: readonly Pair[];
}

/** Walks in the directions of a question. */
async function walk(
  { walker }: GraphReading,
  question: LineageQuestion,
  from: readonly number[],
  { coarse }: { coarse: boolean } = { coarse: true },
): Promise<Walked> {
  const { directions, depth, level } = question;
  const selection = selectionOf(question);
  const maximumNodes = MOST_WALKED;
  const closures = await walker.closures(
    directions.map((direction) => ({ ...selection, from, direction, depth, maximumNodes })),
  );
  const pairs: Pair[] = [];
  if (coarse && level === 'column')
    for (const [place, direction] of directions.entries())
      pairs.push(...(await walker.coarse(closures[place]?.nodes ?? [], selection, direction)));
  return {
    reached: inOrder(closures.map((closure, place) => ({ closure, sign: signOf(directions[place]) }))),
    frontier: [...new Set(closures.flatMap(({ frontier }) => frontier))].slice(0, MOST_FRONTIER),
    truncated: closures.some(({ truncated }) => truncated),
    coarse: [...new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair])).values()].slice(0, MOST_COARSE),
  };
}

const signOf = (direction: Direction | undefined): 1 | -1 => (direction === 'upstream' ? -1 : 1);

export const timesOf = ({ validAt, recordedAt }: AsOf, now: Date): AnswerTimes => ({
  asOf: validAt ?? now,
  knownAt: recordedAt ?? now,
  freshAsOf: now,
});

const withDistance = (node: GraphNode | undefined, distance: number): AnsweredNode[] =>
  node ? [{ ...node, distance }] : [];

function bothNamed({ from, to }: Pair, names: ReadonlyMap<number, GraphNode>): CoarseEdge[] {
  const [source, target] = [names.get(from), names.get(to)];
  return source && target ? [{ from: source, to: target }] : [];
}

/** An answer is only as whole as what was understood: how many statements were not, at the sources in it. */
async function notUnderstoodIn({ tx }: GraphReading, nodes: readonly GraphNode[]): Promise<number> {
  const sources = [...new Set(nodes.flatMap(({ sourceId }) => sourceId ?? []))];
  const [found] = await rows<{ count: number }>(
    tx,
    `
    SELECT count(*)::int AS count
      FROM lineage.script
      JOIN lineage.statement ON statement.script_id = script.id
     WHERE script.source_id = ANY($1::uuid[]) AND statement.status IN ('partial', 'opaque', 'failed')
       AND statement.recorded_to = 'infinity' AND statement.valid_to = 'infinity'
    `,
    [sources],
  );
  return found?.count ?? 0;
}
