import { Module } from '@nestjs/common';

import { QualityModule } from '../quality.module.js';
import { IncidentsTurnedConsumer } from './incidents-turned.consumer.js';
import { KeepResultsInOrder } from './keep-results-in-order.js';
import { MoveRules } from './move-rules.consumer.js';
import { RunAfterHarvest, RunAfterPipeline } from './run-after.consumers.js';
import { RunRuleSetAfterProcessor } from './run-rule-set-after.processor.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';
import { SuggestRulesProcessor } from './suggest-rules.processor.js';
import { WatchIncidentsProcessor } from './watch-incidents.processor.js';

@Module({
  imports: [QualityModule],
  providers: [
    SuggestRulesProcessor,
    RunRulesProcessor,
    RunRuleSetWhenDueProcessor,
    MoveRules,
    KeepResultsInOrder,
    WatchIncidentsProcessor,
    IncidentsTurnedConsumer,
    RunRuleSetAfterProcessor,
    RunAfterHarvest,
    RunAfterPipeline,
  ],
})
export class QualityJobsModule {}
