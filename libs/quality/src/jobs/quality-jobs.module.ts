import { Module } from '@nestjs/common';

import { QualityModule } from '../quality.module.js';
import { RunRuleSetWhenDueProcessor } from './run-rule-set-when-due.processor.js';
import { RunRulesProcessor } from './run-rules.processor.js';

@Module({ imports: [QualityModule], providers: [RunRulesProcessor, RunRuleSetWhenDueProcessor] })
export class QualityJobsModule {}
