import { Injectable } from '@nestjs/common';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Age, agesOf } from './break.store.js';
import { type RunVerdict, type SignedState } from './reconciliation-run.js';

/** One reconciliation in a report. */
export interface ReconciliationFact {
  readonly reconciliationId: string;
  readonly name: string;
  readonly owner: string;
  readonly leftName: string;
  readonly leftSourceId: string;
  readonly leftSourceName: string;
  /** The source's; empty when nobody has said so. */
  readonly leftDomain: string;
  readonly rightName: string;
  readonly rightSourceId: string;
  readonly rightSourceName: string;
  readonly rightDomain: string;
  /** Runs of the period that came to an end, by verdict. */
  readonly runs: Readonly<Record<RunVerdict, number>>;
  /** The last of them that came to a result; null when there is none. */
  readonly last: {
    readonly runId: string;
    readonly asOf: string;
    readonly cutoff: string | null;
    readonly verdict: RunVerdict;
    readonly leftRows: string | null;
    readonly rightRows: string | null;
    readonly checks: readonly {
      readonly kind: string;
      readonly of: string;
      readonly status: string;
      readonly left: string | null;
      readonly right: string | null;
      readonly difference: string | null;
    }[];
    readonly signed: SignedState;
    readonly signatures: readonly { readonly byWhom: string; readonly at: string; readonly comment: string }[];
  } | null;
  /** Breaks that were open at the end of the period, without those written off by then. */
  readonly openBreaks: number;
  readonly openBreaksByAge: Readonly<Record<Age, number>>;
  readonly writtenOff: number;
}

/** What reports say of reconciliations. */
@Injectable()
export class ReconciliationFacts {
  constructor(private readonly db: DataSource) {}

  /**
   * Each reconciliation with its runs that ended from `from` until before `to`, and its breaks as they were then, by what was known at
   * `knownAt`. Everything comes from rows that are never changed, so that the same question has the same answer for ever.
   *
   * @example
   * const facts = await reconciliations.reportFacts({ from, to, knownAt: clock.now() });
   */
  async reportFacts({
    from,
    to,
    knownAt,
  }: {
    readonly from: Date;
    readonly to: Date;
    readonly knownAt: Date;
  }): Promise<ReconciliationFact[]> {
    const found = await rows<
      Omit<ReconciliationFact, 'openBreaks' | 'openBreaksByAge'> & { days: { days: number; n: number }[] }
    >(this.db, FACTS, [from, to, knownAt]);
    return found.map(({ days, ...fact }) => ({
      ...fact,
      openBreaks: days.reduce((sum, { n }) => sum + n, 0),
      openBreaksByAge: agesOf(days),
    }));
  }
}

const ISO = (sql: string) => `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const FACTS = `
  WITH bounds AS (SELECT $1::timestamptz AS since, least($2::timestamptz, $3::timestamptz) AS until, $3::timestamptz AS known),
  ended AS (
    SELECT run.* FROM reconciliation.run CROSS JOIN bounds
     WHERE run.state = 'succeeded' AND run.finished_at >= bounds.since AND run.finished_at < bounds.until
  ),
  last AS (
    SELECT DISTINCT ON (reconciliation_id) * FROM ended WHERE verdict <> 'error'
     ORDER BY reconciliation_id, finished_at DESC, id DESC
  ),
  decided AS (
    SELECT DISTINCT ON (event.break_id) event.break_id, event.kind
      FROM reconciliation.break_event AS event CROSS JOIN bounds
     WHERE event.kind IN ('explained', 'written_off', 'lifted') AND event.at < bounds.until
     ORDER BY event.break_id, event.at DESC, event.id DESC
  ),
  standing AS (
    SELECT each.reconciliation_id, decided.kind = 'written_off' AS written_off,
           floor(extract(epoch FROM bounds.until - each.first_seen_at) / 86400)::int AS days
      FROM reconciliation.break AS each CROSS JOIN bounds
      LEFT JOIN decided ON decided.break_id = each.id
     WHERE each.first_seen_at < bounds.until AND (each.closed_at IS NULL OR each.closed_at >= bounds.until)
  )
  SELECT reconciliation.id AS "reconciliationId", reconciliation.name, version.owner,
         lefts.qualified_name AS "leftName", left_source.id AS "leftSourceId", left_source.name AS "leftSourceName",
         left_source.domain AS "leftDomain",
         rights.qualified_name AS "rightName", right_source.id AS "rightSourceId", right_source.name AS "rightSourceName",
         right_source.domain AS "rightDomain",
         (SELECT jsonb_build_object('agrees', count(*) FILTER (WHERE verdict = 'agrees'),
                   'breaks', count(*) FILTER (WHERE verdict = 'breaks'),
                   'not_evaluated', count(*) FILTER (WHERE verdict = 'not_evaluated'),
                   'error', count(*) FILTER (WHERE verdict = 'error'))
            FROM ended WHERE ended.reconciliation_id = reconciliation.id) AS runs,
         (SELECT jsonb_build_object(
                   'runId', last.id, 'asOf', ${ISO('last.as_of')}, 'cutoff', ${ISO('last.cutoff')},
                   'verdict', last.verdict, 'leftRows', last.left_rows::text, 'rightRows', last.right_rows::text,
                   'checks', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'of', of_what, 'status', status,
                                       'left', left_figure, 'right', right_figure, 'difference', difference)
                                       ORDER BY position), '[]')
                                FROM reconciliation.check_found WHERE check_found.run_id = last.id),
                   'signed', coalesce((SELECT CASE WHEN max(position) >= max(needed) THEN 'signed' ELSE 'awaiting_second' END
                                         FROM reconciliation.sign_off
                                        WHERE sign_off.run_id = last.id AND sign_off.at <= bounds.known HAVING count(*) > 0),
                                      'unsigned'),
                   'signatures', (SELECT coalesce(jsonb_agg(jsonb_build_object('byWhom', by_whom, 'at', ${ISO('at')},
                                           'comment', comment) ORDER BY position), '[]')
                                    FROM reconciliation.sign_off
                                   WHERE sign_off.run_id = last.id AND sign_off.at <= bounds.known))
            FROM last WHERE last.reconciliation_id = reconciliation.id) AS last,
         (SELECT count(*)::int FROM standing
           WHERE standing.reconciliation_id = reconciliation.id AND standing.written_off IS TRUE) AS "writtenOff",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('days', days, 'n', n)), '[]')
            FROM (SELECT days, count(*) AS n FROM standing
                   WHERE standing.reconciliation_id = reconciliation.id AND standing.written_off IS NOT TRUE
                   GROUP BY days) AS counted) AS days
    FROM reconciliation.reconciliation CROSS JOIN bounds
    JOIN LATERAL (
           SELECT * FROM reconciliation.version AS made
            WHERE made.reconciliation_id = reconciliation.id AND made.made_at <= bounds.known
            ORDER BY made.number DESC LIMIT 1
         ) AS version ON true
    JOIN dictionary.dataset AS lefts ON lefts.id = version.left_dataset_id
    JOIN sources.source AS left_source ON left_source.id = lefts.source_id
    JOIN dictionary.dataset AS rights ON rights.id = version.right_dataset_id
    JOIN sources.source AS right_source ON right_source.id = rights.source_id
   WHERE reconciliation.retired_at IS NULL OR reconciliation.retired_at > bounds.since
   ORDER BY lower(reconciliation.name), reconciliation.id`;
