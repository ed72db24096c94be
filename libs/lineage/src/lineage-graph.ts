import { Injectable } from '@nestjs/common';
import { InvalidInput, NotFound } from '#kernel';

import { type ColumnOrigin, type GraphEdge, type GraphNode, GraphStore } from './graph.store.js';
import { NamesStore } from './names.store.js';
import { type EdgeKind, KIND } from './planned-edge.js';
import { type AsOf, type Direction, type Walk, WalkStore } from './walk.store.js';

export const EDGE_TYPES = ['DIRECT', 'INDIRECT'] as const;
export type EdgeTypeName = (typeof EDGE_TYPES)[number];

/** Whether lineage is asked for column by column or table by table. */
export const LEVELS = ['column', 'dataset'] as const;
export type Level = (typeof LEVELS)[number];

export interface LineageQuestion {
  readonly of: { readonly kind: 'dataset' | 'field'; readonly id: string };
  readonly directions: readonly Direction[];
  /** Null: as far as it goes. */
  readonly depth: number | null;
  readonly types: readonly EdgeTypeName[];
  readonly level: Level;
  readonly maximumNodes: number;
  readonly asOf: AsOf;
}

export interface LineageAnswer {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** There is more than was asked for. */
  readonly truncated: boolean;
  /** Nodes from which it goes on. */
  readonly frontier: readonly string[];
  readonly asOf: { readonly validAt: Date; readonly recordedAt: Date };
}

export interface Change {
  readonly change: 'added' | 'removed';
  readonly edge: GraphEdge;
}

export interface LineageChanges {
  readonly changes: readonly Change[];
  readonly nodes: readonly GraphNode[];
}

/** A dataset that something has an effect on. */
export interface Affected {
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly namespace: string;
  readonly datasetId: string | null;
  readonly qualifiedName: string;
  /** All rows are affected: filtered, joined, sorted or grouped by it. */
  readonly rows: boolean;
  /** `direct`: the value itself comes from there. */
  readonly columns: readonly { readonly fieldId: string | null; readonly name: string; readonly direct: boolean }[];
}

export interface Impact {
  readonly affected: readonly Affected[];
  readonly truncated: boolean;
}

export interface Coverage {
  readonly datasetId: string;
  readonly columns: number;
  /** Columns with at least one DIRECT origin. */
  readonly direct: number;
  /** Columns that are filled with a constant, a sequence or a count and have no DIRECT origin. */
  readonly generated: number;
  readonly origins: readonly ColumnOrigin[];
}

export const MOST_NODES = 20_000;
const MOST_FRONTIER = 500;

/** Answers what feeds something and what it feeds, now or as of another time. */
@Injectable()
export class LineageGraph {
  constructor(
    private readonly walks: WalkStore,
    private readonly graph: GraphStore,
    private readonly names: NamesStore,
  ) {}

  /** The part of the graph around a dataset or a field. Something that no lineage touches has none: the answer is empty. @throws {NotFound} */
  async around(question: LineageQuestion): Promise<LineageAnswer> {
    checkQuestion(question);
    const { directions, asOf, of, level } = question;
    const kinds = kindsOf(question);
    const from = await this.start(of, level);
    if (from.length === 0) await this.known(of);
    const ids = new Set<string>();
    const frontier = new Set<string>();
    let truncated = false;
    for (const direction of from.length === 0 ? [] : directions) {
      const walk = this.walkOf(question, kinds, from, direction);
      const walked = await this.walks.walk(walk);
      for (const id of walked.ids) ids.add(id);
      if (!walked.truncated) continue;
      truncated = true;
      for (const id of await this.walks.frontier(walked.ids, walk, MOST_FRONTIER)) frontier.add(id);
    }
    const found = [...ids];
    const nodes = found.length === 0 ? [] : await this.graph.nodes(found);
    const edges = found.length === 0 ? [] : await this.graph.edgesAmong(found, shownKinds(kinds), asOf);
    const now = await this.walks.now();
    return {
      nodes: withoutLoose(nodes, edges, from),
      edges,
      truncated,
      frontier: [...frontier],
      asOf: { validAt: asOf.validAt ?? now, recordedAt: asOf.recordedAt ?? now },
    };
  }

  /** What was added to and removed from the lineage of a dataset between two dates, as we know it (or knew it) by now. */
  async changes(datasetId: string, from: Date, to: Date, recordedAt: Date | null): Promise<LineageChanges> {
    const [before, after] = [
      await this.graph.edgesOfDataset(datasetId, { validAt: from, recordedAt }),
      await this.graph.edgesOfDataset(datasetId, { validAt: to, recordedAt }),
    ];
    const changes = [
      ...onlyIn(before, after).map((edge): Change => ({ change: 'removed', edge })),
      ...onlyIn(after, before).map((edge): Change => ({ change: 'added', edge })),
    ];
    if (changes.length === 0) await this.known({ kind: 'dataset', id: datasetId });
    const ids = new Set(changes.flatMap(({ edge }) => (edge.from === null ? [edge.to] : [edge.from, edge.to])));
    return { changes, nodes: ids.size === 0 ? [] : await this.graph.nodes([...ids]) };
  }

  /** Everything downstream, dataset by dataset. */
  async impact(question: Omit<LineageQuestion, 'directions' | 'level' | 'depth'>): Promise<Impact> {
    const whole: LineageQuestion = { ...question, directions: ['downstream'], level: 'column', depth: null };
    checkQuestion(whole);
    const from = await this.start(question.of, 'column');
    if (from.length === 0) {
      await this.known(question.of);
      return { affected: [], truncated: false };
    }
    const walked = await this.walks.walk(this.walkOf(whole, kindsOf(whole), from, 'downstream'));
    const direct = await this.walks.walk(this.walkOf(whole, [KIND.direct], from, 'downstream'));
    const own = new Set(from);
    const nodes = await this.graph.nodes(walked.ids.filter((id) => !own.has(id)));
    return { affected: byDataset(nodes, new Set(direct.ids)), truncated: walked.truncated };
  }

  /** How many columns of a dataset have a known origin. @throws {NotFound} */
  async coverageOf(datasetId: string): Promise<Coverage> {
    const coverage = (await this.coverage([datasetId])).get(datasetId);
    if (coverage && coverage.columns > 0) return coverage;
    await this.known({ kind: 'dataset', id: datasetId });
    return { datasetId, columns: 0, direct: 0, generated: 0, origins: [] };
  }

  /** How many columns of datasets have a known origin. */
  async coverage(datasetIds: readonly string[]): Promise<Map<string, Coverage>> {
    const origins = await this.graph.origins(datasetIds);
    return new Map(
      datasetIds.map((datasetId) => {
        const own = origins.filter((origin) => origin.datasetId === datasetId);
        const direct = own.filter((origin) => origin.direct > 0).length;
        const generated = own.filter((origin) => origin.direct === 0 && origin.generated !== null).length;
        return [datasetId, { datasetId, columns: own.length, direct, generated, origins: own }];
      }),
    );
  }

  /** No lineage is an answer about something that there is, only. */
  private async known({ kind, id }: LineageQuestion['of']): Promise<void> {
    if (!(await this.names.endpoint(kind, id))) throw new NotFound(kind, id);
  }

  private async start(of: LineageQuestion['of'], level: Level): Promise<string[]> {
    const found = of.kind === 'dataset' ? await this.walks.nodesOf([of.id], []) : await this.walks.nodesOf([], [of.id]);
    if (of.kind === 'field') return found.map(({ id }) => id);
    return found.filter(({ fieldId }) => level === 'column' || fieldId === null).map(({ id }) => id);
  }

  private walkOf(
    { directions, depth, maximumNodes, asOf }: LineageQuestion,
    kinds: readonly EdgeKind[],
    from: readonly string[],
    direction: Direction,
  ): Walk {
    return { from, direction, kinds, depth, maximumNodes: Math.ceil(maximumNodes / directions.length), asOf };
  }
}

function kindsOf({ level, types }: LineageQuestion): EdgeKind[] {
  if (level === 'dataset') return [KIND.dataset];
  const direct = types.includes('DIRECT') ? [KIND.direct] : [];
  return types.includes('INDIRECT') ? [...direct, KIND.indirect, KIND.rows, KIND.part] : direct;
}

/** A column that is also filled with a constant shows it. */
const shownKinds = (kinds: readonly EdgeKind[]): EdgeKind[] =>
  kinds.includes(KIND.direct) ? [...kinds, KIND.generated] : [...kinds];

function checkQuestion({ depth, maximumNodes, types, level, of }: LineageQuestion): void {
  if (depth !== null && (!Number.isInteger(depth) || depth < 1))
    throw new InvalidInput(`"depth" is ${depth}, but must be a whole number from 1, or be left out.`, [], ['depth']);
  if (!Number.isInteger(maximumNodes) || maximumNodes < 1 || maximumNodes > MOST_NODES)
    throw new InvalidInput(`"maximumNodes" must be a whole number from 1 to ${MOST_NODES}.`, [], ['maximumNodes']);
  if (types.length === 0) throw new InvalidInput('Name at least one type of edge.', [], ['types']);
  if (level === 'dataset' && of.kind === 'field')
    throw new InvalidInput('Table by table, lineage is asked of a dataset, not of a column.', [], ['level']);
}

/** A dataset that a walk only passed through, to reach the edges that decide about its rows, is left out when it has none. */
function withoutLoose(nodes: readonly GraphNode[], edges: readonly GraphEdge[], from: readonly string[]): GraphNode[] {
  const touched = new Set([
    ...from,
    ...edges.flatMap((edge) => (edge.from === null ? [edge.to] : [edge.from, edge.to])),
  ]);
  return nodes.filter(({ id, column }) => column !== null || touched.has(id));
}

/** Edges that say the same: by whom does not count. */
function onlyIn(edges: readonly GraphEdge[], others: readonly GraphEdge[]): GraphEdge[] {
  const key = ({ from, to, kind, subtype }: GraphEdge) => `${from} ${to} ${kind} ${subtype}`;
  const known = new Set(others.map(key));
  return [...new Map(edges.filter((edge) => !known.has(key(edge))).map((edge) => [key(edge), edge])).values()];
}

function byDataset(nodes: readonly GraphNode[], direct: ReadonlySet<string>): Affected[] {
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const key = JSON.stringify([node.sourceName ?? '', node.namespace, node.qualifiedName]);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]): Affected[] => {
      const [first] = group;
      if (!first) return [];
      const { sourceId, sourceName, namespace, datasetId, qualifiedName } = first;
      const columns = group
        .filter(({ column }) => column !== null)
        .sort((a, b) => (a.ordinal ?? Infinity) - (b.ordinal ?? Infinity))
        .map(({ id, fieldId, column }) => ({ fieldId, name: column ?? '', direct: direct.has(id) }));
      const rows = group.some(({ column }) => column === null);
      return [{ sourceId, sourceName, namespace, datasetId, qualifiedName, rows, columns }];
    });
}
