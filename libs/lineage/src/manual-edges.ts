import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type EdgeSubtype } from '#core/sql-lineage';
import { type Actor, InvalidInput, NotFound } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { digestOf } from './digest.js';
import { type Endpoint, keyOf, wholeOf } from './endpoint.js';
import { EdgeAlreadyThere, EdgeNotManual, EndsDoNotMatch } from './lineage.errors.js';
import { type EdgeTypeName } from './graph/question.js';
import { NamesStore } from './names.store.js';
import { edgeDigest, type EdgeKind, KIND, type PlannedEdge } from './planned-edge.js';
import { type Reading } from './reading.js';
import { ReadingStore } from './reading.store.js';
import { ScriptStore } from './script.store.js';

export interface EdgeEnd {
  readonly kind: 'dataset' | 'field';
  readonly id: string;
}

export interface ManualEdgeWish {
  readonly from: EdgeEnd;
  readonly to: EdgeEnd;
  readonly type: EdgeTypeName;
  readonly subtype: EdgeSubtype;
  /** Why somebody says so. */
  readonly note: string;
}

const SUBTYPES: Readonly<Record<EdgeTypeName, readonly EdgeSubtype[]>> = {
  DIRECT: ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION'],
  INDIRECT: ['JOIN', 'FILTER', 'GROUP_BY', 'SORT', 'WINDOW', 'CONDITIONAL'],
};

/** Lineage that no text tells: what an engineer knows. */
@Injectable()
export class ManualEdges {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly names: NamesStore,
    private readonly scripts: ScriptStore,
    private readonly readings: ReadingStore,
  ) {}

  /** Says that one thing feeds another, from now on. Gives the edge's id. @throws {EdgeAlreadyThere} {@link EndsDoNotMatch} */
  async add(actor: Actor, wish: ManualEdgeWish): Promise<string> {
    if (!SUBTYPES[wish.type].includes(wish.subtype))
      throw new InvalidInput(`A ${wish.type} edge is one of ${SUBTYPES[wish.type].join(', ')}.`, [], ['subtype']);
    const [from, to] = [await this.end(wish.from), await this.end(wish.to)];
    const kind = kindBetween(wish);
    const edge: PlannedEdge = {
      from,
      to,
      kind,
      ...(kind !== KIND.dataset && { subtype: wish.subtype }),
      ...(wish.note.trim() !== '' && { expression: wish.note.trim() }),
      author: actor.name,
    };
    return this.changes.make(actor, async (change) => {
      const scriptId = await this.scripts.manual(change.tx, await this.sourceOf(to), change.at);
      await this.readings.lock(change.tx, [scriptId]);
      const digest = edgeDigest({ ...edge, expression: undefined });
      const reading: Reading = { ...NOT_READ, scriptId, edges: [edge], since: change.at };
      const kept = await this.readings.keptEdges(change.tx, [scriptId]);
      if (kept.some((one) => one.digest === digest)) throw new EdgeAlreadyThere();
      const between = betweenDatasets(edge);
      const added = [
        { reading, digest, item: edge },
        ...(between && !kept.some((one) => one.digest === between.digest) ? [{ reading, ...between }] : []),
      ];
      await this.readings.writeEdges(change.tx, { added, gone: [] }, change.at);
      const id = (await this.readings.keptEdges(change.tx, [scriptId])).find((one) => one.digest === digest)?.id ?? '';
      await change.record('lineage.edge-added', { kind: 'edge', id, name: wish.type }, { ...wish });
      return id;
    });
  }

  /** The edge is true no longer. @throws {EdgeNotManual} {@link NotFound} */
  async remove(actor: Actor, edgeId: string): Promise<string> {
    return this.changes.make(actor, async (change) => {
      const edge = await row<{ scriptId: string; origin: string; from: string; to: string }>(
        change.tx,
        `
        SELECT script.id AS "scriptId", script.origin, source.key AS "from", target.key AS "to"
          FROM lineage.edge
          JOIN lineage.script ON script.id = edge.script_id
          LEFT JOIN lineage.node AS source ON source.id = edge.src
          JOIN lineage.node AS target ON target.id = edge.dst
         WHERE edge.id = $1 AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'
           FOR UPDATE OF edge
        `,
        [edgeId],
      );
      if (!edge) throw new NotFound('edge', edgeId);
      if (edge.origin !== 'manual') throw new EdgeNotManual(edgeId);
      const at = await this.readings.momentAfter(change.tx, [edge.scriptId], change.at);
      const ended = [edgeId, ...(await this.leftAlone(change.tx, edgeId))];
      await this.readings.writeEdges(change.tx, { added: [], gone: ended.map((id) => ({ id, endedAt: at })) }, at);
      await change.record(
        'lineage.edge-removed',
        { kind: 'edge', id: edgeId, name: 'manual' },
        { from: edge.from, to: edge.to },
      );
      return edgeId;
    });
  }

  /** The edge between the datasets of a manual edge between columns, where no other one between them needs it. */
  private async leftAlone(tx: Tx, edgeId: string): Promise<string[]> {
    const found = await rows<{ id: string; from: string; to: string; digest: string }>(
      tx,
      `
      SELECT whole.id, whole.digest, source_whole.key AS "from", target_whole.key AS "to"
        FROM lineage.edge
        JOIN lineage.node AS source ON source.id = edge.src
        JOIN lineage.node AS target ON target.id = edge.dst
        JOIN lineage.node AS source_whole ON source_whole.key = 'dataset ' || source.dataset_id
        JOIN lineage.node AS target_whole ON target_whole.key = 'dataset ' || target.dataset_id
        JOIN lineage.edge AS whole
          ON whole.script_id = edge.script_id AND whole.kind = ${KIND.dataset} AND whole.src = source_whole.id
         AND whole.dst = target_whole.id AND whole.recorded_to = 'infinity' AND whole.valid_to = 'infinity'
       WHERE edge.id = $1 AND edge.kind <> ${KIND.dataset}
         AND NOT EXISTS (
               SELECT
                 FROM lineage.edge AS other
                 JOIN lineage.node AS other_source ON other_source.id = other.src AND other_source.dataset_id = source.dataset_id
                 JOIN lineage.node AS other_target ON other_target.id = other.dst AND other_target.dataset_id = target.dataset_id
                WHERE other.script_id = edge.script_id AND other.id <> edge.id AND other.kind <> ${KIND.dataset}
                  AND other.recorded_to = 'infinity' AND other.valid_to = 'infinity'
             )
      `,
      [edgeId],
    );
    return found.filter(({ from, to, digest }) => digest === wholeDigest(from, to)).map(({ id }) => id);
  }

  private async end({ kind, id }: EdgeEnd): Promise<Endpoint> {
    const found = await this.names.endpoint(kind, id);
    if (!found) throw new NotFound(kind, id);
    return found;
  }

  private async sourceOf(end: Endpoint): Promise<string> {
    const found = await row<{ id: string }>(this.db, `SELECT source_id AS id FROM dictionary.dataset WHERE id = $1`, [
      'datasetId' in end ? end.datasetId : null,
    ]);
    if (!found) throw new NotFound('dataset', keyOf(end));
    return found.id;
  }
}

/** Apart from what a person says of two datasets themselves. */
const wholeDigest = (from: string, to: string): string => digestOf(['of columns', from, to]);

/** What feeds a column feeds its dataset: by dataset, too, the lineage is to be whole. */
function betweenDatasets({ from, to, kind, author }: PlannedEdge): { digest: string; item: PlannedEdge } | undefined {
  if (!from || kind === KIND.dataset) return undefined;
  const [source, target] = [wholeOf(from), wholeOf(to)];
  const item = { from: source, to: target, kind: KIND.dataset, ...(author !== undefined && { author }) };
  return { digest: wholeDigest(keyOf(source), keyOf(target)), item };
}

const NOT_READ = { versionId: '', digest: '', textChanged: false, statements: [] };

function kindBetween({ from, to, type }: ManualEdgeWish): EdgeKind {
  if (from.kind === 'dataset' && to.kind === 'dataset') return KIND.dataset;
  if (from.kind === 'field' && to.kind === 'field') return type === 'DIRECT' ? KIND.direct : KIND.indirect;
  if (from.kind === 'field' && type === 'INDIRECT') return KIND.rows;
  throw new EndsDoNotMatch();
}
