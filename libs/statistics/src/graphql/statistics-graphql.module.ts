import { Module } from '@nestjs/common';

import { StatisticsModule } from '../statistics.module.js';
import { StatisticsLoader } from './statistics.loader.js';
import {
  DatasetStatisticsResolver,
  FieldStatisticsResolver,
  SourceStatisticsResolver,
  StatisticsResolver,
} from './statistics.resolver.js';

/** What the values of datasets are like. */
@Module({
  imports: [StatisticsModule],
  providers: [
    StatisticsResolver,
    DatasetStatisticsResolver,
    FieldStatisticsResolver,
    SourceStatisticsResolver,
    StatisticsLoader,
  ],
})
export class StatisticsGraphqlModule {}
