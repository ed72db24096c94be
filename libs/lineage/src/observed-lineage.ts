import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '#platform/database';

import { type Endpoint, keyOf } from './endpoint.js';
import { columnIn } from './named-datasets.js';
import { fullName, NamesStore } from './names.store.js';
import { type EdgeKind } from './planned-edge.js';
import { ReadingStore } from './reading.store.js';

/** An edge for a time, as a run showed it or a design states it. */
export interface ObservedRow {
  readonly scriptId: string;
  /** Of what was said: it stays the same when the catalog learns which dataset was meant. */
  readonly digest: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly kind: EdgeKind;
  readonly subtype: string | null;
  readonly expression: string | null;
  /** Whether the value is hidden on the way; null when nobody says. */
  readonly masking: boolean | null;
  readonly validFrom: Date;
  /** Null: still so. */
  readonly validTo: Date | null;
}

export interface HeldRow {
  readonly id: string;
  readonly scriptId: string;
  readonly digest: string;
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

/** A dataset under one name, and what it is now known to be. */
export interface Rehomed {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** The edges of scripts that no text tells: of jobs that send events. When they hold is decided by who calls. */
@Injectable()
export class ObservedLineage {
  constructor(
    private readonly names: NamesStore,
    private readonly readings: ReadingStore,
  ) {}

  /** Makes scripts; gives their ids in order. */
  async addScripts(
    tx: Tx,
    scripts: readonly { readonly origin: 'declared' | 'observed'; readonly name: string }[],
    at: Date,
  ): Promise<string[]> {
    if (scripts.length === 0) return [];
    const made = await rows<{ id: string; place: number }>(
      tx,
      `
      WITH new AS (
        SELECT uuidv7() AS id, origin, name, place::int
          FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (origin, name, place)
      ), made AS (
        INSERT INTO lineage.script (id, origin, name, created_at) SELECT id, origin, name, $3 FROM new
      )
      SELECT id, place FROM new ORDER BY place
      `,
      [scripts.map(({ origin }) => origin), scripts.map(({ name }) => name), at],
    );
    return made.map(({ id }) => id);
  }

  /** The datasets that the catalog has under full names, by {@link fullName}. */
  known(names: readonly { readonly namespace: string; readonly name: string }[]): Promise<Map<string, string>> {
    return names.length === 0 ? Promise.resolve(new Map<string, string>()) : this.names.byFullName(names);
  }

  readonly fullName = fullName;

  /** Endpoints for columns of datasets that the catalog has. */
  async columnsOf(datasetIds: readonly string[]): Promise<(datasetId: string, column: string) => Endpoint> {
    const fields = datasetIds.length === 0 ? [] : await this.names.fields(datasetIds);
    const byDataset = Map.groupBy(fields, ({ datasetId }) => datasetId);
    return (datasetId, column) => columnIn(byDataset.get(datasetId) ?? [], datasetId, column);
  }

  /** What is held of some edges of some scripts, of any time. */
  held(tx: Tx, edges: readonly { readonly scriptId: string; readonly digest: string }[]): Promise<HeldRow[]> {
    const held = (validTo: string) => `
      SELECT edge.id, edge.script_id AS "scriptId", edge.digest, edge.valid_from AS "validFrom",
             nullif(edge.valid_to, 'infinity') AS "validTo"
        FROM unnest($1::uuid[], $2::uuid[]) AS asked (script_id, digest)
        JOIN lineage.edge ON edge.script_id = asked.script_id AND edge.digest = asked.digest
       WHERE edge.recorded_to = 'infinity' AND edge.valid_to ${validTo} 'infinity'
    `;
    return rows<HeldRow>(tx, `${held('=')} UNION ALL ${held('<')}`, [
      edges.map(({ scriptId }) => scriptId),
      edges.map(({ digest }) => digest),
    ]);
  }

  async close(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(`UPDATE lineage.edge SET recorded_to = greatest(recorded_from, $2) WHERE id = ANY($1::uuid[])`, [
      ids,
      at,
    ]);
  }

  async add(tx: Tx, added: readonly ObservedRow[], at: Date): Promise<void> {
    if (added.length === 0) return;
    await this.readings.addNodes(
      tx,
      added.flatMap(({ from, to }) => [from, to]),
    );
    await tx.query(
      `
      INSERT INTO lineage.edge (src, dst, kind, subtype, script_id, expression, digest, masking, valid_from, valid_to,
                                recorded_from)
      SELECT source.id, target.id, new.kind, new.subtype, new.script_id, new.expression, new.digest, new.masking,
             new.valid_from, coalesce(new.valid_to, 'infinity'), $11::timestamptz
        FROM unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::uuid[], $6::text[], $7::uuid[],
                    $8::boolean[], $9::timestamptz[], $10::timestamptz[])
          AS new (from_key, to_key, kind, subtype, script_id, expression, digest, masking, valid_from, valid_to)
        JOIN lineage.node AS source ON source.key = new.from_key
        JOIN lineage.node AS target ON target.key = new.to_key
      `,
      [
        added.map(({ from }) => keyOf(from)),
        added.map(({ to }) => keyOf(to)),
        added.map(({ kind }) => kind),
        added.map(({ subtype }) => subtype),
        added.map(({ scriptId }) => scriptId),
        added.map(({ expression }) => expression),
        added.map(({ digest }) => digest),
        added.map(({ masking }) => masking),
        added.map(({ validFrom }) => validFrom),
        added.map(({ validTo }) => validTo),
        at,
      ],
    );
  }

  /** Scripts without text that have an edge, of any time, at a dataset or a column of it. */
  async scriptsAt(tx: Tx, datasets: readonly Endpoint[]): Promise<string[]> {
    if (datasets.length === 0) return [];
    const found = await rows<{ id: string }>(
      tx,
      `
      WITH node AS MATERIALIZED (${NODES_OF})
      SELECT DISTINCT edge.script_id AS id
        FROM node
        JOIN lineage.edge ON (edge.src = node.id OR edge.dst = node.id) AND edge.recorded_to = 'infinity'
        JOIN lineage.script ON script.id = edge.script_id AND script.origin IN ('declared', 'observed')
      `,
      nodesOf(datasets),
    );
    return found.map(({ id }) => id);
  }

  /** Datasets turn out to be others: the edges of scripts without text go there, as we hold it from now on. */
  async rehome(tx: Tx, moves: readonly Rehomed[], at: Date): Promise<void> {
    for (const { from, to } of moves) await this.rehomeOne(tx, from, to, at);
  }

  private async rehomeOne(tx: Tx, from: Endpoint, to: Endpoint, at: Date): Promise<void> {
    const nodes = await rows<{ id: string; column: string | null }>(
      tx,
      `
      SELECT node.id, coalesce(field.name, node.column_name) AS column
        FROM lineage.node
        LEFT JOIN dictionary.field ON field.id = node.field_id
       WHERE node.id IN (SELECT id FROM (${NODES_OF}) AS found)
      `,
      nodesOf([from]),
    );
    if (nodes.length === 0) return;
    const columns = to.kind === 'dataset' ? await this.columnsOf([to.datasetId]) : undefined;
    await this.moveNodes(
      tx,
      nodes.map(({ id, column }) => ({ id, to: column === null ? to : columnAt(to, column, columns) })),
      at,
    );
  }

  /**
   * Columns that a dataset of the catalog did not have when they were named, and has since a harvest: the edges of scripts without
   * text go there, as we hold it from now on. Gives how many were found.
   */
  async resolveColumns(tx: Tx, at: Date): Promise<number> {
    const found = await rows<{ id: string; datasetId: string; fieldId: string }>(
      tx,
      `
      SELECT node.id, node.dataset_id AS "datasetId", field.id AS "fieldId"
        FROM lineage.node
        JOIN dictionary.field ON field.dataset_id = node.dataset_id AND field.name = node.column_name
       WHERE node.field_id IS NULL AND num_nonnulls(node.namespace, node.column_name) > 0 AND node.dataset_id IS NOT NULL
         AND EXISTS (SELECT
                       FROM lineage.edge
                       JOIN lineage.script ON script.id = edge.script_id AND script.origin IN ('declared', 'observed')
                      WHERE (edge.src = node.id OR edge.dst = node.id) AND edge.recorded_to = 'infinity')
       ORDER BY node.id
      `,
    );
    const moved = found.map(({ id, ...field }) => ({ id, to: { kind: 'field', ...field } as const }));
    if (moved.length > 0) await this.moveNodes(tx, moved, at);
    return moved.length;
  }

  private async moveNodes(
    tx: Tx,
    moved: readonly { readonly id: string; readonly to: Endpoint }[],
    at: Date,
  ): Promise<void> {
    await this.readings.addNodes(
      tx,
      moved.map((one) => one.to),
    );
    const closed = await rows<{ id: string }>(
      tx,
      `
      WITH closed AS (
        UPDATE lineage.edge
           SET recorded_to = greatest(edge.recorded_from, $2)
          FROM lineage.script
         WHERE script.id = edge.script_id AND script.origin IN ('declared', 'observed') AND edge.recorded_to = 'infinity'
           AND (edge.src = ANY($1::bigint[]) OR edge.dst = ANY($1::bigint[]))
        RETURNING edge.id
      )
      SELECT id FROM closed
      `,
      [moved.map(({ id }) => id), at],
    );
    await tx.query(
      `
      WITH moved AS (
        SELECT given.id, node.id AS new_id
          FROM unnest($2::bigint[], $3::text[]) AS given (id, key)
          JOIN lineage.node ON node.key = given.key
      )
      INSERT INTO lineage.edge (src, dst, kind, subtype, confidence, script_id, statement, expression, digest, masking,
                                valid_from, valid_to, recorded_from)
      SELECT coalesce(source.new_id, edge.src), coalesce(target.new_id, edge.dst), edge.kind, edge.subtype,
             edge.confidence, edge.script_id, edge.statement, edge.expression, edge.digest, edge.masking,
             edge.valid_from, edge.valid_to, edge.recorded_to
        FROM lineage.edge
        LEFT JOIN moved AS source ON source.id = edge.src
        LEFT JOIN moved AS target ON target.id = edge.dst
       WHERE edge.id = ANY($1::uuid[])
      `,
      [closed.map(({ id }) => id), moved.map(({ id }) => id), moved.map((one) => keyOf(one.to))],
    );
  }
}

const NODES_OF = `
  SELECT node.id
    FROM lineage.node
    JOIN unnest($1::uuid[]) AS dataset (id) ON node.dataset_id = dataset.id
   UNION ALL
  SELECT node.id
    FROM unnest($2::text[], $3::text[]) AS named (namespace, name)
    JOIN lineage.node
      ON node.namespace = named.namespace AND md5(node.dataset_name) = md5(named.name)
     AND node.dataset_name = named.name AND NOT node.is_job
`;

function nodesOf(datasets: readonly Endpoint[]): unknown[] {
  const unknown = datasets.filter((end) => end.kind === 'unknown');
  return [
    datasets.flatMap((end) => ('datasetId' in end ? [end.datasetId] : [])),
    unknown.map(({ namespace }) => namespace),
    unknown.map(({ dataset }) => dataset),
  ];
}

function columnAt(
  whole: Endpoint,
  column: string,
  columns: ((datasetId: string, column: string) => Endpoint) | undefined,
): Endpoint {
  if (whole.kind === 'unknown') return { ...whole, column };
  return whole.kind === 'dataset' && columns ? columns(whole.datasetId, column) : whole;
}
