import { Module } from '@nestjs/common';

import { QualityModule } from '../quality.module.js';
import { KeepResultsInOrder } from './keep-results-in-order.js';
import { MoveRules } from './move-rules.consumer.js';
import { RunAfterHarvest, RunAfterPipeline } from './run-after.consumers.js';
import { RunRuleSetAfterProcessor } from './run-rule-set-after.processor.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';

@Module({
  imports: [QualityModule],
  providers: [
    RunRulesProcessor,
    RunRuleSetAfterProcessor,
    RunRuleSetWhenDueProcessor,
    MoveRules,
    RunAfterHarvest,
    RunAfterPipeline,
    KeepResultsInOrder,
  ],
})
export class QualityJobsModule {}
