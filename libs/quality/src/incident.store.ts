import { Injectable } from '@nestjs/common';
import { type Severity } from '#core/rule-engine';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];
export const INCIDENT_KINDS = ['data', 'operations'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

export interface Incident {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly datasetId: string | null;
  readonly datasetName: string | null;
  readonly ruleId: string | null;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly assignee: string;
  readonly openedAt: Date;
  readonly firstRunId: string;
  readonly lastRunId: string;
  readonly lastFailedAt: Date;
  readonly failingRuns: number;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: Date | null;
}

export const INCIDENT_EVENTS = [
  'opened',
  'failed_again',
  'reopened',
  'resolved',
  'acknowledged',
  'assigned',
  'commented',
] as const;
export type IncidentEventKind = (typeof INCIDENT_EVENTS)[number];

export interface IncidentEvent {
  readonly incidentId: string;
  readonly kind: IncidentEventKind;
  readonly at: Date;
  readonly byWhom: string;
  readonly runId: string | null;
  readonly text: string;
}

export interface IncidentFilter {
  readonly kind?: IncidentKind;
  readonly states?: readonly IncidentState[];
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly ruleId?: string;
  readonly severity?: Severity;
}

/** What a run did to an incident. */
export interface IncidentTurn {
  readonly incidentId: string;
  readonly kind: IncidentKind;
  readonly ruleId: string | null;
  readonly sourceId: string;
  readonly what: 'opened' | 'failed_again' | 'reopened' | 'resolved';
}

/** Who judges incidents waits for whoever does: key of an advisory lock. */
const INCIDENT_LOCK = 7_070_009;

const INCIDENT = `
  SELECT incident.id, incident.kind, incident.state, incident.severity, incident.source_id AS "sourceId",
         source.name AS "sourceName", incident.dataset_id AS "datasetId", dataset.qualified_name AS "datasetName",
         incident.rule_id AS "ruleId", incident.sentence_en AS "sentenceEn", incident.sentence_zh AS "sentenceZh",
         incident.assignee, incident.opened_at AS "openedAt", incident.first_run_id AS "firstRunId",
         incident.last_run_id AS "lastRunId", incident.last_failed_at AS "lastFailedAt",
         incident.failing_runs AS "failingRuns", incident.acknowledged_at AS "acknowledgedAt",
         incident.acknowledged_by AS "acknowledgedBy", incident.resolved_at AS "resolvedAt"
    FROM quality.incident
    JOIN sources.source ON source.id = incident.source_id
    LEFT JOIN dictionary.dataset ON dataset.id = incident.dataset_id`;

/** The end of the statement that turns incidents: `decided` says what becomes of which. */
const TURN = `
  , opened AS (
    INSERT INTO quality.incident (kind, source_id, dataset_id, rule_id, severity, sentence_en, sentence_zh, opened_at,
                                  first_run_id, last_run_id, last_failed_at)
    SELECT kind, source_id, dataset_id, rule_id, severity, sentence_en, sentence_zh, $2, $1, $1, $2
      FROM decided WHERE what = 'opened'
    RETURNING id, kind, rule_id, source_id, 'opened' AS what
  ), failed AS (
    UPDATE quality.incident
       SET state = CASE WHEN decided.what = 'reopened' THEN 'open' ELSE incident.state END,
           resolved_at = NULL, severity = decided.severity, sentence_en = decided.sentence_en,
           sentence_zh = decided.sentence_zh, last_run_id = $1, last_failed_at = $2,
           failing_runs = incident.failing_runs + 1,
           acknowledged_at = CASE WHEN decided.what = 'reopened' THEN NULL ELSE incident.acknowledged_at END,
           acknowledged_by = CASE WHEN decided.what = 'reopened' THEN NULL ELSE incident.acknowledged_by END
      FROM decided
     WHERE incident.id = decided.incident_id AND decided.what IN ('failed_again', 'reopened')
    RETURNING incident.id, incident.kind, incident.rule_id, incident.source_id, decided.what
  ), resolved AS (
    UPDATE quality.incident SET state = 'resolved', resolved_at = $2
      FROM decided
     WHERE incident.id = decided.incident_id AND decided.what = 'resolved'
    RETURNING incident.id, incident.kind, incident.rule_id, incident.source_id, decided.what
  ), turned AS (
    SELECT * FROM opened UNION ALL SELECT * FROM failed UNION ALL SELECT * FROM resolved
  ), told AS (
    INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, run_id)
    SELECT id, what, $2, $3, $1 FROM turned
  )
  SELECT id AS "incidentId", kind, rule_id AS "ruleId", source_id AS "sourceId", what FROM turned ORDER BY id`;

@Injectable()
export class IncidentStore {
  constructor(private readonly db: DataSource) {}

  /**
   * Draws the consequences of a run that has ended: opens, keeps, opens again and resolves incidents. A result that
   * is not its rule's latest any more has none.
   */
  async turn(tx: Tx, runId: string, at: Date, by: string): Promise<IncidentTurn[]> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [INCIDENT_LOCK]);
    return [...(await this.turnData(tx, runId, at, by)), ...(await this.turnOperations(tx, runId, at, by))];
  }

  /** A failing rule opens one incident and a passing one resolves it; within seven days it is the same again. */
  private turnData(tx: Tx, runId: string, at: Date, by: string): Promise<IncidentTurn[]> {
    return rows(
      tx,
      `
      WITH found AS (
        SELECT result.rule_id, result.dataset_id, result.source_id, result.status, result.sentence_en,
               result.sentence_zh, version.severity
          FROM quality.result
          JOIN quality.rule ON rule.id = result.rule_id AND rule.retired_at IS NULL
          JOIN quality.rule_version AS version ON version.id = result.version_id
         WHERE result.run_id = $1 AND result.status IN ('fail', 'pass')
           AND NOT EXISTS (
                 SELECT 1 FROM quality.result AS newer
                  WHERE newer.rule_id = result.rule_id
                    AND (newer.finished_at, newer.id) > (result.finished_at, result.id)
               )
      ), last AS (
        SELECT DISTINCT ON (rule_id) id AS incident_id, rule_id, state, resolved_at
          FROM quality.incident
         WHERE kind = 'data' AND rule_id IN (SELECT rule_id FROM found)
         ORDER BY rule_id, resolved_at DESC NULLS FIRST
      ), decided AS (
        SELECT 'data' AS kind, found.*, last.incident_id,
               CASE WHEN found.status = 'pass' THEN CASE WHEN last.state <> 'resolved' THEN 'resolved' END
                    WHEN last.state <> 'resolved' THEN 'failed_again'
                    WHEN last.resolved_at > $2::timestamptz - interval '7 days' THEN 'reopened'
                    ELSE 'opened' END AS what
          FROM found LEFT JOIN last USING (rule_id)
      )
      ${TURN}
      `,
      [runId, at, by],
    );
  }

  /** One incident for a source whose rules cannot be run, until the latest result of none of them is an error about it. */
  private turnOperations(tx: Tx, runId: string, at: Date, by: string): Promise<IncidentTurn[]> {
    return rows(
      tx,
      `
      WITH latest AS (
        SELECT last.*
          FROM quality.rule
          JOIN dictionary.dataset ON dataset.id = rule.dataset_id
          JOIN sources.source ON source.id = dataset.source_id AND source.removed_at IS NULL
         CROSS JOIN LATERAL (
                SELECT result.run_id, result.status, result.failed_source_id, result.sentence_en, result.sentence_zh,
                       result.finished_at
                  FROM quality.result WHERE result.rule_id = rule.id
                 ORDER BY result.finished_at DESC, result.id DESC LIMIT 1
               ) AS last
         WHERE rule.retired_at IS NULL AND last.status = 'error'
      ), broken AS (
        SELECT DISTINCT ON (failed_source_id) failed_source_id AS source_id, sentence_en, sentence_zh
          FROM latest WHERE run_id = $1
         ORDER BY failed_source_id, finished_at
      ), last AS (
        SELECT DISTINCT ON (source_id) id AS incident_id, source_id, state, resolved_at
          FROM quality.incident
         WHERE kind = 'operations'
         ORDER BY source_id, resolved_at DESC NULLS FIRST
      ), decided AS (
        SELECT 'operations' AS kind, broken.source_id, NULL::uuid AS dataset_id, NULL::uuid AS rule_id,
               'S2' AS severity, broken.sentence_en, broken.sentence_zh, last.incident_id,
               CASE WHEN last.state <> 'resolved' THEN 'failed_again'
                    WHEN last.resolved_at > $2::timestamptz - interval '7 days' THEN 'reopened'
                    ELSE 'opened' END AS what
          FROM broken LEFT JOIN last USING (source_id)
        UNION ALL
        SELECT 'operations', last.source_id, NULL, NULL, 'S2', '', '', last.incident_id, 'resolved'
          FROM last
         WHERE last.state <> 'resolved' AND last.source_id NOT IN (SELECT failed_source_id FROM latest)
      )
      ${TURN}
      `,
      [runId, at, by],
    );
  }

  /** Resolves what is open about a rule that will not run again. */
  async resolveOfRule(tx: Tx, ruleId: string, at: Date, by: string, text: string): Promise<void> {
    await tx.query(
      `
      WITH resolved AS (
        UPDATE quality.incident SET state = 'resolved', resolved_at = $2
         WHERE kind = 'data' AND rule_id = $1 AND state <> 'resolved' RETURNING id
      )
      INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, text)
      SELECT id, 'resolved', $2, $3, $4 FROM resolved
      `,
      [ruleId, at, by, text],
    );
  }

  /** Notes what a person did. */
  async note(tx: Tx, id: string, kind: IncidentEventKind, at: Date, by: string, text: string): Promise<void> {
    await tx.query(
      `INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, text) VALUES ($1, $2, $3, $4, $5)`,
      [id, kind, at, by, text],
    );
  }

  async acknowledge(tx: Tx, id: string, at: Date, by: string): Promise<void> {
    await tx.query(
      `
      UPDATE quality.incident SET state = 'acknowledged', acknowledged_at = $2, acknowledged_by = $3
       WHERE id = $1 AND state = 'open'
      `,
      [id, at, by],
    );
  }

  async assign(tx: Tx, id: string, assignee: string): Promise<void> {
    await tx.query(`UPDATE quality.incident SET assignee = $2 WHERE id = $1`, [id, assignee]);
  }

  /** With `tx` the incident is locked. @throws {NotFound} */
  async get(id: string, tx?: Tx): Promise<Incident> {
    if (tx) await tx.query(`SELECT 1 FROM quality.incident WHERE id = $1 FOR UPDATE`, [id]);
    const found = await row<Incident>(tx ?? this.db, `${INCIDENT} WHERE incident.id = $1`, [id]);
    if (!found) throw new NotFound('incident', id);
    return found;
  }

  /** What happened to some incidents, oldest first. */
  eventsOf(ids: readonly string[]): Promise<IncidentEvent[]> {
    return rows(
      this.db,
      `
      SELECT incident_id AS "incidentId", kind, at, by_whom AS "byWhom", run_id AS "runId", text
        FROM quality.incident_event WHERE incident_id = ANY ($1) ORDER BY at, id
      `,
      [ids],
    );
  }

  /** The open incident of each of some rules. */
  openOfRules(ruleIds: readonly string[]): Promise<Incident[]> {
    return rows(
      this.db,
      `${INCIDENT} WHERE incident.kind = 'data' AND incident.state <> 'resolved' AND incident.rule_id = ANY ($1)`,
      [ruleIds],
    );
  }

  /** Newest first. */
  async list(filter: IncidentFilter, { first, after }: PageRequest): Promise<Page<Incident>> {
    const where = `
      ($1::text IS NULL OR incident.kind = $1)
      AND ($2::text[] IS NULL OR incident.state = ANY ($2))
      AND ($3::uuid IS NULL OR incident.source_id = $3)
      AND ($4::uuid IS NULL OR incident.dataset_id = $4)
      AND ($5::uuid IS NULL OR incident.rule_id = $5)
      AND ($6::text IS NULL OR incident.severity = $6)`;
    const { kind = null, states = null, sourceId = null, datasetId = null, ruleId = null, severity = null } = filter;
    const params = [kind, states, sourceId, datasetId, ruleId, severity];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM quality.incident WHERE ${where}`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('incidents', after);
    const found = await rows<Incident>(
      this.db,
      `
      ${INCIDENT} WHERE ${where}
         AND ($7::timestamptz IS NULL OR (incident.opened_at, incident.id) < ($7, $8::uuid))
       ORDER BY incident.opened_at DESC, incident.id DESC LIMIT $9
      `,
      [...params, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

export const incidentCursor = (incident: Incident): string =>
  encodeCursor('incidents', [incident.openedAt.toISOString(), incident.id]);
