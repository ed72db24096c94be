import { Inject, Injectable } from '@nestjs/common';
import { type Severity } from '#core/rule-engine';
import { CalendarStore } from '#platform/calendar';
import { type Settings, SETTINGS } from '#platform/config';
import { rows, type Tx } from '#platform/database';

import { dueBy } from './incident-clock.js';
import { IncidentTermsStore } from './incident-terms.js';
import { type IncidentDecision, LOOKED_AT, turnOf, type TurnFinding } from './incident-turn.js';
import { type IncidentKind } from './incident.js';

/** What a run did to an incident. */
export interface IncidentTurn {
  readonly incidentId: string;
  readonly kind: IncidentKind;
  readonly ruleId: string | null;
  readonly sourceId: string;
  readonly what: IncidentDecision['what'];
}

/** Who judges incidents waits for whoever does: key of an advisory lock. */
const INCIDENT_LOCK = 7_070_009;

export const lockIncidents = (tx: Tx): Promise<unknown> =>
  tx.query('SELECT pg_advisory_xact_lock($1)', [INCIDENT_LOCK]);

/** Opens, keeps, opens again and resolves incidents after a run. */
@Injectable()
export class IncidentTurns {
  constructor(
    private readonly terms: IncidentTermsStore,
    private readonly calendars: CalendarStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Draws the consequences of a run that has ended. A result that is not its rule's latest any more has none. A failing rule has
   * one open incident, whatever the number of runs; sources that cannot be asked have one each, which says nothing about data.
   */
  async turn(tx: Tx, runId: string, at: Date, by: string): Promise<IncidentTurn[]> {
    await lockIncidents(tx);
    const findings = [...(await this.ofData(tx, runId, at)), ...(await this.ofOperations(tx, runId))];
    const terms = await this.terms.all(tx);
    const due = await this.dueBy(tx);
    const turns = findings.flatMap((finding) => {
      const decision = turnOf(finding, at, terms, due);
      return decision === undefined ? [] : [{ finding, decision }];
    });
    return turns.length === 0 ? [] : this.write(tx, runId, at, by, turns);
  }

  /** How the time that a severity gives is reckoned. */
  async dueBy(tx: Tx): Promise<(from: Date, severity: Severity) => Date> {
    const terms = await this.terms.all(tx);
    const calendar = await this.calendars.calendar(tx);
    return (from, severity) => dueBy(from, terms.get(severity)!, calendar, this.settings.timeZone);
  }

  /** Rules that failed, and those that passed while an incident of theirs is not over. */
  private ofData(tx: Tx, runId: string, at: Date): Promise<TurnFinding[]> {
    return rows(
      tx,
      `
      WITH found AS (
        SELECT result.rule_id, result.dataset_id, result.source_id, result.version_id, result.status, version.severity,
               result.sentence_en, result.sentence_zh, result.violations, result.checked
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
        SELECT DISTINCT ON (rule_id) *
          FROM quality.incident
         WHERE kind = 'data' AND rule_id IN (SELECT rule_id FROM found)
         ORDER BY rule_id, resolved_at DESC NULLS FIRST
      )
      SELECT 'data' AS kind, found.rule_id AS "ruleId", found.source_id AS "sourceId", found.dataset_id AS "datasetId",
             found.version_id AS "versionId", found.status, found.severity, found.sentence_en AS "sentenceEn",
             found.sentence_zh AS "sentenceZh", found.violations, found.checked,
             EXISTS (SELECT FROM quality.waiver
                      WHERE waiver.rule_id = found.rule_id AND waiver.state = 'approved' AND waiver.until > $2) AS waived,
             coalesce(turns.flips, 0) AS flips, ${LAST}
        FROM found
        LEFT JOIN last USING (rule_id)
        LEFT JOIN LATERAL (
               SELECT count(*) FILTER (WHERE status <> before)::int AS flips
                 FROM (SELECT status, lag(status) OVER (ORDER BY finished_at, id) AS before
                         FROM (SELECT status, finished_at, id FROM quality.result
                                WHERE result.rule_id = found.rule_id AND status IN ('pass', 'fail')
                                ORDER BY finished_at DESC, id DESC LIMIT ${LOOKED_AT}) AS latest
                      ) AS pairs
             ) AS turns ON last.id IS NOT NULL
       WHERE found.status = 'fail' OR last.state NOT IN ('resolved', 'false_positive')
       ORDER BY found.rule_id
      `,
      [runId, at],
    ).then((found) => (found as StoredFinding[]).map(asFinding));
  }

  /** Sources that the run could not ask, and those whose incident has no reason any more. */
  private ofOperations(tx: Tx, runId: string): Promise<TurnFinding[]> {
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
      ), newest AS (
        SELECT DISTINCT ON (source_id) *
          FROM quality.incident
         WHERE kind = 'operations'
         ORDER BY source_id, resolved_at DESC NULLS FIRST
      ), found AS (
        SELECT source_id, 'fail' AS status, sentence_en, sentence_zh FROM broken
        UNION ALL
        SELECT source_id, 'pass', sentence_en, sentence_zh
          FROM newest
         WHERE state <> 'resolved' AND source_id NOT IN (SELECT failed_source_id FROM latest)
      )
      SELECT 'operations' AS kind, NULL AS "ruleId", found.source_id AS "sourceId", NULL AS "datasetId", NULL AS "versionId",
             found.status, 'S2' AS severity, found.sentence_en AS "sentenceEn", found.sentence_zh AS "sentenceZh",
             NULL AS violations, NULL AS checked, false AS waived, 0 AS flips, ${LAST}
        FROM found LEFT JOIN newest AS last USING (source_id)
       ORDER BY found.source_id
      `,
      [runId],
    ).then((found) => (found as StoredFinding[]).map(asFinding));
  }

  private async write(
    tx: Tx,
    runId: string,
    at: Date,
    by: string,
    turns: readonly { readonly finding: TurnFinding; readonly decision: IncidentDecision }[],
  ): Promise<IncidentTurn[]> {
    const records = turns.map(({ finding, decision }) => ({
      id: finding.last?.id ?? null,
      what: decision.what,
      kind: finding.kind,
      rule_id: finding.ruleId,
      source_id: finding.sourceId,
      dataset_id: finding.datasetId,
      version_id: finding.versionId,
      sentence_en: finding.sentenceEn,
      sentence_zh: finding.sentenceZh,
      violations: finding.violations,
      checked: finding.checked,
      state: decision.state,
      severity: decision.severity,
      passing_runs: decision.passingRuns,
      flapping: decision.flapping,
      flapping_since: decision.flappingSince,
      resolved_at: decision.resolvedAt,
      clock_from: decision.clockFrom,
      due_at: decision.dueAt,
      escalated_at: decision.escalatedAt,
    }));
    return rows(
      tx,
      `
      WITH decided AS (
        SELECT *
          FROM jsonb_to_recordset($3) AS decided (
                 id uuid, what text, kind text, rule_id uuid, source_id uuid, dataset_id uuid, version_id uuid,
                 sentence_en text, sentence_zh text, violations bigint, checked bigint, state text, severity text,
                 passing_runs integer, flapping text, flapping_since timestamptz, resolved_at timestamptz,
                 clock_from timestamptz, due_at timestamptz, escalated_at timestamptz
               )
      ), opened AS (
        INSERT INTO quality.incident (kind, source_id, dataset_id, rule_id, version_id, severity, sentence_en, sentence_zh,
                                      violations, checked, opened_at, clock_from, due_at, first_run_id, last_run_id,
                                      last_failed_at)
        SELECT kind, source_id, dataset_id, rule_id, version_id, severity, sentence_en, sentence_zh, violations, checked,
               $2, clock_from, due_at, $1, $1, $2
          FROM decided WHERE what = 'opened'
        RETURNING id, kind, rule_id, source_id, 'opened' AS what, NULL AS flapping
      ), failed AS (
        UPDATE quality.incident
           SET state = decided.state, severity = decided.severity, version_id = decided.version_id,
               sentence_en = decided.sentence_en, sentence_zh = decided.sentence_zh, violations = decided.violations,
               checked = decided.checked, last_run_id = $1, last_failed_at = $2, failing_runs = incident.failing_runs + 1,
               passing_runs = 0, flapping_since = decided.flapping_since, resolved_at = NULL,
               clock_from = decided.clock_from, due_at = decided.due_at, escalated_at = decided.escalated_at,
               acknowledged_at = CASE WHEN decided.what = 'reopened' THEN NULL ELSE incident.acknowledged_at END,
               acknowledged_by = CASE WHEN decided.what = 'reopened' THEN NULL ELSE incident.acknowledged_by END
          FROM decided
         WHERE incident.id = decided.id AND decided.what IN ('failed_again', 'reopened')
        RETURNING incident.id, incident.kind, incident.rule_id, incident.source_id, decided.what, decided.flapping
      ), passed AS (
        UPDATE quality.incident
           SET state = decided.state, passing_runs = decided.passing_runs, flapping_since = decided.flapping_since,
               resolved_at = decided.resolved_at, waived_at = CASE WHEN decided.what = 'resolved' THEN NULL ELSE waived_at END,
               parent_id = CASE WHEN decided.what = 'resolved' THEN NULL ELSE parent_id END
          FROM decided
         WHERE incident.id = decided.id AND decided.what IN ('passed', 'resolved')
        RETURNING incident.id, incident.kind, incident.rule_id, incident.source_id, decided.what, decided.flapping
      ), turned AS (
        SELECT * FROM opened UNION ALL SELECT * FROM failed UNION ALL SELECT * FROM passed
      ), told AS (
        INSERT INTO quality.incident_event (incident_id, kind, at, by_whom, run_id)
        SELECT id, what, $2, $4, $1 FROM turned
        UNION ALL
        SELECT id, CASE flapping WHEN 'began' THEN 'flapping' ELSE 'steady' END, $2, $4, $1
          FROM turned WHERE flapping IS NOT NULL
      )
      SELECT id AS "incidentId", kind, rule_id AS "ruleId", source_id AS "sourceId", what FROM turned ORDER BY id
      `,
      [runId, at, JSON.stringify(records), by],
    );
  }
}

const LAST = `
  last.id AS "lastId", last.state AS "lastState", last.severity AS "lastSeverity", last.severity_set_by AS "lastSeveritySetBy",
  last.resolved_at AS "lastResolvedAt", last.version_id AS "lastVersionId", last.passing_runs AS "lastPassingRuns",
  last.flapping_since AS "lastFlappingSince", last.clock_from AS "lastClockFrom", last.due_at AS "lastDueAt",
  last.escalated_at AS "lastEscalatedAt"`;

type Last = NonNullable<TurnFinding['last']>;
type StoredFinding = Omit<TurnFinding, 'last'> & {
  readonly [Key in keyof Last as `last${Capitalize<Key>}`]: Last[Key];
} & {
  readonly lastId: string | null;
};

const asFinding = (found: StoredFinding): TurnFinding => ({
  ...found,
  last:
    found.lastId === null
      ? null
      : {
          ...{ id: found.lastId, state: found.lastState, severity: found.lastSeverity },
          ...{ severitySetBy: found.lastSeveritySetBy, resolvedAt: found.lastResolvedAt },
          ...{ versionId: found.lastVersionId, passingRuns: found.lastPassingRuns },
          ...{ flappingSince: found.lastFlappingSince, clockFrom: found.lastClockFrom },
          ...{ dueAt: found.lastDueAt, escalatedAt: found.lastEscalatedAt },
        },
});
