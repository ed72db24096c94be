import { type JobsDoor } from '#platform/queue';

import { runRules, runRuleSetWhenDue } from '../run-rules.job.js';
import { suggestRulesJob } from '../suggestions/suggest-rules.job.js';
import { MoveRules } from './move-rules.consumer.js';
import { QualityJobsModule } from './quality-jobs.module.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';
import { SuggestRulesProcessor } from './suggest-rules.processor.js';

export const qualityJobs: JobsDoor = {
  module: QualityJobsModule,
  contracts: [suggestRulesJob, runRules, runRuleSetWhenDue],
  processors: [SuggestRulesProcessor, RunRulesProcessor, RunRuleSetWhenDueProcessor],
  consumers: [MoveRules],
};
