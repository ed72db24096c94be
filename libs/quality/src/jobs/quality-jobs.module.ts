import { Module } from '@nestjs/common';

import { QualityModule } from '../quality.module.js';
import { MoveRules } from './move-rules.consumer.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';

@Module({ imports: [QualityModule], providers: [RunRulesProcessor, RunRuleSetWhenDueProcessor, MoveRules] })
export class QualityJobsModule {}
