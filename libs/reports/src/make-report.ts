import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, Clock } from '#kernel';
import { Scores } from '#quality';
import { Sources } from '#sources';

import { type QualityReportFacts } from './quality-report.facts.js';
import { type Bounds, QualityReportStore } from './quality-report.store.js';
import { qualityReportCsv } from './render/quality-report-csv.js';
import { qualityReportHtml } from './render/quality-report-html.js';
import { type Report, type ReportFormat } from './report.js';
import { ReportStore } from './report.store.js';
import { ReportTooLarge } from './reports.errors.js';

/** A spreadsheet reads no more than about a million lines, and nobody reads a hundred megabytes. */
const MOST_CSV_RESULTS = 200_000;

/** Makes the files of a report out of stored runs. */
@Injectable()
export class MakeReport {
  constructor(
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly reports: ReportStore,
    private readonly facts: QualityReportStore,
    private readonly scores: Scores,
    private readonly sources: Sources,
  ) {}

  /** Does nothing when the report has been made. @throws {NotFound} {@link ReportTooLarge} */
  async make(reportId: string, actor: Actor, signal: AbortSignal): Promise<Report> {
    const report = await this.reports.get(reportId);
    if (report.madeAt !== null) return report;
    const bounds = await this.facts.boundsOf(report);
    const { results } = await this.facts.totals(report.sourceId, bounds);
    if (report.formats.includes('csv') && results > MOST_CSV_RESULTS)
      throw new ReportTooLarge(results, MOST_CSV_RESULTS);
    const files = new Map<ReportFormat, { content: Buffer; sha256: string }>();
    for (const format of report.formats) {
      signal.throwIfAborted();
      const content = await this.contentOf(format, report, bounds);
      files.set(format, { content, sha256: createHash('sha256').update(content).digest('hex') });
    }
    try {
      await this.changes.make(actor, async (change) => {
        if (!(await this.reports.keepFiles(change.tx, reportId, files, change.at))) throw new MadeBefore();
        await change.record(
          'report.made',
          { kind: 'report', id: reportId, name: `${report.sourceName} ${report.first} – ${report.last}` },
          { files: Object.fromEntries([...files].map(([format, { sha256 }]) => [format, sha256])) },
        );
      });
    } catch (error) {
      if (!(error instanceof MadeBefore)) throw error;
    }
    return this.reports.get(reportId);
  }

  private async contentOf(format: ReportFormat, report: Report, bounds: Bounds): Promise<Buffer> {
    switch (format) {
      case 'html':
        return Buffer.from(qualityReportHtml(await this.factsOf(report, bounds), report.language));
      case 'csv':
        return qualityReportCsv(this.facts.results(report.sourceId, bounds), report.timeZone, report.language);
      default:
        return format satisfies never;
    }
  }

  private async factsOf(report: Report, bounds: Bounds): Promise<QualityReportFacts> {
    const { sourceId, first, last, timeZone } = report;
    const [source] = await this.sources.ofIds([sourceId]);
    const counts = await this.facts.counts(sourceId, bounds, timeZone);
    return {
      reportId: report.id,
      sourceName: report.sourceName,
      sourceKind: source?.kind ?? '',
      namespace: source?.namespace ?? '',
      period: { first, last, timeZone },
      madeAt: this.clock.now(),
      requestedBy: report.requestedBy,
      runs: (await this.facts.totals(sourceId, bounds)).runs,
      counts: counts.all,
      // The period's last moment; the bound itself belongs to the next day.
      score: await this.scores.ofSource(sourceId, new Date(bounds.end.getTime() - 1)),
      dimensionCounts: counts.dimensions,
      dayCounts: counts.days,
      rules: await this.facts.rules(sourceId, bounds),
      incidents: await this.facts.incidents(sourceId, bounds),
    };
  }
}

/** Takes the transaction of a second making back. */
class MadeBefore extends Error {}
