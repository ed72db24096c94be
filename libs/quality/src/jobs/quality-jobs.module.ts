import { Module } from '@nestjs/common';

import { QualityModule } from '../quality.module.js';
import { KeepResultsInOrder } from './keep-results-in-order.js';
import { MoveRules } from './move-rules.consumer.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';
import { SuggestRulesProcessor } from './suggest-rules.processor.js';

@Module({
  imports: [QualityModule],
  providers: [SuggestRulesProcessor, RunRulesProcessor, RunRuleSetWhenDueProcessor, MoveRules, KeepResultsInOrder],
})
export class QualityJobsModule {}
