import { dictionaryJobs } from '#jobs/dictionary';
import { harvestJobs } from '#jobs/harvest';
import { lineageJobs } from '#jobs/lineage';
import { openLineageJobs } from '#jobs/open-lineage';
import { masterDataJobs } from '#jobs/master-data';
import { notificationsJobs } from '#jobs/notifications';
import { qualityJobs } from '#jobs/quality';
import { reconciliationJobs } from '#jobs/reconciliation';
import { reportsJobs } from '#jobs/reports';
import { runEventsJobs } from '#jobs/run-events';
import { sensitivityJobs } from '#jobs/sensitivity';
import { standardsJobs } from '#jobs/standards';
import { statisticsJobs } from '#jobs/statistics';
import { type JobsDoor } from '#platform/queue';

/** The jobs doors of the domains, in the order of the floors. */
export const doors: readonly JobsDoor[] = [
  notificationsJobs,
  dictionaryJobs,
  harvestJobs,
  sensitivityJobs,
  statisticsJobs,
  standardsJobs,
  lineageJobs,
  openLineageJobs,
  qualityJobs,
  reconciliationJobs,
  masterDataJobs,
  runEventsJobs,
  reportsJobs,
];
