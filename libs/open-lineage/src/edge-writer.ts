import { Injectable } from '@nestjs/common';
import { type Interval, withinWindow } from '#core/openlineage';
import { ObservedLineage, type ObservedRow } from '#lineage';
import { rows, type Tx } from '#platform/database';

import { type FlowEdge } from './flows.js';
import { type NamesInBatch, NamesOfDatasets } from './names.store.js';

/** When an edge of a script held, within some span. */
export interface ToldEdge {
  readonly scriptId: string;
  readonly digest: string;
  readonly said: readonly Interval[];
}

/** Makes the graph's rows say what timelines say. */
@Injectable()
export class EdgeWriter {
  constructor(
    private readonly names: NamesOfDatasets,
    private readonly lineage: ObservedLineage,
  ) {}

  /** Takes all edges of scripts back, to be worked out again: their ends may be others now. */
  async closeAll(tx: Tx, scriptIds: readonly string[], at: Date): Promise<void> {
    const held = await rows<{ id: string }>(
      tx,
      `SELECT id FROM lineage.edge WHERE script_id = ANY($1::uuid[]) AND recorded_to = 'infinity'`,
      [scriptIds],
    );
    await this.lineage.close(
      tx,
      held.map(({ id }) => id),
      at,
    );
  }

  /** Makes the rows of edges say what the timeline says, within the span; rows that say so already stay. */
  async reconcile(
    tx: Tx,
    changed: readonly ToldEdge[],
    span: (scriptId: string) => Interval,
    edges: ReadonlyMap<string, FlowEdge>,
    names: NamesInBatch,
    at: Date,
  ): Promise<void> {
    if (changed.length === 0) return;
    const held = Map.groupBy(await this.lineage.held(tx, changed), ({ scriptId, digest }) => `${scriptId} ${digest}`);
    const gone: string[] = [];
    const added: { scriptId: string; edge: FlowEdge; interval: Interval }[] = [];
    for (const { scriptId, digest, said } of changed) {
      const kept = held.get(`${scriptId} ${digest}`) ?? [];
      const byInterval = new Map(kept.map((row) => [intervalKey(intervalOf(row)), row]));
      const wanted = withinWindow(kept.map(intervalOf), said, span(scriptId));
      const edge = edges.get(digest);
      for (const interval of wanted)
        if (!byInterval.delete(intervalKey(interval)) && edge) added.push({ scriptId, edge, interval });
      gone.push(...[...byInterval.values()].map(({ id }) => id));
    }
    await this.lineage.close(tx, gone, at);
    const ends = added.flatMap(({ edge: { link } }) => [link.from, link.to]);
    await this.names.more(
      tx,
      names,
      ends.filter((end) => !end.job),
    );
    const datasets = ends.flatMap((end) => {
      const endpoint = names.endpoint(end);
      return endpoint.kind === 'dataset' && end.field !== undefined ? [endpoint.datasetId] : [];
    });
    const column = await this.lineage.columnsOf([...new Set(datasets)]);
    const endpoint = (end: FlowEdge['link']['from']) => {
      const whole = names.endpoint(end);
      if (end.field === undefined) return whole;
      if (whole.kind === 'dataset') return column(whole.datasetId, end.field);
      return whole.kind === 'unknown' ? { ...whole, column: end.field } : whole;
    };
    await this.lineage.add(
      tx,
      added.map(({ scriptId, edge, interval }): ObservedRow => ({
        ...{ scriptId, digest: edge.digest, from: endpoint(edge.link.from), to: endpoint(edge.link.to) },
        ...{ kind: edge.kind, subtype: edge.kind === 4 ? null : (edge.link.subtype ?? null) },
        masking: edge.link.masking ?? null,
        expression: edge.link.description ?? null,
        validFrom: new Date(interval.from),
        validTo: interval.to === Infinity ? null : new Date(interval.to),
      })),
      at,
    );
  }
}

const intervalOf = ({ validFrom, validTo }: { validFrom: Date; validTo: Date | null }): Interval => ({
  from: validFrom.getTime(),
  to: validTo?.getTime() ?? Infinity,
});
export const intervalKey = ({ from, to }: Interval): string => `${from} ${to}`;
