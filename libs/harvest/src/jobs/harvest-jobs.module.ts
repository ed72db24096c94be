import { Module } from '@nestjs/common';

import { SourcesModule } from '#sources';

import { HarvestModule } from '../harvest.module.js';
import { ForgetScheduleConsumer } from './forget-schedule.consumer.js';
import { HarvestSourceProcessor } from './harvest-source.processor.js';

@Module({ imports: [HarvestModule, SourcesModule], providers: [HarvestSourceProcessor, ForgetScheduleConsumer] })
export class HarvestJobsModule {}
