import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, Clock } from '#kernel';
import { type Notice, Notifications, type Said, same } from '#notifications';
import { Sources } from '#sources';

import { type ReportDocument } from './document/document.js';
import { qualityDocument } from './document/quality-document.js';
import { reconciliationDocument } from './document/reconciliation-document.js';
import { registerDocument } from './document/register-document.js';
import { Words } from './document/words.js';
import { factsDigest, GatherFacts } from './gather-facts.js';
import { type ReportFacts, type ReportHead, sourcesIn, totalOf } from './quality-report.facts.js';
import { QualityReportStore } from './quality-report.store.js';
import { htmlOf } from './render/html.js';
import { pdfOf } from './render/pdf.js';
import { qualityReportCsv } from './render/quality-report-csv.js';
import { tableCsv } from './render/table-csv.js';
import { xlsxOf } from './render/xlsx.js';
import { type Report, type ReportFormat } from './report.js';
import { ReportStore } from './report.store.js';
import { MEDIA_TYPES } from './report.js';
import { ReportTooLarge } from './reports.errors.js';

/** A spreadsheet reads no more than about a million lines, and nobody reads a hundred megabytes. */
const MOST_CSV_RESULTS = 200_000;

export interface MakeCall {
  readonly actor: Actor;
  readonly signal: AbortSignal;
  progress(share: number, message?: string): void;
}

/** Makes the files of a report out of stored runs. */
@Injectable()
export class MakeReport {
  constructor(
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly reports: ReportStore,
    private readonly gather: GatherFacts,
    private readonly store: QualityReportStore,
    private readonly sources: Sources,
    private readonly notifications: Notifications,
  ) {}

  /** Does nothing when the report has been made. @throws {NotFound} {@link ReportTooLarge} */
  async make(reportId: string, { actor, signal, progress }: MakeCall): Promise<Report> {
    const report = await this.reports.get(reportId);
    if (report.madeAt !== null) return report;
    const facts = await this.gather.of(report, signal);
    const results = facts.kind === 'quality' ? totalOf(facts.counts) : 0;
    if (report.formats.includes('csv') && results > MOST_CSV_RESULTS)
      throw new ReportTooLarge(results, MOST_CSV_RESULTS);
    const head = await this.headOf(report, facts);
    const document = documentOf(facts, head, report);
    const files = new Map<ReportFormat, { content: Buffer; sha256: string }>();
    for (const [at, format] of report.formats.entries()) {
      signal.throwIfAborted();
      progress((at + 1) / (report.formats.length + 1), format);
      const content = await this.contentOf(format, report, facts, head, document);
      files.set(format, { content, sha256: createHash('sha256').update(content).digest('hex') });
    }
    try {
      await this.changes.make(actor, async (change) => {
        if (!(await this.reports.keepFiles(change.tx, reportId, files, head.factsSha256, change.at)))
          throw new MadeBefore();
        await change.record(
          'report.made',
          { kind: 'report', id: reportId, name: `${report.sourceName ?? ''} ${report.first} – ${report.last}`.trim() },
          {
            factsSha256: head.factsSha256,
            files: Object.fromEntries([...files].map(([format, { sha256 }]) => [format, sha256])),
          },
        );
        await this.notifications.send(change.tx, noticeOf(report, facts, head, files));
      });
    } catch (error) {
      if (!(error instanceof MadeBefore)) throw error;
    }
    return this.reports.get(reportId);
  }

  private async headOf(report: Report, facts: ReportFacts): Promise<ReportHead> {
    const ids = sourcesIn(facts).concat(report.sourceId ?? []);
    return {
      ...{ kind: report.kind, report, madeAt: this.clock.now(), factsSha256: factsDigest(facts) },
      sources: Object.fromEntries((await this.sources.ofIds(ids)).map(({ id, name }) => [id, name])),
    };
  }

  private async contentOf(
    format: ReportFormat,
    report: Report,
    facts: ReportFacts,
    head: ReportHead,
    document: ReportDocument,
  ): Promise<Buffer> {
    switch (format) {
      case 'html':
        return Buffer.from(htmlOf(document, report.language));
      case 'pdf':
        return pdfOf(document, report.language);
      case 'xlsx':
        return xlsxOf(document, report.timeZone);
      case 'json':
        return Buffer.from(JSON.stringify({ head: { ...head, report: shownOf(report) }, facts }, undefined, 1));
      case 'csv': {
        if (facts.kind !== 'quality') return tableCsv(document);
        const bounds = await this.store.boundsOf(report, report.knownAt);
        const results = this.store.results(
          facts.rules.map(({ ruleId }) => ruleId),
          bounds,
        );
        return qualityReportCsv(results, report.timeZone, report.language);
      }
      default:
        return format satisfies never;
    }
  }
}

function documentOf(facts: ReportFacts, head: ReportHead, { language }: Report): ReportDocument {
  switch (facts.kind) {
    case 'quality':
      return qualityDocument(facts, head, language);
    case 'register':
      return registerDocument(facts, head, language);
    case 'reconciliation':
      return reconciliationDocument(facts, head, language);
    default:
      return facts satisfies never;
  }
}

const shownOf = ({
  id,
  kind,
  sourceId,
  sourceName,
  domain,
  owner,
  first,
  last,
  timeZone,
  knownAt,
  requestedBy,
}: Report) => ({
  ...{ id, kind, sourceId, sourceName, domain, owner, first, last, timeZone, knownAt, requestedBy },
});

/** Told to whoever subscribed to reports; mail carries what is to be read. */
function noticeOf(
  report: Report,
  facts: ReportFacts,
  head: ReportHead,
  files: ReadonlyMap<ReportFormat, { readonly content: Buffer }>,
): Notice {
  const words = { zh: new Words('zh', report.timeZone), en: new Words('en', report.timeZone) };
  const said = (tell: (of: Words) => string): Said => ({ zh: tell(words.zh), en: tell(words.en) });
  const titled = said((of) => of.titleOf(report.kind));
  const attachments = (['pdf', 'xlsx', 'html'] as const).flatMap((format) => {
    const content = files.get(format)?.content;
    if (content === undefined || content.length > LARGEST_ATTACHMENT) return [];
    return [
      { name: `${report.kind}_${report.first}_${report.last}.${format}`, mediaType: MEDIA_TYPES[format], content },
    ];
  });
  return {
    ...{
      event: 'report_made',
      key: `report ${report.id}`,
      about: `report ${report.id}`,
      path: '/reports',
      attachments,
    },
    title: said((of) => `${titled[of.language]} · ${of.aboutOf(head)} · ${report.first} ${of.texts.to} ${report.last}`),
    facts: figuresOf(facts, said),
    ...(report.sourceId !== null && { sourceId: report.sourceId }),
    ...(report.domain !== null && { domain: report.domain }),
    ...(report.owner !== null && { owner: report.owner }),
  };
}

/** What a message about a report says of it. */
function figuresOf(facts: ReportFacts, said: (tell: (of: Words) => string) => Said): Notice['facts'] {
  switch (facts.kind) {
    case 'quality':
      return [
        { label: said((of) => of.texts.score), value: said((of) => of.share(facts.score.score).text) },
        { label: said((of) => of.texts.coverage), value: said((of) => of.share(facts.score.coverage).text) },
      ];
    case 'register':
      return [{ label: said((of) => of.texts.register), value: same(String(facts.rules.length)) }];
    case 'reconciliation': {
      const open = facts.reconciliations.reduce((sum, { openBreaks }) => sum + openBreaks, 0);
      return [
        { label: said((of) => of.texts.reconciliations), value: same(String(facts.reconciliations.length)) },
        { label: said((of) => of.texts.openBreaks), value: same(String(open)) },
      ];
    }
    default:
      return facts satisfies never;
  }
}

const LARGEST_ATTACHMENT = 10 * 1024 * 1024;

/** Takes the transaction of a second making back. */
class MadeBefore extends Error {}
