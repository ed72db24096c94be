import { Module } from '@nestjs/common';
import { QualityModule } from '#quality';
import { SourcesModule } from '#sources';

import { BreakStore } from './break.store.js';
import { Breaks } from './breaks.js';
import { CarryOutReconciliation } from './carry-out-reconciliation.js';
import { ReconciliationFacts } from './reconciliation-facts.js';
import { ReconciliationRunStore } from './reconciliation-run.store.js';
import { ReconciliationRuns } from './reconciliation-runs.js';
import { ReconciliationStore } from './reconciliation.store.js';
import { Reconciliations } from './reconciliations.js';
import { SignOffs } from './sign-offs.js';

@Module({
  imports: [QualityModule, SourcesModule],
  providers: [
    Breaks,
    BreakStore,
    CarryOutReconciliation,
    ReconciliationFacts,
    ReconciliationRuns,
    ReconciliationRunStore,
    Reconciliations,
    ReconciliationStore,
    SignOffs,
  ],
  exports: [Breaks, CarryOutReconciliation, ReconciliationFacts, ReconciliationRuns, Reconciliations, SignOffs],
})
export class ReconciliationModule {}
