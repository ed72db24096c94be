import { Controller, Get, Param, Res } from '@nestjs/common';
import { Allow, localId } from '#platform/graphql';
import { type FastifyReply } from 'fastify';

import { MEDIA_TYPES, type Report, type ReportFormat } from '../report.js';
import { Reports } from '../reports.js';

const TITLES = {
  quality: { zh: '数据质量报告', en: 'Data quality report' },
  register: { zh: '规则登记册', en: 'Rule register' },
  reconciliation: { zh: '数据核对报告', en: 'Reconciliation report' },
} as const;

/** Hands out the files of reports. */
@Controller('reports')
export class ReportFilesController {
  constructor(private readonly reports: Reports) {}

  @Allow('compliance', 'steward', 'engineer')
  @Get(':id/:format')
  async file(@Param('id') id: string, @Param('format') format: string, @Res() reply: FastifyReply): Promise<void> {
    const { report, content } = await this.reports.file(localId('QualityReport', id, 'id'), format);
    const how = format === 'html' ? 'inline' : 'attachment';
    await reply
      .header('content-type', MEDIA_TYPES[format as ReportFormat] ?? 'application/octet-stream')
      .header('content-disposition', `${how}; ${fileNames(report, format)}`)
      .header('cache-control', 'private, no-store')
      .header('x-content-type-options', 'nosniff')
      // Names of other people's tables are in it: whatever they are, nothing in it runs or loads.
      .header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
      .send(content);
  }
}

/** The file's name after RFC 6266: in ASCII for old programs, and after RFC 5987 as it is. */
function fileNames({ kind, language, sourceName, domain, owner, first, last }: Report, format: string): string {
  const about = [sourceName, domain, owner].filter((part) => part !== null);
  const name = `${[TITLES[kind][language], ...about, first, last].join('_')}.${format}`.replace(
    /[\\/:*?"<>|\p{Cc}]/gu,
    '_',
  );
  const encoded = encodeURIComponent(Buffer.from(name).toString()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${kind}-report_${first}_${last}.${format}"; filename*=UTF-8''${encoded}`;
}
