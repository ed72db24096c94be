import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';

import { Breaks } from '../breaks.js';
import { ReconciliationModule } from '../reconciliation.module.js';
import { ReconciliationRuns } from '../reconciliation-runs.js';
import { Reconciliations } from '../reconciliations.js';
import { BreakResolver } from './break.resolver.js';
import { toBreakType } from './break.types.js';
import { ReconciliationLoaders } from './reconciliation.loaders.js';
import { ReconciliationResolver } from './reconciliation.resolver.js';
import { toReconciliationType } from './reconciliation.types.js';
import { ReconciliationRunResolver } from './reconciliation-run.resolver.js';
import { toReconciliationRunType } from './reconciliation-run.types.js';

/** Whether two datasets say the same, and what follows. */
@Module({
  imports: [ReconciliationModule],
  providers: [ReconciliationResolver, ReconciliationRunResolver, BreakResolver, ReconciliationLoaders],
})
export class ReconciliationGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly reconciliations: Reconciliations,
    private readonly runs: ReconciliationRuns,
    private readonly breaks: Breaks,
  ) {}

  onModuleInit(): void {
    this.nodes.add('Reconciliation', async (id) => toReconciliationType(await this.reconciliations.get(id)));
    this.nodes.add('ReconciliationRun', async (id) => toReconciliationRunType(await this.runs.get(id)));
    this.nodes.add('ReconciliationBreak', async (id) => toBreakType(await this.breaks.get(id)));
  }
}
