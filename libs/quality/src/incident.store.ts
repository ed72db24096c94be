import { Injectable } from '@nestjs/common';
import { type Severity } from '#core/rule-engine';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import {
  type Incident,
  type IncidentCause,
  type IncidentEvent,
  type IncidentEventKind,
  type IncidentKind,
  type IncidentState,
} from './incident.js';

export interface IncidentFilter {
  readonly kind?: IncidentKind;
  readonly states?: readonly IncidentState[];
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly ruleId?: string;
  readonly severity?: Severity;
  readonly domain?: string;
  /** Login; empty for nobody. */
  readonly assignee?: string;
  /** The time for it ran out before. */
  readonly overdueAt?: Date;
  /** Without those that another probably causes. */
  readonly parentsOnly?: boolean;
  readonly parentId?: string;
  /** In the name of the rule, the dataset or the source. */
  readonly text?: string;
}

export interface IncidentCount {
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly incidents: number;
}

/** What a person's step changes. What is not given stays. */
export interface IncidentChange {
  readonly state?: IncidentState;
  readonly assignee?: { readonly id: string | null; readonly login: string };
  readonly cause?: IncidentCause;
  readonly severity?: { readonly severity: Severity; readonly by: string };
  readonly acknowledged?: { readonly at: Date; readonly by: string };
  readonly resolvedAt?: Date | null;
  /** A new clock, or another end of it. */
  readonly clock?: { readonly from: Date; readonly dueAt: Date };
  readonly waivedAt?: Date | null;
  readonly escalatedAt?: Date;
}

const OVER = `('resolved', 'false_positive')`;

const FROM = `
    FROM quality.incident
    JOIN sources.source ON source.id = incident.source_id
    LEFT JOIN dictionary.dataset ON dataset.id = incident.dataset_id
    LEFT JOIN quality.rule ON rule.id = incident.rule_id
    LEFT JOIN quality.rule_version AS version ON version.rule_id = rule.id AND version.number = rule.version_number`;

const INCIDENT = `
  SELECT incident.id, incident.kind, incident.state, incident.severity, incident.severity_set_by AS "severitySetBy",
         incident.source_id AS "sourceId", source.name AS "sourceName", source.domain,
         coalesce(nullif(version.owner, ''), source.owner) AS owner, incident.dataset_id AS "datasetId",
         dataset.qualified_name AS "datasetName", incident.rule_id AS "ruleId", version.name_en AS "ruleNameEn",
         version.name_zh AS "ruleNameZh", incident.version_id AS "versionId", incident.sentence_en AS "sentenceEn",
         incident.sentence_zh AS "sentenceZh", incident.violations, incident.checked, incident.assignee,
         incident.assignee_id AS "assigneeId", incident.cause, incident.parent_id AS "parentId",
         (SELECT count(*)::int FROM quality.incident AS child
           WHERE child.parent_id = incident.id AND child.state NOT IN ${OVER}) AS children,
         incident.opened_at AS "openedAt", incident.first_run_id AS "firstRunId", incident.last_run_id AS "lastRunId",
         incident.last_failed_at AS "lastFailedAt", incident.failing_runs AS "failingRuns",
         incident.passing_runs AS "passingRuns", incident.flapping_since AS "flappingSince",
         incident.acknowledged_at AS "acknowledgedAt", incident.acknowledged_by AS "acknowledgedBy",
         incident.resolved_at AS "resolvedAt", incident.clock_from AS "clockFrom", incident.due_at AS "dueAt",
         incident.escalated_at AS "escalatedAt", incident.waived_at AS "waivedAt"
  ${FROM}`;

const WHERE = `
  ($1::text IS NULL OR incident.kind = $1)
  AND ($2::text[] IS NULL OR incident.state = ANY ($2))
  AND ($3::uuid IS NULL OR incident.source_id = $3)
  AND ($4::uuid IS NULL OR incident.dataset_id = $4)
  AND ($5::uuid IS NULL OR incident.rule_id = $5)
  AND ($6::text IS NULL OR incident.severity = $6)
  AND ($7::text IS NULL OR source.domain = $7)
  AND ($8::text IS NULL OR lower(incident.assignee) = lower($8))
  AND ($9::timestamptz IS NULL OR (incident.due_at <= $9 AND incident.state NOT IN ('resolved', 'false_positive', 'waived')))
  AND (NOT $10::boolean OR incident.parent_id IS NULL)
  AND ($11::uuid IS NULL OR incident.parent_id = $11)
  AND ($12::text IS NULL OR strpos(lower(concat_ws(E'\\n', version.name_en, version.name_zh, dataset.qualified_name,
                                                   source.name)), lower($12)) > 0)`;

const paramsOf = (filter: IncidentFilter): unknown[] => [
  ...[filter.kind ?? null, filter.states ?? null, filter.sourceId ?? null, filter.datasetId ?? null],
  ...[filter.ruleId ?? null, filter.severity ?? null, filter.domain ?? null, filter.assignee ?? null],
  ...[filter.overdueAt ?? null, filter.parentsOnly ?? false, filter.parentId ?? null, filter.text ?? null],
];

@Injectable()
export class IncidentStore {
  constructor(private readonly db: DataSource) {}

  /** Resolves what is open about a rule that will not run again. */
  async resolveOfRule(tx: Tx, ruleId: string, at: Date, by: string, text: string): Promise<void> {
    await tx.query(
      `
      WITH resolved AS (
        UPDATE quality.incident SET state = 'resolved', resolved_at = $2, parent_id = NULL, waived_at = NULL
         WHERE kind = 'data' AND rule_id = $1 AND state NOT IN ${OVER} RETURNING id
      )
      INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, text)
      SELECT id, 'resolved', $2, $3, $4 FROM resolved
      `,
      [ruleId, at, by, text],
    );
  }

  /** Notes what happened. */
  async note(tx: Tx, id: string, kind: IncidentEventKind, at: Date, by: string, text: string): Promise<void> {
    await tx.query(
      `INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, text) VALUES ($1, $2, $3, $4, $5)`,
      [id, kind, at, by, text],
    );
  }

  async change(tx: Tx, id: string, change: IncidentChange): Promise<void> {
    const sets: [column: string, value: unknown][] = [
      ...pair('state', change.state),
      ...pair('cause', change.cause),
      ...pair('resolved_at', change.resolvedAt),
      ...pair('waived_at', change.waivedAt),
      ...pair('escalated_at', change.escalatedAt),
      ...pair('assignee', change.assignee?.login),
      ...pair('assignee_id', change.assignee?.id),
      ...pair('severity', change.severity?.severity),
      ...pair('severity_set_by', change.severity?.by),
      ...pair('acknowledged_at', change.acknowledged?.at),
      ...pair('acknowledged_by', change.acknowledged?.by),
      ...pair('clock_from', change.clock?.from),
      ...pair('due_at', change.clock?.dueAt),
    ];
    if (sets.length === 0) return;
    await tx.query(
      `UPDATE quality.incident SET ${sets.map(([column], at) => `${column} = $${at + 2}`).join(', ')} WHERE id = $1`,
      [id, ...sets.map(([, value]) => value)],
    );
  }

  /** With `tx` the incident is locked. @throws {NotFound} */
  async get(id: string, tx?: Tx): Promise<Incident> {
    if (tx) await tx.query(`SELECT 1 FROM quality.incident WHERE id = $1 FOR UPDATE`, [id]);
    const [found] = await this.ofIds([id], tx);
    if (!found) throw new NotFound('incident', id);
    return found;
  }

  ofIds(ids: readonly string[], tx: Tx | DataSource = this.db): Promise<Incident[]> {
    return rows(tx, `${INCIDENT} WHERE incident.id = ANY ($1) ORDER BY incident.opened_at, incident.id`, [ids]);
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
  openOfRules(ruleIds: readonly string[], tx: Tx | DataSource = this.db): Promise<Incident[]> {
    return rows(
      tx,
      `${INCIDENT} WHERE incident.kind = 'data' AND incident.state NOT IN ${OVER} AND incident.rule_id = ANY ($1)`,
      [ruleIds],
    );
  }

  /** Those whose time has run out and who were not told so. */
  overdue(tx: Tx, at: Date): Promise<Incident[]> {
    return rows(
      tx,
      `
      ${INCIDENT}
       WHERE incident.due_at <= $1 AND incident.escalated_at IS NULL AND incident.state NOT IN ('resolved', 'false_positive', 'waived')
       ORDER BY incident.due_at, incident.id
      `,
      [at],
    );
  }

  /** Newest first. */
  async list(filter: IncidentFilter, { first, after }: PageRequest): Promise<Page<Incident>> {
    const params = paramsOf(filter);
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total ${FROM} WHERE ${WHERE}`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('incidents', after);
    const found = await rows<Incident>(
      this.db,
      `
      ${INCIDENT} WHERE ${WHERE}
         AND ($13::timestamptz IS NULL OR (incident.opened_at, incident.id) < ($13, $14::uuid))
       ORDER BY incident.opened_at DESC, incident.id DESC LIMIT $15
      `,
      [...params, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** How many there are in each state, by severity. */
  counts(filter: IncidentFilter): Promise<IncidentCount[]> {
    return rows(
      this.db,
      `
      SELECT incident.state, incident.severity, count(*)::int AS incidents ${FROM} WHERE ${WHERE}
       GROUP BY incident.state, incident.severity ORDER BY incident.state, incident.severity
      `,
      paramsOf(filter),
    );
  }
}

const pair = (column: string, value: unknown): [string, unknown][] => (value === undefined ? [] : [[column, value]]);

export const incidentCursor = (incident: Incident): string =>
  encodeCursor('incidents', [incident.openedAt.toISOString(), incident.id]);
