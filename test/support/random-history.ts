import { type DataSource } from 'typeorm';

/** Results as they are stored, told by hand: what the tests derive numbers from. */
export interface HistoryRule {
  readonly id: string;
  readonly datasetId: string;
  readonly createdAt: number;
  readonly retiredAt: number | null;
  readonly versions: readonly HistoryVersion[];
}
export interface HistoryVersion {
  readonly id: string;
  readonly number: number;
  readonly madeAt: number;
  readonly dimension: string;
  readonly severity: string;
  readonly owner: string;
  readonly enabled: boolean;
  readonly fieldIds: readonly string[];
}
export interface HistoryResult {
  readonly id: string;
  readonly ruleId: string;
  readonly versionId: string;
  readonly runId: string;
  readonly status: string;
  readonly checked: number | null;
  readonly violations: number | null;
  readonly finishedAt: number;
}
export interface History {
  readonly sourceIds: readonly string[];
  readonly rules: readonly HistoryRule[];
  readonly results: readonly HistoryResult[];
}

/** Numbers that look random and are the same each time (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface HistoryWish {
  readonly rules: number;
  readonly from: Date;
  readonly to: Date;
  readonly runs: number;
  readonly seed: number;
}

const DAY_MS = 86_400_000;
const pick = <T>(roll: () => number, items: readonly T[]): T => items[Math.floor(roll() * items.length)]!;

/** Rules of two sources with edits, retirements and switches, and runs with every status, written into the catalog. */
export async function randomHistory(db: DataSource, wish: HistoryWish): Promise<History> {
  const { from, to } = wish;
  const roll = dice(wish.seed);
  const query = <T>(sql: string, params: unknown[] = []): Promise<T[]> => db.query(sql, params);
  const ids = async (table: string, columns: string, values: string, params: unknown[]) =>
    (await query<{ id: string }>(`INSERT INTO ${table} (${columns}) ${values} RETURNING id`, params)).map(
      ({ id }) => id,
    );
  const sourceIds = await ids(
    'sources.source',
    'name, kind, namespace, settings, created_at, changed_at',
    `SELECT '源 ' || n || ' ' || $1, 'postgres', 'postgres://h' || n || ':' || $1, '{}', $2, $2 FROM generate_series(1, 2) AS n`,
    [wish.seed, from],
  );
  const datasets = await query<{ id: string; sourceId: string }>(
    `
    INSERT INTO dictionary.dataset (source_id, scope, name, qualified_name, created_at)
    SELECT source, 's', 't' || n, 'd.s.表' || n, $2 FROM unnest($1::uuid[]) AS source, generate_series(1, 3) AS n
    RETURNING id, source_id AS "sourceId"
    `,
    [sourceIds, from],
  );
  const fields = await query<{ id: string; datasetId: string }>(
    `
    INSERT INTO dictionary.field (dataset_id, name) SELECT id, '列' || n FROM unnest($1::uuid[]) AS id, generate_series(1, 3) AS n
    RETURNING id, dataset_id AS "datasetId"
    `,
    [datasets.map(({ id }) => id)],
  );
  const span = to.getTime() - from.getTime();
  const rules: HistoryRule[] = [];
  for (let n = 0; n < wish.rules; n++) {
    const dataset = datasets[n % datasets.length]!;
    const createdAt = Math.floor(from.getTime() + (n % 3 === 0 ? roll() * span * 0.4 : 0));
    const retiredAt = roll() < 0.2 ? Math.floor(createdAt + roll() * (to.getTime() - createdAt)) : null;
    const [id = ''] = await ids('quality.rule', 'dataset_id, created_at', 'VALUES ($1, $2)', [
      dataset.id,
      new Date(createdAt),
    ]);
    const times = [createdAt];
    while (roll() < 0.5) times.push(Math.floor(createdAt + roll() * ((retiredAt ?? to.getTime()) - createdAt)));
    times.sort((a, b) => a - b);
    const versions: HistoryVersion[] = [];
    for (const [at, madeAt] of times.entries()) {
      const version = {
        ...{ number: at + 1, madeAt, severity: pick(roll, ['S1', 'S2', 'S3', 'S4']) },
        dimension: pick(roll, ['validity', 'completeness', 'accuracy', 'uniqueness']),
        owner: pick(roll, ['张三', 'Li "Si" <b>', '']),
        enabled: roll() > 0.15,
        fieldIds: fields
          .filter(({ datasetId }) => datasetId === dataset.id)
          .flatMap((field) => (roll() < 0.5 ? [field.id] : [])),
      };
      const [versionId = ''] = await ids(
        'quality.rule_version',
        `rule_id, number, kind, field_ids, dimension, severity, definition, name_en, name_zh, description, owner, enabled,
         made_at, made_by`,
        `VALUES ($1, $2, 'not_null', $3, $4, $5, '{"params":{}}', $6, $7, '', $8, $9, $10, 'me')`,
        [
          ...[
            id,
            version.number,
            version.fieldIds,
            version.dimension,
            version.severity,
            `=rule ${n} 😀`,
            n % 2 ? `规则 ${n} 𠮷` : '',
          ],
          ...[version.owner, version.enabled, new Date(madeAt)],
        ],
      );
      versions.push({ id: versionId, ...version });
    }
    await query(`UPDATE quality.rule SET version_number = $2, retired_at = $3 WHERE id = $1`, [
      ...[id, versions.length, retiredAt === null ? null : new Date(retiredAt)],
    ]);
    rules.push({ id, datasetId: dataset.id, createdAt, retiredAt, versions });
  }
  const results: HistoryResult[] = [];
  for (let n = 0; n < wish.runs; n++) {
    const at = Math.floor(from.getTime() + (span * (n + roll())) / wish.runs);
    const runFrom = new Date(at);
    const [runId = ''] = await ids(
      'quality.run',
      'requested_at, requested_by, state, finished_at',
      `VALUES ($1, 'me', 'succeeded', $2)`,
      [runFrom, new Date(at + 3_600_000)],
    );
    const of = rules.filter((rule) => rule.createdAt <= at && (rule.retiredAt ?? Infinity) > at && roll() < 0.7);
    const rows = of.flatMap((rule) => {
      const version = rule.versions.findLast(({ madeAt }) => madeAt <= at);
      if (!version) return [];
      const dataset = datasets.find(({ id }) => id === rule.datasetId)!;
      const status = version.enabled
        ? pick(roll, ['pass', 'pass', 'pass', 'warn', 'fail', 'fail', 'error', 'not_evaluated', 'skipped'])
        : 'skipped';
      const looked = !['error', 'skipped'].includes(status);
      const checked = looked ? (status === 'not_evaluated' || roll() < 0.1 ? 0 : Math.ceil(roll() * 1_000_000)) : null;
      const violations = looked ? (status === 'pass' ? 0 : Math.floor(roll() ** 6 * checked!)) : null;
      return [
        {
          ...{
            rule_id: rule.id,
            version_id: version.id,
            dataset_id: rule.datasetId,
            source_id: dataset.sourceId,
            status,
          },
          ...{ rows: checked, checked, violations, finished_at: new Date(at + Math.floor(roll() * 60_000)) },
          ...{ error_code: status === 'error' ? 'SOURCE_UNREACHABLE' : null },
          failed_source_id: status === 'error' ? dataset.sourceId : null,
        },
      ];
    });
    const kept = await keepResults(db, runId, rows);
    results.push(...kept);
  }
  return { sourceIds, rules, results };
}

export interface StoredResult {
  readonly rule_id: string;
  readonly version_id: string;
  readonly dataset_id: string;
  readonly source_id: string;
  readonly status: string;
  readonly rows: number | null;
  readonly checked: number | null;
  readonly violations: number | null;
  readonly finished_at: Date;
  readonly error_code: string | null;
  readonly failed_source_id: string | null;
}

/** Stores results of a run as its rules. */
export async function keepResults(
  db: DataSource,
  runId: string,
  rows: readonly StoredResult[],
): Promise<HistoryResult[]> {
  const given = JSON.stringify(rows);
  await db.query(
    `
    INSERT INTO quality.planned_rule (run_id, position, rule_id, version_id, finished_at)
    SELECT $1, row_number() OVER (), rule_id, version_id, finished_at
      FROM jsonb_to_recordset($2) AS given (rule_id uuid, version_id uuid, finished_at timestamptz)
    `,
    [runId, given],
  );
  const found: { id: string; rule_id: string }[] = await db.query(
    `
    INSERT INTO quality.result (run_id, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, metrics,
                                statement_ids, sentence_en, sentence_zh, error_code, failed_source_id, started_at, finished_at)
    SELECT $1, rule_id, version_id, dataset_id, source_id, status, rows, checked, violations, '{}', '{}',
           coalesce(violations, 0) || ' rows', coalesce(violations, 0) || ' 行', error_code, failed_source_id, finished_at, finished_at
      FROM jsonb_to_recordset($2) AS given (
             rule_id uuid, version_id uuid, dataset_id uuid, source_id uuid, status text, rows bigint, checked bigint,
             violations bigint, error_code text, failed_source_id uuid, finished_at timestamptz)
    RETURNING id, rule_id
    `,
    [runId, given],
  );
  const byRule = new Map(found.map((each) => [each.rule_id, each.id]));
  return rows.map((each) => ({
    ...{ id: byRule.get(each.rule_id)!, ruleId: each.rule_id, versionId: each.version_id, runId, status: each.status },
    ...{ checked: each.checked, violations: each.violations, finishedAt: each.finished_at.getTime() },
  }));
}

export const daysLater = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY_MS);
