import { Injectable } from '@nestjs/common';
import { rows, type Tx } from '#platform/database';

import { type KnownProposal, type ProposalPlan } from './plan-proposals.js';
import { type ProposalRow } from './proposal.js';

/** The code by which detectors and levels are known. */
export type DetectedBy = Pick<ProposalRow, 'template' | 'detectorVersion'>;

/** A dataset of which it is noted that it was looked at. */
export interface Detected {
  readonly datasetId: string;
  readonly versionId: string;
  readonly sampledRows: number | null;
  readonly problem: string | null;
}

/** Writes what detectors propose. */
@Injectable()
export class ProposalStore {
  /**
   * The datasets of a source to look at, with their schema versions, by name.
   * @param changedSince leaves out what was looked at as it is now, by the same detectors, unless a passing problem stood in the way.
   */
  wanted(
    tx: Tx,
    sourceId: string,
    datasetId: string | undefined,
    changedSince?: DetectedBy & { readonly passing: readonly string[] },
  ): Promise<{ id: string; versionId: string }[]> {
    return rows(
      tx,
      `
      SELECT dataset.id, dataset.version_id AS "versionId"
        FROM dictionary.current_dataset AS dataset
       WHERE dataset.source_id = $1
         AND ($2::uuid IS NULL OR dataset.id = $2)
         AND ($3::int IS NULL
              OR NOT EXISTS (SELECT 1
                               FROM sensitivity.detection AS last
                              WHERE last.dataset_id = dataset.id
                                AND last.version_id = dataset.version_id
                                AND last.detector_version = $3
                                AND last.template = $4
                                AND coalesce(last.problem, '') <> ALL($5::text[])))
       ORDER BY dataset.qualified_name
      `,
      [
        ...[sourceId, datasetId ?? null, changedSince?.detectorVersion ?? null, changedSince?.template ?? null],
        changedSince?.passing ?? [],
      ],
    );
  }

  ofFields(tx: Tx, fieldIds: readonly string[]): Promise<KnownProposal[]> {
    return rows(
      tx,
      `
      SELECT id, field_id AS "fieldId", category, level, template, score::float8 AS score, masked, reasons,
             detector_version AS "detectorVersion", state
        FROM sensitivity.proposal
       WHERE field_id = ANY($1)
      `,
      [fieldIds],
    );
  }

  /** Ids of open proposals about fields that a source has no more. */
  async gone(tx: Tx, sourceId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `
      SELECT proposal.id
        FROM sensitivity.proposal
        JOIN dictionary.field ON field.id = proposal.field_id
        JOIN dictionary.dataset ON dataset.id = field.dataset_id
       WHERE dataset.source_id = $1
         AND proposal.state = 'open'
         AND NOT EXISTS (SELECT 1
                           FROM dictionary.field_version AS version
                          WHERE version.version_id = dataset.current_version_id AND version.field_id = field.id)
      `,
      [sourceId],
    );
    return found.map(({ id }) => id);
  }

  /** What a person decides at the same moment stays. */
  async keep(tx: Tx, { put, withdraw }: ProposalPlan, by: DetectedBy, at: Date): Promise<void> {
    if (withdraw.length > 0)
      await tx.query(`UPDATE sensitivity.proposal SET state = 'withdrawn' WHERE id = ANY($1) AND state = 'open'`, [
        withdraw,
      ]);
    if (put.length === 0) return;
    await tx.query(
      `
      INSERT INTO sensitivity.proposal (field_id, category, level, template, score, masked, reasons, detector_version,
                                        state, proposed_at)
      SELECT found."fieldId", found.category, found.level, $2::text, found.score, found.masked, found.reasons, $3::int,
             'open', $4::timestamptz
        FROM jsonb_to_recordset($1) AS found ("fieldId" uuid, category text, level text, score numeric, masked boolean,
                                              reasons jsonb)
       ORDER BY found."fieldId", found.category
      ON CONFLICT (field_id, category) DO UPDATE
        SET level = excluded.level, template = excluded.template, score = excluded.score, masked = excluded.masked,
            reasons = excluded.reasons, detector_version = excluded.detector_version, state = 'open',
            proposed_at = CASE proposal.state WHEN 'open' THEN proposal.proposed_at ELSE excluded.proposed_at END
      WHERE proposal.state IN ('open', 'withdrawn')
      `,
      [JSON.stringify(put), by.template, by.detectorVersion, at],
    );
  }

  /** Notes as what and how datasets were looked at. */
  async note(tx: Tx, detected: readonly Detected[], by: DetectedBy, at: Date): Promise<void> {
    await tx.query(
      `
      INSERT INTO sensitivity.detection (dataset_id, version_id, detector_version, template, sampled_rows, problem,
                                         detected_at)
      SELECT looked."datasetId", looked."versionId", $3::int, $2::text, looked."sampledRows", looked.problem, $4::timestamptz
        FROM jsonb_to_recordset($1) AS looked ("datasetId" uuid, "versionId" uuid, "sampledRows" integer, problem text)
       ORDER BY looked."datasetId"
      ON CONFLICT (dataset_id) DO UPDATE
        SET version_id = excluded.version_id, detector_version = excluded.detector_version, template = excluded.template,
            sampled_rows = excluded.sampled_rows, problem = excluded.problem, detected_at = excluded.detected_at
      `,
      [JSON.stringify(detected), by.template, by.detectorVersion, at],
    );
  }

  /** Datasets that are gone are looked at again when they come back. */
  async forgetGone(tx: Tx, sourceId: string): Promise<void> {
    await tx.query(
      `
      DELETE FROM sensitivity.detection
       USING dictionary.dataset
       WHERE dataset.id = detection.dataset_id AND dataset.source_id = $1 AND dataset.current_version_id IS NULL
      `,
      [sourceId],
    );
  }
}
