import { Module } from '@nestjs/common';

import { ReconciliationModule } from '../reconciliation.module.js';
import { ReconcileDatasetsProcessor } from './reconcile-datasets.processor.js';
import { ReconcileWhenDueProcessor } from './reconcile-when-due.processor.js';

@Module({ imports: [ReconciliationModule], providers: [ReconcileDatasetsProcessor, ReconcileWhenDueProcessor] })
export class ReconciliationJobsModule {}
