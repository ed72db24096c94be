import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '#platform/database';
import { type DataSource } from 'typeorm';

import { type PlannedReport, type StatementFacts } from './edges-of.js';
import { type Endpoint, isColumn, keyOf, wholeOf } from './endpoint.js';
import { KIND, type PlannedEdge } from './planned-edge.js';
import { type Added, type Difference, type KeptRow, type Reading } from './reading.js';

const NOW = `recorded_to = 'infinity' AND valid_to = 'infinity'`;

interface NodeRow {
  readonly key: string;
  readonly dataset_id: string | null;
  readonly field_id: string | null;
  readonly namespace: string | null;
  readonly dataset_name: string | null;
  readonly column_name: string | null;
  readonly is_job: boolean;
}

/** Keeps what readings say, in a number of statements that does not depend on how much that is. */
@Injectable()
export class ReadingStore {
  keptEdges(on: DataSource | Tx, scriptIds: readonly string[]): Promise<KeptRow[]> {
    return rows<KeptRow>(
      on,
      `SELECT id, script_id AS "scriptId", digest FROM lineage.edge WHERE script_id = ANY($1::uuid[]) AND ${NOW}`,
      [scriptIds],
    );
  }

  keptStatements(on: DataSource | Tx, scriptIds: readonly string[]): Promise<KeptRow[]> {
    return rows<KeptRow>(
      on,
      `SELECT id, script_id AS "scriptId", digest FROM lineage.statement WHERE script_id = ANY($1::uuid[]) AND ${NOW}`,
      [scriptIds],
    );
  }

  keptReports(on: DataSource | Tx, scriptIds: readonly string[]): Promise<KeptRow[]> {
    return rows<KeptRow>(
      on,
      `SELECT id, script_id AS "scriptId", digest FROM lineage.report WHERE script_id = ANY($1::uuid[]) AND ${NOW}`,
      [scriptIds],
    );
  }

  /** Others that write edges of the same scripts wait until the transaction ends. */
  async lock(tx: Tx, scriptIds: readonly string[]): Promise<void> {
    await tx.query(`SELECT FROM lineage.script WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`, [scriptIds]);
  }

  /** Of some scripts, those that nobody has read since from a newer state of the catalog, and whose text is still the one read. */
  async stillToKeep(tx: Tx, readings: readonly Reading[], asOf: Date): Promise<Reading[]> {
    const fresh = await rows<{ id: string; versionId: string }>(
      tx,
      `
      SELECT script.id, version.id AS "versionId"
        FROM lineage.script
        JOIN LATERAL (
               SELECT script_version.id
                 FROM lineage.script_version
                WHERE script_version.script_id = script.id AND script_version.recorded_to = 'infinity'
                ORDER BY script_version.valid_from DESC
                LIMIT 1
             ) AS version ON true
       WHERE script.id = ANY($1::uuid[]) AND (script.read_as_of IS NULL OR script.read_as_of <= $2)
      `,
      [readings.map(({ scriptId }) => scriptId), asOf],
    );
    const versions = new Map(fresh.map(({ id, versionId }) => [id, versionId]));
    return readings.filter(({ scriptId, versionId }) => versions.get(scriptId) === versionId);
  }

  /** The given time or, when the clock was put back, one just after all that is recorded of the scripts. */
  async momentAfter(tx: Tx, scriptIds: readonly string[], at: Date): Promise<Date> {
    const found = await row<{ at: Date }>(
      tx,
      `
      SELECT greatest($2::timestamptz,
                      (SELECT max(recorded_from) + interval '1 millisecond' FROM lineage.edge
                        WHERE script_id = ANY($1::uuid[]) AND ${NOW}),
                      (SELECT max(recorded_from) + interval '1 millisecond' FROM lineage.statement
                        WHERE script_id = ANY($1::uuid[]) AND ${NOW})) AS at
      `,
      [scriptIds, at],
    );
    return found?.at ?? at;
  }

  async writeStatements(tx: Tx, { added, gone }: Difference<StatementFacts>, at: Date): Promise<void> {
    await this.close(tx, 'statement', STATEMENT_COLUMNS, gone, at);
    if (added.length === 0) return;
    const column = <V>(of: (one: Added<StatementFacts>) => V) => added.map(of);
    await tx.query(
      `
      INSERT INTO lineage.statement (${STATEMENT_COLUMNS.join(', ')}, valid_from, recorded_from)
      SELECT *, $12::timestamptz
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[], $9::text[],
                    $10::jsonb[], $11::timestamptz[])
      `,
      [
        column(({ reading }) => reading.scriptId),
        column(({ item }) => item.textDigest),
        column(({ digest }) => digest),
        column(({ item }) => item.position),
        column(({ item }) => item.line),
        column(({ item }) => item.start),
        column(({ item }) => item.end),
        column(({ item }) => item.kind),
        column(({ item }) => item.status),
        column(({ item }) => JSON.stringify(item.reasons)),
        column(({ reading }) => reading.since),
        at,
      ],
    );
  }

  async writeEdges(tx: Tx, { added, gone }: Difference<PlannedEdge>, at: Date): Promise<void> {
    await this.close(tx, 'edge', EDGE_COLUMNS, gone, at);
    if (added.length === 0) return;
    await this.addNodes(
      tx,
      added.flatMap(({ item }) => (item.from ? [item.from, item.to] : [item.to])),
    );
    const column = <V>(of: (one: Added<PlannedEdge>) => V) => added.map(of);
    await tx.query(
      `
      INSERT INTO lineage.edge (${EDGE_COLUMNS.join(', ')}, valid_from, recorded_from)
      SELECT source.id, target.id, new.kind, new.subtype, new.confidence, new.script_id, new.statement, new.expression,
             new.digest, new.masking, new.author, new.since, $13::timestamptz
        FROM unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[],
                    $9::uuid[], $10::boolean[], $11::text[], $12::timestamptz[])
          AS new (from_key, to_key, kind, subtype, confidence, script_id, statement, expression, digest, masking, author, since)
        LEFT JOIN lineage.node AS source ON source.key = new.from_key
        JOIN lineage.node AS target ON target.key = new.to_key
      `,
      [
        column(({ item }) => (item.from ? keyOf(item.from) : null)),
        column(({ item }) => keyOf(item.to)),
        column(({ item }) => item.kind),
        column(({ item }) => item.subtype ?? null),
        column(({ item }) => item.confidence ?? null),
        column(({ reading }) => reading.scriptId),
        column(({ item }) => item.statement ?? null),
        column(({ item }) => item.expression ?? null),
        column(({ digest }) => digest),
        column(({ item }) => item.masking ?? null),
        column(({ item }) => item.author ?? null),
        column(({ reading }) => reading.since),
        at,
      ],
    );
  }

  async writeReports(tx: Tx, { added, gone }: Difference<PlannedReport>, at: Date): Promise<void> {
    await this.close(tx, 'report', REPORT_COLUMNS, gone, at);
    if (added.length === 0) return;
    await this.addNodes(
      tx,
      added.flatMap(({ item }) => item.uses),
    );
    await tx.query(
      `
      INSERT INTO lineage.report (${REPORT_COLUMNS.join(', ')}, valid_from, recorded_from)
      SELECT new.script_id, new.name, new.label, new.kind, new.owner, new.url, new.description,
             ARRAY(SELECT node.id
                     FROM jsonb_array_elements_text(new.uses) AS used (key)
                     JOIN lineage.node ON node.key = used.key
                    ORDER BY node.id),
             new.digest, new.since, $2::timestamptz
        FROM jsonb_to_recordset($1) AS new (script_id uuid, name text, label text, kind text, owner text, url text,
                                            description text, uses jsonb, digest uuid, since timestamptz)
      `,
      [
        JSON.stringify(
          added.map(({ reading, digest, item }) => ({
            ...{ ...item, digest, script_id: reading.scriptId, since: reading.since },
            uses: item.uses.map(keyOf),
          })),
        ),
        at,
      ],
    );
  }

  /** Keeps the tests of pipelines as they are now. */
  async replaceTests(tx: Tx, readings: readonly Reading[]): Promise<void> {
    await tx.query(`DELETE FROM lineage.pipeline_test WHERE script_id = ANY($1::uuid[])`, [
      readings.map(({ scriptId }) => scriptId),
    ]);
    const tests = readings.flatMap(({ scriptId, tests: own = [] }) =>
      own.map(({ datasetId, column, finishedAt, ...test }, position) => ({
        ...{ ...test, position, script_id: scriptId, dataset_id: datasetId },
        ...{ column_name: column, finished_at: finishedAt },
      })),
    );
    if (tests.length === 0) return;
    await tx.query(
      `
      INSERT INTO lineage.pipeline_test (script_id, position, name, kind, dataset_id, column_name, severity, status, message,
                                         finished_at)
      SELECT *
        FROM jsonb_to_recordset($1) AS new (script_id uuid, position integer, name text, kind text, dataset_id uuid,
                                            column_name text, severity text, status text, message text,
                                            finished_at timestamptz)
      `,
      [JSON.stringify(tests)],
    );
  }

  /** Notes what the scripts were read from. */
  async noteRead(tx: Tx, readings: readonly Reading[], asOf: Date): Promise<void> {
    await tx.query(
      `
      UPDATE lineage.script
         SET read_version_id = read.version_id, read_digest = read.digest, read_as_of = $4,
             namespaces = (SELECT array_agg(namespace) FROM jsonb_array_elements_text(read.namespaces) AS namespace)
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $5::jsonb[]) AS read (script_id, version_id, digest, namespaces)
       WHERE script.id = read.script_id
      `,
      [
        readings.map(({ scriptId }) => scriptId),
        readings.map(({ versionId }) => versionId),
        readings.map(({ digest }) => digest),
        asOf,
        readings.map(({ namespaces = [] }) => JSON.stringify(namespaces)),
      ],
    );
  }

  /** Closes rows; what was true for a while gets a row that says so. */
  private async close(
    tx: Tx,
    table: 'edge' | 'statement' | 'report',
    columns: readonly string[],
    gone: Difference<unknown>['gone'],
    at: Date,
  ): Promise<void> {
    if (gone.length === 0) return;
    const list = columns.join(', ');
    await tx.query(
      `
      WITH gone AS (
        UPDATE lineage.${table}
           SET recorded_to = $3
          FROM unnest($1::uuid[], $2::timestamptz[]) AS old (id, ended_at)
         WHERE ${table}.id = old.id
        RETURNING ${table}.*, old.ended_at
      )
      INSERT INTO lineage.${table} (${list}, valid_from, valid_to, recorded_from)
      SELECT ${list}, valid_from, ended_at, $3
        FROM gone
       WHERE valid_from < ended_at
      `,
      [gone.map(({ id }) => id), gone.map(({ endedAt }) => endedAt), at],
    );
  }

  /** Makes the nodes that are not there yet, each column with its dataset. */
  async addNodes(tx: Tx, endpoints: readonly Endpoint[]): Promise<void> {
    const byKey = new Map(endpoints.flatMap((end) => [end, wholeOf(end)]).map((end) => [keyOf(end), end]));
    const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1));
    const nodes = sorted.map(([, end]) => nodeRow(end));
    const made = await rows<{ key: string }>(
      tx,
      `
      INSERT INTO lineage.node (key, dataset_id, field_id, namespace, dataset_name, column_name, is_job)
      SELECT *
        FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[])
          AS new (key, dataset_id, field_id, namespace, dataset_name, column_name, is_job)
       WHERE NOT EXISTS (SELECT FROM lineage.node WHERE node.key = new.key)
      ON CONFLICT (key) DO NOTHING
      RETURNING key
      `,
      [
        nodes.map(({ key }) => key),
        nodes.map(({ dataset_id }) => dataset_id),
        nodes.map(({ field_id }) => field_id),
        nodes.map(({ namespace }) => namespace),
        nodes.map(({ dataset_name }) => dataset_name),
        nodes.map(({ column_name }) => column_name),
        nodes.map(({ is_job }) => is_job),
      ],
    );
    const columns = made.flatMap(({ key }) => {
      const end = byKey.get(key);
      return end && isColumn(end) ? [{ key, whole: keyOf(wholeOf(end)) }] : [];
    });
    if (columns.length === 0) return;
    await tx.query(
      `
      INSERT INTO lineage.edge (src, dst, kind, digest, valid_from, recorded_from)
      SELECT whole.id, part.id, ${KIND.part}, gen_random_uuid(), '-infinity', '-infinity'
        FROM unnest($1::text[], $2::text[]) AS new (whole_key, part_key)
        JOIN lineage.node AS whole ON whole.key = new.whole_key
        JOIN lineage.node AS part ON part.key = new.part_key
      `,
      [columns.map(({ whole }) => whole), columns.map(({ key }) => key)],
    );
  }
}

const STATEMENT_COLUMNS = [
  ...[
    'script_id',
    'text_digest',
    'digest',
    'position',
    'line',
    'start_offset',
    'end_offset',
    'kind',
    'status',
    'reasons',
  ],
];

const EDGE_COLUMNS = [
  ...[
    'src',
    'dst',
    'kind',
    'subtype',
    'confidence',
    'script_id',
    'statement',
    'expression',
    'digest',
    'masking',
    'author',
  ],
];

const REPORT_COLUMNS = [...['script_id', 'name', 'label', 'kind', 'owner', 'url', 'description', 'node_ids', 'digest']];

function nodeRow(end: Endpoint): NodeRow {
  const known = end.kind !== 'unknown' && end.kind !== 'job';
  return {
    key: keyOf(end),
    dataset_id: known ? end.datasetId : null,
    field_id: end.kind === 'field' ? end.fieldId : null,
    namespace: known ? null : end.namespace,
    dataset_name: end.kind === 'unknown' ? end.dataset : end.kind === 'job' ? end.name : null,
    column_name: end.kind === 'column' || end.kind === 'unknown' ? (end.column ?? null) : null,
    is_job: end.kind === 'job',
  };
}
