import { type JobsDoor } from '#platform/queue';

import { reconcileDatasets, reconcileWhenDue } from '../reconcile.job.js';
import { ReconcileDatasetsProcessor } from './reconcile-datasets.processor.js';
import { ReconcileWhenDueProcessor } from './reconcile-when-due.processor.js';
import { ReconciliationJobsModule } from './reconciliation-jobs.module.js';

export const reconciliationJobs: JobsDoor = {
  module: ReconciliationJobsModule,
  contracts: [reconcileDatasets, reconcileWhenDue],
  processors: [ReconcileDatasetsProcessor, ReconcileWhenDueProcessor],
  consumers: [],
};
