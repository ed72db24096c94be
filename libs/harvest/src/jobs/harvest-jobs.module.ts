import { Module } from '@nestjs/common';

import { HarvestModule } from '../harvest.module.js';
import { ForgetScheduleConsumer } from './forget-schedule.consumer.js';
import { HarvestSourceProcessor } from './harvest-source.processor.js';

@Module({ imports: [HarvestModule], providers: [HarvestSourceProcessor, ForgetScheduleConsumer] })
export class HarvestJobsModule {}
