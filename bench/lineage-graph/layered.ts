import type pg from 'pg';

import { line, ms, timed } from '../figures.js';

const LAYERS = 10;
const COLUMNS = 10;
/** Tables of the layer before that a table reads from lie so near to its own place; that makes closures of some 6,000 nodes. */
const NEAR = 11;
/** Columns that feed a column. */
const FEEDERS = 11;
/** Share of the edges, in one in so many, that were others before {@link LayeredGraph.MIDDLE}. */
const CHANGED = 10;

/** A graph in ten layers of tables with ten columns, whose edges have changed once. */
export class LayeredGraph {
  static readonly MIDDLE = new Date('2026-03-01T00:00:00Z');
  private readonly tables: number;

  constructor(
    private readonly db: pg.Client,
    edges: number,
  ) {
    this.tables = Math.ceil(edges / (LAYERS - 1) / COLUMNS / FEEDERS);
  }

  async fill(): Promise<void> {
    const [took] = await timed(1, () => this.write());
    const { rows } = await this.db.query<{ now: string; all: string; size: string }>(`
      SELECT count(*) FILTER (WHERE recorded_to = 'infinity') AS now, count(*) AS "all",
             pg_size_pretty(pg_total_relation_size('lineage.edge')) AS size
        FROM lineage.edge WHERE kind = 1`);
    line(
      'column edges now, and ever',
      `${rows[0]?.now}, ${rows[0]?.all}`,
      `${rows[0]?.size}, written in ${ms(took ?? Number.NaN)}`,
    );
  }

  private async write(): Promise<void> {
    const { tables } = this;
    const steps = [
      `INSERT INTO sources.source (id, name, kind, namespace, settings, created_at, changed_at)
       VALUES ('0198b000-0000-7000-8000-000000000001', 'layered 分层', 'postgres', 'postgres://layered:5432', '{}', now(), now())`,
      `INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at)
       SELECT '0198b000-0000-7000-8000-000000000001', 'l' || layer, '表_' || place, 'dw.l' || layer || '.表_' || place, now()
         FROM generate_series(0, ${LAYERS - 1}) AS layer, generate_series(0, ${tables - 1}) AS place`,
      `INSERT INTO dictionary.field (dataset_id, name)
       SELECT dataset.id, '列_' || number FROM dictionary.dataset, generate_series(1, ${COLUMNS}) AS number`,
      `INSERT INTO dictionary.schema_version (dataset_id, digest, kind, keys) SELECT id, 'x', 'table', '[]' FROM dictionary.dataset`,
      `UPDATE dictionary.dataset SET current_version_id = version.id FROM dictionary.schema_version AS version WHERE version.dataset_id = dataset.id`,
      `INSERT INTO dictionary.field_version (version_id, field_id, ordinal, native_type, type_family, nullable)
       SELECT dataset.current_version_id, field.id, substr(field.name, 3)::int, 'integer', 'integer', true
         FROM dictionary.field JOIN dictionary.dataset ON dataset.id = field.dataset_id`,
      // Columns of layer l, place p, number n are node (l * tables + p) * 10 + n; datasets follow.
      `INSERT INTO lineage.node (id, key, dataset_id, field_id) OVERRIDING SYSTEM VALUE
       SELECT (substr(dataset.scope, 2)::int * ${tables} + substr(dataset.name, 3)::int) * ${COLUMNS} + substr(field.name, 3)::int,
              'field ' || field.id, dataset.id, field.id
         FROM dictionary.field JOIN dictionary.dataset ON dataset.id = field.dataset_id`,
      `INSERT INTO lineage.node (id, key, dataset_id) OVERRIDING SYSTEM VALUE
       SELECT ${LAYERS * tables * COLUMNS} + 1 + row_number() OVER (ORDER BY id), 'dataset ' || id, id FROM dictionary.dataset`,
      `INSERT INTO lineage.script (source_id, origin, name, created_at)
       SELECT '0198b000-0000-7000-8000-000000000001', 'import', 'load_' || layer || '_' || place, now()
         FROM generate_series(1, ${LAYERS - 1}) AS layer, generate_series(0, ${tables - 1}) AS place`,
      `INSERT INTO lineage.edge (src, dst, kind, digest, valid_from, recorded_from)
       SELECT whole.id, part.id, 5, gen_random_uuid(), '-infinity', '-infinity'
         FROM lineage.node AS part JOIN lineage.node AS whole ON whole.dataset_id = part.dataset_id AND whole.field_id IS NULL
        WHERE part.field_id IS NOT NULL`,
      `SELECT setseed(0.5)`,
      this.edges(1, `'2026-01-01', 'infinity', '2026-01-01', 'infinity'`, 'true'),
      // What was so before the middle: other edges, which ended there.
      this.edges(1, `'2026-01-01', 'infinity', '2026-01-01', '2026-04-01'`, `random() < 1.0 / ${CHANGED}`),
      this.edges(3, `'2026-01-01', 'infinity', '2026-01-01', 'infinity'`, 'feeder = 1 AND number = 1'),
      `SELECT setval(pg_get_serial_sequence('lineage.node', 'id'), (SELECT max(id) FROM lineage.node))`,
      `VACUUM ANALYZE lineage.edge`,
      `VACUUM ANALYZE lineage.node`,
      `VACUUM ANALYZE dictionary.field`,
      `VACUUM ANALYZE dictionary.field_version`,
      `VACUUM ANALYZE dictionary.dataset`,
    ];
    for (const step of steps) await this.db.query(step);
  }

  private edges(kind: number, times: string, which: string): string {
    const { tables } = this;
    const target = kind === 3 ? `${LAYERS * tables * COLUMNS} + 1` : '';
    return `
      WITH script AS MATERIALIZED (SELECT id, name FROM lineage.script),
      link AS MATERIALIZED (
        SELECT layer, place, number,
               ((layer - 1) * ${tables} + (place + floor(random() * ${2 * NEAR + 1})::int - ${NEAR} + ${tables}) % ${tables}) * ${COLUMNS}
                 + 1 + floor(random() * ${COLUMNS})::int AS src
          FROM generate_series(1, ${LAYERS - 1}) AS layer, generate_series(0, ${tables - 1}) AS place,
               generate_series(1, ${COLUMNS}) AS number, generate_series(1, ${FEEDERS}) AS feeder
         WHERE ${which}
      )
      INSERT INTO lineage.edge (src, dst, kind, subtype, script_id, confidence, digest, valid_from, valid_to, recorded_from, recorded_to)
      SELECT link.src,
             ${
               target === ''
                 ? `(link.layer * ${tables} + link.place) * ${COLUMNS} + link.number`
                 : `(SELECT whole.src FROM lineage.edge AS whole WHERE whole.dst = (link.layer * ${tables} + link.place) * ${COLUMNS} + link.number AND whole.kind = 5)`
             },
             ${kind}, ${kind === 3 ? `'FILTER'` : `'TRANSFORMATION'`}, script.id, 'schema', gen_random_uuid(), ${times}
        FROM link JOIN script ON script.name = 'load_' || link.layer || '_' || link.place`;
  }

  /** Columns of the last layer, to be asked what feeds them, and of the first, what they feed. */
  async someColumns(count: number): Promise<{ id: string; node: number; direction: 'upstream' | 'downstream' }[]> {
    const { rows } = await this.db.query<{ id: string; node: string; scope: string }>(
      `
      SELECT field.id, node.id AS node, dataset.scope
        FROM dictionary.dataset
        JOIN dictionary.field ON field.dataset_id = dataset.id AND field.name = '列_5'
        JOIN lineage.node ON node.field_id = field.id
       WHERE dataset.scope IN ('l0', 'l${LAYERS - 1}')
       ORDER BY md5(dataset.name || dataset.scope)
       LIMIT $1
      `,
      [count],
    );
    return rows.map(({ id, node, scope }) => ({
      ...{ id, node: Number(node) },
      direction: scope === 'l0' ? 'downstream' : 'upstream',
    }));
  }
}
