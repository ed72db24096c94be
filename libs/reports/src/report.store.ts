import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { type Period } from './period.js';
import {
  type Language,
  type Report,
  type ReportFormat,
  type ReportKind,
  type ReportPlan,
  type ReportScope,
} from './report.js';
import { ReportFileMissing } from './reports.errors.js';

export interface ReportWish extends ReportScope {
  readonly kind: ReportKind;
  readonly datasetIds: readonly string[] | null;
  readonly knownAt: Date;
  readonly period: Period;
  readonly language: Language;
  readonly formats: readonly ReportFormat[];
  readonly plan?: { readonly id: string; readonly dueAt: Date };
}

const REPORT = `
  SELECT report.id, report.kind, report.source_id AS "sourceId", source.name AS "sourceName", report.domain, report.owner,
         report.dataset_ids AS "datasetIds", report.known_at AS "knownAt", report.facts_sha256 AS "factsSha256",
         to_char(report.first_day, 'YYYY-MM-DD') AS first, to_char(report.last_day, 'YYYY-MM-DD') AS last,
         report.time_zone AS "timeZone", report.language, report.formats, report.due_at AS "dueAt",
         report.job_id AS "jobId", report.state, report.error_message AS "errorMessage",
         report.requested_at AS "requestedAt", report.requested_by AS "requestedBy", report.made_at AS "madeAt",
         coalesce(
           (SELECT jsonb_agg(
                     jsonb_build_object('format', format, 'bytes', length(content), 'sha256', sha256) ORDER BY format DESC
                   )
              FROM reports.file WHERE file.report_id = report.id),
           '[]'
         ) AS files
    FROM reports.report_now AS report
    LEFT JOIN sources.source ON source.id = report.source_id`;

const PLAN = `
  SELECT id, kind, source_id AS "sourceId", domain, owner, period, language, formats, time_zone AS "timeZone" FROM reports.plan`;

@Injectable()
export class ReportStore {
  constructor(private readonly db: DataSource) {}

  /** Writes a report without its files; undefined when the plan has one for this due time already. */
  async insert(tx: Tx, wish: ReportWish, at: Date, by: string) {
    const { kind, sourceId, domain, owner, datasetIds, knownAt, period, language, formats, plan } = wish;
    const added = await row<{ id: string }>(
      tx,
      `
      INSERT INTO reports.report (kind, source_id, domain, owner, dataset_ids, known_at, first_day, last_day, time_zone,
                                  language, formats, plan_id, due_at, requested_at, requested_by)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      ON CONFLICT ON CONSTRAINT one_report_per_due_time DO NOTHING RETURNING id
      `,
      [
        ...[
          kind,
          sourceId,
          domain,
          owner,
          datasetIds,
          knownAt,
          period.first,
          period.last,
          period.timeZone,
          language,
          formats,
        ],
        ...[plan?.id ?? null, plan?.dueAt ?? null, at, by],
      ],
    );
    return added?.id;
  }

  async setJob(tx: Tx, id: string, jobId: string): Promise<void> {
    await tx.query(`UPDATE reports.report SET job_id = $2 WHERE id = $1`, [id, jobId]);
  }

  /** Keeps the files; false when the report has been made before. */
  async keepFiles(
    tx: Tx,
    id: string,
    files: ReadonlyMap<ReportFormat, { readonly content: Buffer; readonly sha256: string }>,
    factsSha256: string,
    at: Date,
  ): Promise<boolean> {
    const made = await rows(
      tx,
      `
      WITH made AS (
        UPDATE reports.report SET made_at = $2, facts_sha256 = $3 WHERE id = $1 AND made_at IS NULL RETURNING id
      )
      SELECT id FROM made
      `,
      [id, at, factsSha256],
    );
    if (made.length === 0) return false;
    for (const [format, { content, sha256 }] of files)
      await tx.query(`INSERT INTO reports.file (report_id, format, content, sha256) VALUES ($1, $2, $3, $4)`, [
        ...[id, format, content, sha256],
      ]);
    return true;
  }

  /** @throws {ReportFileMissing} */
  async content(id: string, format: string): Promise<Buffer> {
    const found = await row<{ content: Buffer }>(
      this.db,
      `SELECT content FROM reports.file WHERE report_id = $1 AND format = $2`,
      [id, format],
    );
    if (!found) throw new ReportFileMissing(id, format);
    return found.content;
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<Report> {
    const found = await row<Report>(this.db, `${REPORT} WHERE report.id = $1`, [id]);
    if (!found) throw new NotFound('report', id);
    return found;
  }

  /** Newest first. */
  async list(sourceId: string | undefined, { first, after }: PageRequest): Promise<Page<Report>> {
    const where = `($1::uuid IS NULL OR report.source_id = $1)`;
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM reports.report WHERE ${where}`,
      [sourceId ?? null],
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('reports', after);
    const found = await rows<Report>(
      this.db,
      `
      ${REPORT} WHERE ${where}
         AND ($2::timestamptz IS NULL OR (report.requested_at, report.id) < ($2, $3::uuid))
       ORDER BY report.requested_at DESC, report.id DESC LIMIT $4
      `,
      [sourceId ?? null, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  async putPlan(tx: Tx, plan: Omit<ReportPlan, 'id'>, at: Date): Promise<ReportPlan> {
    const put = await row<{ id: string }>(
      tx,
      `
      INSERT INTO reports.plan (kind, source_id, domain, owner, period, language, formats, time_zone, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT ON CONSTRAINT one_plan_per_scope
        DO UPDATE SET formats = excluded.formats, time_zone = excluded.time_zone
      RETURNING id
      `,
      [
        ...[plan.kind, plan.sourceId, plan.domain, plan.owner, plan.period, plan.language, plan.formats, plan.timeZone],
        at,
      ],
    );
    if (!put) throw new Error('The plan was not written.');
    return { ...plan, id: put.id };
  }

  /** @throws {NotFound} */
  async plan(id: string): Promise<ReportPlan> {
    const found = await row<ReportPlan>(this.db, `${PLAN} WHERE id = $1`, [id]);
    if (!found) throw new NotFound('report plan', id);
    return found;
  }

  async planOf({ kind, sourceId, domain, owner, period, language }: Omit<ReportPlan, 'id' | 'formats' | 'timeZone'>) {
    return row<ReportPlan>(
      this.db,
      `
      ${PLAN} WHERE kind = $1 AND source_id IS NOT DISTINCT FROM $2 AND domain IS NOT DISTINCT FROM $3
                AND owner IS NOT DISTINCT FROM $4 AND period = $5 AND language = $6
      `,
      [kind, sourceId, domain, owner, period, language],
    );
  }

  plans(sourceId: string | undefined): Promise<ReportPlan[]> {
    return rows(this.db, `${PLAN} WHERE $1::uuid IS NULL OR source_id = $1 ORDER BY source_id, period, language`, [
      sourceId ?? null,
    ]);
  }
}

export const reportCursor = (report: Report): string =>
  encodeCursor('reports', [report.requestedAt.toISOString(), report.id]);
