import { Injectable } from '@nestjs/common';
import { NotFound } from '#kernel';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Asset, type Level } from './graph/question.js';
import { heldAt, knownFrom } from './graph/sql-walker.js';
import { type Selection } from './graph/walker.js';
import { type EdgeKind, KIND } from './planned-edge.js';
import { type ScriptOrigin } from './script.entity.js';

/** A node of an answer, with its names. */
export interface GraphNode {
  readonly id: string;
  /** Null when no harvested source has it. */
  readonly datasetId: string | null;
  readonly fieldId: string | null;
  readonly sourceId: string | null;
  readonly sourceName: string | null;
  readonly namespace: string;
  /** Name in the namespace, for instance risk.dwd.loan. */
  readonly qualifiedName: string;
  readonly datasetName: string;
  /** Null for a dataset. */
  readonly column: string | null;
  readonly ordinal: number | null;
  /** A job of a producer of events, where no more is known than what goes into it and what comes out. */
  readonly isJob: boolean;
}

export interface GraphEdge {
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly subtype: string | null;
  readonly confidence: string | null;
  readonly expression: string | null;
  readonly masking: boolean | null;
  /** Who says so, of a manual edge. */
  readonly author: string | null;
  readonly origin: ScriptOrigin;
  readonly scriptId: string;
  readonly scriptName: string;
  /** Digest of the statement's text. */
  readonly statement: string | null;
  /** Milliseconds since 1970, as of `recordedFrom`: an answer has thousands of edges, of which few are asked for their times. */
  readonly validFrom: number;
  readonly recordedFrom: number;
}

/** What can be told of an edge beside its ends and its kind. Of thousands, what nobody asks for is not fetched. */
export const EDGE_DETAILS = ['id', 'how', 'script', 'statement', 'times'] as const;
export type EdgeDetail = (typeof EDGE_DETAILS)[number];
export const ALL_DETAILS: ReadonlySet<EdgeDetail> = new Set(EDGE_DETAILS);

/** The columns of an edge in an answer, each with the detail that it belongs to; those of all answers with none. */
const EDGE_COLUMNS: readonly (readonly [column: string, detail: EdgeDetail | null])[] = [
  ['edge.src', null],
  ['edge.dst', null],
  ['edge.kind', null],
  ['edge.id', 'id'],
  ['edge.subtype', 'how'],
  ['edge.confidence', 'how'],
  ['edge.expression', 'how'],
  ['edge.masking', 'how'],
  ['edge.author', 'how'],
  ['edge.script_id', 'script'],
  ['edge.statement', 'statement'],
  ['extract(epoch FROM edge.valid_from)::float8 * 1000', 'times'],
  ['extract(epoch FROM edge.recorded_from)::float8 * 1000', 'times'],
];

type NodeCells = readonly [
  id: number,
  datasetId: string | null,
  fieldId: string | null,
  sourceId: string | null,
  sourceName: string | null,
  namespace: string,
  qualifiedName: string,
  datasetName: string,
  column: string | null,
  ordinal: number | null,
  isJob: boolean,
];

type EdgeCells = readonly [
  from: number | null,
  to: number,
  kind: EdgeKind,
  id: string | null,
  subtype: string | null,
  confidence: string | null,
  expression: string | null,
  masking: boolean | null,
  author: string | null,
  scriptId: string | null,
  statement: string | null,
  validFrom: number | null,
  recordedFrom: number | null,
];

/** By target, source, kind and id: the same in each answer. */
const inOrder = (a: EdgeCells, b: EdgeCells): number =>
  a[1] - b[1] || (a[0] ?? -1) - (b[0] ?? -1) || a[2] - b[2] || ((a[3] ?? '') < (b[3] ?? '') ? -1 : 1);

/** How something is called that no harvested source has. */
export interface NodeName {
  readonly name: string;
  /** Null: any. */
  readonly namespace: string | null;
  /** Null: the dataset or the job itself. */
  readonly column: string | null;
}

export const MOST_NAMED = 100;

/** `whole`: the node of the dataset; `node`: that of the column. Either is null when lineage never touched it. */
const ASSETS: Readonly<Record<Asset['kind'], string>> = {
  dataset: `
    SELECT false AS is_column, null::bigint AS node,
           (SELECT id FROM lineage.node WHERE key = 'dataset ' || dataset.id) AS whole
      FROM dictionary.dataset WHERE dataset.id = $1
  `,
  field: `
    SELECT true AS is_column, (SELECT id FROM lineage.node WHERE field_id = field.id) AS node,
           (SELECT id FROM lineage.node WHERE key = 'dataset ' || field.dataset_id) AS whole
      FROM dictionary.field WHERE field.id = $1
  `,
  node: `
    SELECT (field_id IS NOT NULL OR column_name IS NOT NULL) AS is_column, node.id AS node,
           coalesce((SELECT part.src FROM lineage.edge AS part WHERE part.dst = node.id AND part.kind = ${KIND.part} LIMIT 1), node.id) AS whole
      FROM lineage.node WHERE node.id = $1
  `,
};

/** Facts of nodes and edges, many at a time. */
@Injectable()
export class GraphStore {
  constructor(private readonly db: DataSource) {}

  /** Nodes with their names, in the order asked for. */
  async nodes(ids: readonly (number | string)[], on: DataSource | Tx = this.db): Promise<GraphNode[]> {
    if (ids.length === 0) return [];
    const [found] = await rows<{ nodes: NodeCells[] | null }>(
      on,
      `
      SELECT json_agg(json_build_array(
               node.id, node.dataset_id, node.field_id, source.id, source.name, coalesce(source.namespace, node.namespace),
               coalesce(dataset.qualified_name, node.dataset_name), coalesce(dataset.name, node.dataset_name),
               coalesce(field.name, node.column_name), version.ordinal, node.is_job) ORDER BY asked.place) AS nodes
        FROM unnest($1::bigint[]) WITH ORDINALITY AS asked (id, place)
        JOIN lineage.node ON node.id = asked.id
        LEFT JOIN dictionary.dataset ON dataset.id = node.dataset_id
        LEFT JOIN dictionary.field ON field.id = node.field_id
        LEFT JOIN dictionary.field_version AS version
          ON version.field_id = node.field_id AND version.version_id = dataset.current_version_id
        LEFT JOIN sources.source ON source.id = dataset.source_id
      `,
      [ids],
    );
    return (found?.nodes ?? []).map(
      ([
        id,
        datasetId,
        fieldId,
        sourceId,
        sourceName,
        namespace,
        qualifiedName,
        datasetName,
        column,
        ordinal,
        isJob,
      ]) => ({
        id: String(id),
        datasetId,
        fieldId,
        sourceId,
        sourceName,
        namespace,
        qualifiedName,
        datasetName,
        column,
        ordinal,
        isJob,
      }),
    );
  }

  /** Datasets, columns and jobs that no harvested source has, by their exact names; at most {@link MOST_NAMED}. */
  async named({ name, namespace, column }: NodeName): Promise<GraphNode[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `
      SELECT id
        FROM lineage.node
       WHERE namespace IS NOT NULL AND md5(dataset_name) = md5($1) AND dataset_name = $1
         AND ($2::text IS NULL OR namespace = $2) AND column_name IS NOT DISTINCT FROM $3
       ORDER BY namespace, id
       LIMIT ${MOST_NAMED}
      `,
      [name, namespace, column],
    );
    return this.nodes(found.map(({ id }) => Number(id)));
  }

  /**
   * What a question about something begins from; nothing when no lineage ever touched it. By dataset, a column stands for its
   * dataset; by column, a dataset for all its columns.
   *
   * @param argument of the question, to be named when there is no such thing.
   * @throws {NotFound}
   */
  async start(tx: Tx, { kind, id }: Asset, level: Level, argument = 'of'): Promise<number[]> {
    const found = await rows<{ node: string | null }>(
      tx,
      `
      WITH asset AS (
        ${ASSETS[kind]}
      )
      SELECT CASE WHEN is_column AND ${level === 'column'} THEN node ELSE whole END AS node FROM asset
       UNION ALL
      SELECT part.dst
        FROM asset
        JOIN lineage.edge AS part
          ON part.src = asset.whole AND part.kind = ${KIND.part} AND part.recorded_to = 'infinity' AND part.valid_to = 'infinity'
       WHERE NOT is_column AND ${level === 'column'}
      `,
      [id],
    );
    if (found.length === 0) throw new NotFound(kind, id, [argument]);
    return found.flatMap(({ node }) => (node === null ? [] : [Number(node)]));
  }

  /** Edges from or to `page` whose other end is in it or in `earlier`, and those that come from nowhere. */
  async edgesOfPage(
    tx: Tx,
    page: readonly number[],
    earlier: readonly number[],
    selection: Selection,
    details = ALL_DETAILS,
  ): Promise<GraphEdge[]> {
    const back =
      earlier.length === 0
        ? []
        : await this.edges(
            tx,
            'edge.src = own.id AND edge.dst IN (SELECT unnest($2::bigint[]))',
            page,
            earlier,
            selection,
            details,
          );
    return [...(await this.edgesInto(tx, page, [...page, ...earlier], selection, details)), ...back];
  }

  /** The edges into some nodes, from any of some others or from nowhere. */
  edgesInto(
    tx: Tx,
    into: readonly number[],
    from: readonly number[],
    selection: Selection,
    details = ALL_DETAILS,
  ): Promise<GraphEdge[]> {
    return this.edges(
      tx,
      'edge.dst = own.id AND (edge.src IS NULL OR edge.src IN (SELECT unnest($2::bigint[])))',
      into,
      from,
      selection,
      details,
    );
  }

  private async edges(
    tx: Tx,
    between: string,
    own: readonly number[],
    others: readonly number[],
    { kinds, origins, asOf }: Selection,
    details: ReadonlySet<EdgeDetail>,
  ): Promise<GraphEdge[]> {
    if (own.length === 0) return [];
    // A place for each column, whatever is asked for; thousands of rows come as one value, which is read twice as fast.
    const cells = EDGE_COLUMNS.map(([column, detail]) => (detail === null || details.has(detail) ? column : 'NULL'));
    const held = heldAt(asOf, 4);
    const [found] = await rows<{ edges: EdgeCells[] | null }>(
      tx,
      `
      SELECT json_agg(edge.cells) AS edges
        FROM unnest($1::bigint[]) AS own (id)
       CROSS JOIN LATERAL (
              -- OFFSET keeps the planner from reading all edges and joining them: each node's own are looked up.
              SELECT json_build_array(${cells.join(', ')}) AS cells
                FROM lineage.edge
               WHERE ${between} AND edge.kind = ANY($3::smallint[]) AND ${held.sql} ${knownFrom(origins)}
              OFFSET 0
            ) AS edge
      `,
      [own, others, kinds, ...held.params],
    );
    const edges = (found?.edges ?? []).sort(inOrder);
    const scripts = await this.scriptsOf(tx, edges);
    return edges.map(
      ([from, to, kind, id, subtype, confidence, expression, masking, author, scriptId, statement, since, known]) => {
        const script = scripts.get(scriptId ?? '');
        return {
          id: id ?? '',
          from: from === null ? null : String(from),
          to: String(to),
          kind,
          subtype,
          confidence,
          expression,
          masking,
          author,
          origin: script?.origin ?? 'import',
          scriptId: scriptId ?? '',
          scriptName: script?.name ?? '',
          statement,
          validFrom: since ?? 0,
          recordedFrom: known ?? 0,
        };
      },
    );
  }

  private async scriptsOf(
    tx: Tx,
    edges: readonly EdgeCells[],
  ): Promise<Map<string, { origin: ScriptOrigin; name: string }>> {
    const ids = [...new Set(edges.flatMap((cells) => cells[9] ?? []))];
    if (ids.length === 0) return new Map();
    const found = await rows<{ id: string; origin: ScriptOrigin; name: string }>(
      tx,
      `SELECT id, origin, name FROM lineage.script WHERE id = ANY($1::uuid[])`,
      [ids],
    );
    return new Map(found.map((script) => [script.id, script]));
  }

  /** Where each column of a dataset comes from. */
  origins(datasetIds: readonly string[]): Promise<ColumnOrigin[]> {
    return rows<ColumnOrigin>(
      this.db,
      `
      SELECT field.dataset_id AS "datasetId", field.id AS "fieldId", field.name, field.ordinal,
             count(edge.id) FILTER (WHERE edge.kind = ${KIND.direct})::int AS "direct",
             (array_agg(coalesce(edge.expression, '') ORDER BY edge.id) FILTER (WHERE edge.kind = ${KIND.generated}))[1] AS generated
        FROM dictionary.current_field AS field
        LEFT JOIN lineage.node ON node.field_id = field.id
        LEFT JOIN lineage.edge
          ON edge.dst = node.id AND edge.recorded_to = 'infinity' AND edge.valid_to = 'infinity'
         AND edge.kind IN (${KIND.direct}, ${KIND.generated})
       WHERE field.dataset_id = ANY($1::uuid[])
       GROUP BY field.dataset_id, field.id, field.name, field.ordinal
       ORDER BY field.dataset_id, field.ordinal
      `,
      [datasetIds],
    );
  }

  /** Lines of statements by `script text_digest`, as they stand in the scripts now or stood last. */
  async statementPlaces(keys: readonly string[]): Promise<Map<string, StatementPlace>> {
    const asked = keys.map((key) => key.split(' '));
    const found = await rows<StatementPlace & { key: string }>(
      this.db,
      `
      SELECT DISTINCT ON (statement.script_id, statement.text_digest)
             statement.script_id || ' ' || statement.text_digest AS key, statement.id, statement.position, statement.line,
             statement.start_offset AS start, statement.end_offset AS "end", statement.status, block.code
        FROM unnest($1::uuid[], $2::uuid[]) AS asked (script_id, text_digest)
        JOIN lineage.statement ON statement.script_id = asked.script_id AND statement.text_digest = asked.text_digest
        LEFT JOIN LATERAL (
               -- The statement of a block covers those in it, which follow it.
               SELECT jsonb_build_object('line', outside.line, 'start', outside.start_offset, 'end', outside.end_offset) AS code
                 FROM lineage.statement AS outside
                WHERE outside.script_id = statement.script_id AND outside.kind = 'procedure'
                  AND outside.recorded_to = statement.recorded_to AND outside.valid_to = statement.valid_to
                  AND outside.position < statement.position
                  AND outside.start_offset <= statement.start_offset AND outside.end_offset >= statement.end_offset
                ORDER BY outside.position DESC
                LIMIT 1
             ) AS block ON true
       ORDER BY statement.script_id, statement.text_digest, statement.recorded_to DESC, statement.valid_to DESC,
                statement.position
      `,
      [asked.map(([script]) => script), asked.map(([, digest]) => digest)],
    );
    return new Map(found.map((place) => [place.key, place]));
  }
}

export interface ColumnOrigin {
  readonly datasetId: string;
  readonly fieldId: string;
  readonly name: string;
  readonly ordinal: number;
  /** Edges that give its value. */
  readonly direct: number;
  /** The SQL that fills it without any column; null when there is none. */
  readonly generated: string | null;
}

export interface StatementPlace {
  readonly id: string;
  readonly position: number;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly status: string;
  /** The procedure or other block of code that it stands in. */
  readonly code: { readonly line: number; readonly start: number; readonly end: number } | null;
}
