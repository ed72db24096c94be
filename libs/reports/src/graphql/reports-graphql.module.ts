import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';

import { ReportsModule } from '../reports.module.js';
import { Reports } from '../reports.js';
import { ReportFilesController } from './report-files.controller.js';
import { toReportType } from './report.types.js';
import { ReportsResolver } from './reports.resolver.js';

/** Quality reports, and their files over HTTP. */
@Module({ imports: [ReportsModule], providers: [ReportsResolver], controllers: [ReportFilesController] })
export class ReportsGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly reports: Reports,
  ) {}

  onModuleInit(): void {
    this.nodes.add('QualityReport', async (id) => toReportType(await this.reports.get(id)));
  }
}
