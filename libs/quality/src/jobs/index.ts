import { type JobsDoor } from '#platform/queue';

import { runRules, runRuleSetWhenDue } from '../run-rules.job.js';
import { MoveRules } from './move-rules.consumer.js';
import { QualityJobsModule } from './quality-jobs.module.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';

export const qualityJobs: JobsDoor = {
  module: QualityJobsModule,
  contracts: [runRules, runRuleSetWhenDue],
  processors: [RunRulesProcessor, RunRuleSetWhenDueProcessor],
  consumers: [MoveRules],
};
