import { Injectable } from '@nestjs/common';
import { type EdgeKind, type Holding } from '#core/lineage-graph';
import { row, rows, type Tx } from '#platform/database';

import { EDGE_ORIGIN_OF, EDGE_ORIGINS, type ScriptOrigin } from '../script.entity.js';

/** What one transaction sees of the others, as PostgreSQL writes it. */
export type Snapshot = string;

/** What the edges became since a snapshot. */
export interface EdgeChanges {
  readonly snapshot: Snapshot;
  /** The database's clock when the present transaction began. */
  readonly at: Date;
  /** Null: anything may have happened. */
  readonly ids: { readonly added: Set<string>; readonly closed: Set<string> } | null;
}

/** An edge that has two ends. */
export interface EdgeRow {
  readonly id: string;
  readonly src: number;
  readonly dst: number;
  readonly holding: Holding;
}

/** Edges that are alike but for their ends. */
export interface EdgeLot {
  readonly holding: Holding;
  /** Source and target of each edge, four bytes each. */
  readonly pairs: Buffer;
}

interface HoldingRow {
  readonly kind: EdgeKind;
  readonly origin: ScriptOrigin | null;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly recorded_from: number;
  readonly recorded_to: number;
}

const MICROSECONDS = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::float8 AS ${column}`;
const TIMES = ['valid_from', 'valid_to', 'recorded_from', 'recorded_to'].map(MICROSECONDS).join(', ');

/** All that is needed of edges to keep them in memory. */
@Injectable()
export class EdgesStore {
  async snapshot(tx: Tx): Promise<{ snapshot: Snapshot; at: Date; pages: number }> {
    const found = await row<{ snapshot: Snapshot; at: Date; pages: number }>(
      tx,
      `
      SELECT pg_current_snapshot()::text AS snapshot, now() AS at,
             (pg_relation_size('lineage.edge') / current_setting('block_size')::int)::int AS pages
      `,
    );
    if (!found) throw new Error('The database does not tell its snapshot.');
    return found;
  }

  /** The edges in some pages of the table. */
  async lots(tx: Tx, fromPage: number, toPage: number): Promise<EdgeLot[]> {
    const found = await rows<HoldingRow & { pairs: Buffer }>(
      tx,
      `
      SELECT kind, origin, ${TIMES}, pairs
        FROM (
               SELECT edge.kind, script.origin, edge.valid_from, edge.valid_to, edge.recorded_from, edge.recorded_to,
                      string_agg(int4send(edge.src::int) || int4send(edge.dst::int), ''::bytea) AS pairs
                 FROM lineage.edge
                 LEFT JOIN lineage.script ON script.id = edge.script_id
                WHERE edge.src IS NOT NULL AND edge.ctid >= ('(' || $1::int || ',0)')::tid AND edge.ctid < ('(' || $2::int || ',0)')::tid
                GROUP BY edge.kind, script.origin, edge.valid_from, edge.valid_to, edge.recorded_from, edge.recorded_to
             ) AS lot
      `,
      [fromPage, toPage],
    );
    return found.map(({ pairs, ...holding }) => ({ pairs, holding: holdingOf(holding) }));
  }

  /** What transactions have done to the edges that the present one sees and an earlier snapshot does not. */
  async changesSince(tx: Tx, snapshot: Snapshot): Promise<EdgeChanges> {
    const found = await rows<{ snapshot: Snapshot; at: Date; told: boolean; added: string[]; closed: string[] }>(
      tx,
      `
      SELECT pg_current_snapshot()::text AS snapshot, now() AS at, edge_change.xid IS NOT NULL AS told, edge_change.added,
             edge_change.closed
        FROM (SELECT) AS one
        LEFT JOIN lineage.edge_change
          ON edge_change.xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(edge_change.xid, $1::pg_snapshot)
         AND edge_change.xid < pg_snapshot_xmax(pg_current_snapshot())
      `,
      [snapshot],
    );
    const [first] = found;
    if (!first) throw new Error('The database does not tell its snapshot.');
    const told = found.filter((one) => one.told);
    const isKnown = told.every(({ added, closed }) => (added as unknown) !== null || (closed as unknown) !== null);
    const all = (of: (one: (typeof told)[number]) => string[] | null) => new Set(told.flatMap((one) => of(one) ?? []));
    return {
      ...{ snapshot: first.snapshot, at: first.at },
      ids: isKnown ? { added: all(({ added }) => added), closed: all(({ closed }) => closed) } : null,
    };
  }

  async edges(tx: Tx, ids: readonly string[]): Promise<EdgeRow[]> {
    const found = await rows<HoldingRow & { id: string; src: string; dst: string }>(
      tx,
      `
      SELECT edge.id, edge.src, edge.dst, edge.kind, script.origin, ${TIMES.replaceAll('FROM ', 'FROM edge.')}
        FROM unnest($1::uuid[]) AS asked (id)
        JOIN lineage.edge USING (id)
        LEFT JOIN lineage.script ON script.id = edge.script_id
       WHERE edge.src IS NOT NULL
      `,
      [ids],
    );
    return found.map(({ id, src, dst, ...holding }) => ({
      ...{ id, src: Number(src), dst: Number(dst) },
      holding: holdingOf(holding),
    }));
  }
}

/** The number of an origin in {@link Holding}. */
export const originNumber = (origin: (typeof EDGE_ORIGINS)[number]): number => EDGE_ORIGINS.indexOf(origin);

const holdingOf = ({ kind, origin, valid_from, valid_to, recorded_from, recorded_to }: HoldingRow): Holding => ({
  kind,
  origin: origin === null ? -1 : originNumber(EDGE_ORIGIN_OF[origin]),
  validFrom: valid_from,
  validTo: valid_to,
  recordedFrom: recorded_from,
  recordedTo: recorded_to,
});
