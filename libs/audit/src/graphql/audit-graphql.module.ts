import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { AuditResolver } from './audit.resolver.js';
import { JobResolver } from './job.resolver.js';
import { toJobType } from './job.types.js';
import { JobUpdates } from './job-updates.js';

/** What was done and what is being done: audit entries and jobs. */
@Module({ providers: [AuditResolver, JobResolver, JobUpdates] })
export class AuditGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly jobs: JobStore,
  ) {}

  onModuleInit(): void {
    this.nodes.add('Job', async (id) => toJobType(await this.jobs.get(id)));
  }
}
