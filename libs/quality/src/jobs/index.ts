import { type JobsDoor } from '#platform/queue';

import { IncidentsTurnedConsumer } from './incidents-turned.consumer.js';
import { runRules, runRuleSetAfter, runRuleSetWhenDue } from '../run-rules.job.js';
import { suggestRulesJob } from '../suggestions/suggest-rules.job.js';
import { MoveRules } from './move-rules.consumer.js';
import { QualityJobsModule } from './quality-jobs.module.js';
import { RunAfterHarvest, RunAfterPipeline } from './run-after.consumers.js';
import { RunRuleSetAfterProcessor } from './run-rule-set-after.processor.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';
import { watchIncidents } from '../watch-incidents.job.js';
import { SuggestRulesProcessor } from './suggest-rules.processor.js';
import { WatchIncidentsProcessor } from './watch-incidents.processor.js';

export const qualityJobs: JobsDoor = {
  module: QualityJobsModule,
  contracts: [suggestRulesJob, runRules, runRuleSetAfter, runRuleSetWhenDue, watchIncidents],
  processors: [
    SuggestRulesProcessor,
    RunRulesProcessor,
    RunRuleSetAfterProcessor,
    RunRuleSetWhenDueProcessor,
    WatchIncidentsProcessor,
  ],
  consumers: [MoveRules, RunAfterHarvest, RunAfterPipeline, IncidentsTurnedConsumer],
};
