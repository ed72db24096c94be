import { Injectable } from '@nestjs/common';
import { type Closure, KIND } from '#core/lineage-graph';
import { rows, type Tx } from '#platform/database';

import { type GraphNode, GraphStore } from './graph.store.js';
import { distancesIn } from './graph/answer-order.js';
import { type GraphReading, LiveGraph } from './graph/live-graph.js';
import { type Asset, checkDepth, checkFilter, type EdgeFilter, MOST_WALKED, selectionOf } from './graph/question.js';
import { type AnswerTimes, timesOf } from './lineage-graph.js';
import { PipelineReports, type ReportRow } from './pipeline-reports.js';

export interface ImpactQuestion extends Omit<EdgeFilter, 'level'> {
  readonly of: Asset;
  readonly depth: number | null;
}

/** A dataset that something has an effect on. */
export interface Affected {
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly namespace: string;
  readonly datasetId: string | null;
  readonly qualifiedName: string;
  readonly isJob: boolean;
  /** Who answers for it: as the dictionary says, else for its source. Empty when nobody has said so. */
  readonly owner: string;
  readonly domain: string;
  /** Steps from what was asked about to the nearest part of it. */
  readonly distance: number;
  /** All rows are affected: filtered, joined, sorted or grouped by it. */
  readonly rows: boolean;
  /** It is known only that something flows there, not into which columns. */
  readonly isCoarse: boolean;
  /** `direct`: the value itself comes from there. */
  readonly columns: readonly { readonly fieldId: string | null; readonly name: string; readonly direct: boolean }[];
}

export interface Impact extends AnswerTimes {
  /** Near ones first. */
  readonly affected: readonly Affected[];
  /** Reports that show something affected, or what was asked about itself; by name. */
  readonly reports: readonly ReportRow[];
  /** There is more than depth allows. */
  readonly truncated: boolean;
}

/** What depends on something: column by column and, where only that is known, dataset by dataset. */
@Injectable()
export class LineageImpact {
  constructor(
    private readonly live: LiveGraph,
    private readonly store: GraphStore,
    private readonly pipelines: PipelineReports,
  ) {}

  /** Everything downstream, dataset by dataset. @throws {NotFound} {@link InvalidInput} */
  async impact(question: ImpactQuestion): Promise<Impact> {
    checkFilter({ ...question, level: 'column' });
    checkDepth(question.depth);
    return this.live.read(async (reading) => {
      const from = await this.store.start(reading.tx, question.of, 'column');
      const { reached, direct, coarse, truncated } = await walk(reading, question, from);
      const ids = [...new Set([...reached.keys(), ...coarse.keys()])];
      const nodes = await this.store.nodes(ids, reading.tx);
      const datasets = [...new Set(nodes.flatMap(({ datasetId }) => datasetId ?? []))];
      const answerable = await ownersOf(reading.tx, datasets);
      const affected = byDataset(nodes, { reached, direct, coarse }).map((one) => ({
        ...one,
        ...(answerable.get(one.datasetId ?? '') ?? NOBODY),
      }));
      const reports = await this.pipelines.showing([...from, ...ids], question.asOf, reading.tx);
      return { affected, reports, truncated, ...timesOf(question.asOf, reading.at) };
    });
  }
}

interface Reach {
  /** Nodes with their distances. */
  readonly reached: ReadonlyMap<number, number>;
  /** Those whose values come from there. */
  readonly direct: ReadonlySet<number>;
  /** Datasets and jobs behind edges that are known only between datasets. */
  readonly coarse: ReadonlyMap<number, number>;
}

/**
 * By column as far as that is known. From a dataset behind an edge that is known only between datasets it goes on by
 * dataset: it may not be concerned, but nobody can say that it is not.
 */
async function walk(
  { walker }: GraphReading,
  { depth, ...filter }: ImpactQuestion,
  from: readonly number[],
): Promise<Reach & { truncated: boolean }> {
  const selection = selectionOf({ ...filter, level: 'column' });
  const down = { from, direction: 'downstream', depth, maximumNodes: MOST_WALKED } as const;
  const [all, direct] = await walker.closures([
    { ...selection, ...down },
    { ...selection, ...down, kinds: [KIND.direct] },
  ]);
  const reached = distances(all);
  const pairs = await walker.coarse([...reached.keys()], selection, 'downstream');
  const beyond = [...new Set(pairs.map(({ to }) => to))];
  const [further] =
    beyond.length === 0 ? [] : await walker.closures([{ ...selection, kinds: [KIND.dataset], ...down, from: beyond }]);
  // What it began from is among the reached.
  const coarse = new Map([...distances(further)].filter(([node]) => !reached.has(node)));
  for (const node of from) reached.delete(node);
  return {
    ...{ reached, coarse, direct: new Set(direct?.nodes) },
    truncated: (all?.truncated ?? false) || (further?.truncated ?? false),
  };
}

const distances = (closure: Closure | undefined): Map<number, number> =>
  new Map(closure && distancesIn(closure).map(({ node, distance }) => [node, distance]));

function byDataset(
  nodes: readonly GraphNode[],
  { reached, direct, coarse }: Reach,
): Omit<Affected, 'owner' | 'domain'>[] {
  const groups = Map.groupBy(nodes, ({ sourceId, namespace, qualifiedName, isJob }) =>
    JSON.stringify([sourceId, namespace, qualifiedName, isJob]),
  );
  return [...groups.values()]
    .flatMap((group): Omit<Affected, 'owner' | 'domain'>[] => {
      const [first] = group;
      if (!first) return [];
      const { sourceId, sourceName, namespace, datasetId, qualifiedName, isJob } = first;
      const ids = group.map(({ id }) => Number(id));
      const columns = group
        .filter(({ column }) => column !== null)
        .sort((a, b) => (a.ordinal ?? Infinity) - (b.ordinal ?? Infinity))
        .map(({ id, fieldId, column }) => ({ fieldId, name: column ?? '', direct: direct.has(Number(id)) }));
      return [
        {
          ...{ sourceId, sourceName, namespace, datasetId, qualifiedName, isJob, columns },
          distance: Math.min(...ids.map((id) => reached.get(id) ?? coarse.get(id) ?? Infinity)),
          rows: group.some(({ column, id }) => column === null && reached.has(Number(id))),
          isCoarse: ids.every((id) => !reached.has(id)),
        },
      ];
    })
    .sort(
      (a, b) =>
        a.distance - b.distance || compare(a.namespace, b.namespace) || compare(a.qualifiedName, b.qualifiedName),
    );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const NOBODY = { owner: '', domain: '' };

async function ownersOf(
  tx: Tx,
  datasetIds: readonly string[],
): Promise<Map<string, { owner: string; domain: string }>> {
  const found = await rows<{ id: string; owner: string; domain: string }>(
    tx,
    `
    SELECT dataset.id, coalesce(nullif(entry.owner, ''), source.owner) AS owner, source.domain
      FROM unnest($1::uuid[]) AS asked (id)
      JOIN dictionary.dataset USING (id)
      JOIN sources.source ON source.id = dataset.source_id
      LEFT JOIN dictionary.entry ON entry.dataset_id = dataset.id AND entry.field_id IS NULL
    `,
    [datasetIds],
  );
  return new Map(found.map(({ id, owner, domain }) => [id, { owner, domain }]));
}
