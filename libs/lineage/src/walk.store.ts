import { Injectable } from '@nestjs/common';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type EdgeKind, KIND } from './planned-edge.js';

export type Direction = 'upstream' | 'downstream';

/** When the lineage was so, and when we held it to be so. Null: now. */
export interface AsOf {
  readonly validAt: Date | null;
  readonly recordedAt: Date | null;
}

export interface Walk {
  readonly from: readonly string[];
  readonly direction: Direction;
  readonly kinds: readonly EdgeKind[];
  /** Edges on the way, at most; null: as far as it goes. */
  readonly depth: number | null;
  readonly maximumNodes: number;
  readonly asOf: AsOf;
}

export interface Walked {
  /** Ids of nodes, near ones first, those it began from among them. */
  readonly ids: readonly string[];
  readonly truncated: boolean;
}

/** Condition on `edge` for a time; $1 and $2 are validAt and recordedAt where the time is not now. */
export function heldAt({ validAt, recordedAt }: AsOf, firstParam: number): { sql: string; params: (Date | null)[] } {
  if (validAt === null && recordedAt === null)
    return { sql: `edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'`, params: [] };
  const [valid, recorded] = [`$${firstParam}::timestamptz`, `$${firstParam + 1}::timestamptz`];
  return {
    sql: `
      edge.valid_from <= coalesce(${valid}, now()) AND edge.valid_to > coalesce(${valid}, now()) AND
      edge.recorded_from <= coalesce(${recorded}, 'infinity') AND
      (edge.recorded_to > ${recorded} OR (${recorded} IS NULL AND edge.recorded_to = 'infinity'))
    `,
    params: [validAt, recordedAt],
  };
}

/**
 * Finds what is reached from some nodes. The recursion carries the id alone: with a depth or a path beside it, UNION
 * would no longer know that it has been at a node, and would walk every path.
 */
@Injectable()
export class WalkStore {
  constructor(private readonly db: DataSource) {}

  walk(walk: Walk): Promise<Walked> {
    return walk.depth === null ? this.asFarAsItGoes(walk) : this.stepByStep(walk, walk.depth);
  }

  private async asFarAsItGoes({ from, direction, kinds, maximumNodes, asOf }: Walk): Promise<Walked> {
    const [here, there] = ends(direction);
    const held = heldAt(asOf, 4);
    const found = await rows<{ id: string }>(
      this.db,
      `
      WITH RECURSIVE reached (id) AS (
        SELECT unnest($1::bigint[])
         UNION
        SELECT edge.${there}
          FROM reached
          JOIN lineage.edge ON edge.${here} = reached.id
         WHERE edge.kind = ANY($2::smallint[]) AND ${held.sql}
      )
      SELECT id FROM reached LIMIT $3
      `,
      [from, kinds, maximumNodes + 1, ...held.params],
    );
    return { ids: found.slice(0, maximumNodes).map(({ id }) => id), truncated: found.length > maximumNodes };
  }

  /** A statement for each step. That a column is part of its dataset is no step. */
  private async stepByStep(walk: Walk, depth: number): Promise<Walked> {
    const reached = new Set(walk.from);
    let last: readonly string[] = walk.from;
    for (let step = 0; step < depth && last.length > 0; step++) {
      const next = (await this.step(last, walk)).filter((id) => !reached.has(id));
      for (const [at, id] of next.entries()) {
        if (reached.size >= walk.maximumNodes) return { ids: [...reached], truncated: at < next.length };
        reached.add(id);
      }
      last = next;
    }
    return { ids: [...reached], truncated: last.length > 0 && (await this.leadsOn([...reached], walk)) };
  }

  private async step(from: readonly string[], { direction, kinds, asOf }: Walk): Promise<string[]> {
    const [here, there] = ends(direction);
    const held = heldAt(asOf, 3);
    // Upstream, what decides about a table decides about the column before the step; downstream, about its columns after it.
    const withParts = (ids: string) =>
      kinds.includes(KIND.part)
        ? `
          UNION
          SELECT edge.${there} FROM ${ids} JOIN lineage.edge ON edge.${here} = ${ids}.id
           WHERE edge.kind = ${KIND.part} AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'
          `
        : '';
    const upstream = direction === 'upstream';
    const found = await rows<{ id: string }>(
      this.db,
      `
      WITH given AS (SELECT unnest($1::bigint[]) AS id),
      here AS (SELECT id FROM given ${upstream ? withParts('given') : ''}),
      reached AS (
        SELECT DISTINCT edge.${there} AS id
          FROM here
          JOIN lineage.edge ON edge.${here} = here.id
         WHERE edge.kind = ANY($2::smallint[]) AND edge.kind <> ${KIND.part} AND ${held.sql}
      )
      SELECT id FROM reached ${upstream ? 'UNION SELECT id FROM here' : withParts('reached')}
      `,
      [from, kinds, ...held.params],
    );
    return found.map(({ id }) => id);
  }

  private async leadsOn(ids: readonly string[], walk: Walk): Promise<boolean> {
    return (await this.frontier(ids, walk, 1)).length > 0;
  }

  /** Nodes of the answer from which it would go on. */
  async frontier(ids: readonly string[], { direction, kinds, asOf }: Walk, most: number): Promise<string[]> {
    const [here, there] = ends(direction);
    const held = heldAt(asOf, 4);
    const throughWhole =
      direction === 'upstream' && kinds.includes(KIND.part)
        ? `
          OR EXISTS (
               SELECT FROM lineage.edge AS part
                 JOIN lineage.edge ON edge.dst = part.src AND edge.kind = ${KIND.rows}
                WHERE part.dst = found.id AND part.kind = ${KIND.part} AND ${held.sql} AND NOT (edge.src = ANY($1::bigint[]))
             )
          `
        : '';
    const found = await rows<{ id: string }>(
      this.db,
      `
      WITH found AS MATERIALIZED (SELECT unnest($1::bigint[]) AS id)
      SELECT found.id
        FROM found
       WHERE EXISTS (
               SELECT FROM lineage.edge
                WHERE edge.${here} = found.id AND edge.kind = ANY($2::smallint[]) AND edge.kind <> ${KIND.part}
                  AND ${held.sql} AND NOT (edge.${there} = ANY($1::bigint[]))
             )
             ${throughWhole}
       LIMIT $3
      `,
      [ids, kinds, most, ...held.params],
    );
    return found.map(({ id }) => id);
  }

  /** The nodes of some datasets and fields; those that lineage never touched have none. */
  async nodesOf(
    datasetIds: readonly string[],
    fieldIds: readonly string[],
  ): Promise<{ id: string; datasetId: string | null; fieldId: string | null }[]> {
    return rows(
      this.db,
      `
      SELECT id, dataset_id AS "datasetId", field_id AS "fieldId"
        FROM lineage.node
       WHERE dataset_id = ANY($1::uuid[]) OR field_id = ANY($2::uuid[])
       ORDER BY id
      `,
      [datasetIds, fieldIds],
    );
  }

  async now(): Promise<Date> {
    const found = await row<{ at: Date }>(this.db, 'SELECT now() AS at');
    if (!found) throw new Error('The database does not tell the time.');
    return found.at;
  }
}

const ends = (direction: Direction): readonly [here: 'src' | 'dst', there: 'src' | 'dst'] =>
  direction === 'upstream' ? ['dst', 'src'] : ['src', 'dst'];
