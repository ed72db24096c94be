import { Module } from '@nestjs/common';
import { type JobsDoor } from '#platform/queue';

import { DictionaryModule } from '../dictionary.module.js';
import { indexForSearch } from '../index-for-search.job.js';
import { IndexForSearchProcessor } from './index-for-search.processor.js';

@Module({ imports: [DictionaryModule], providers: [IndexForSearchProcessor] })
class DictionaryJobsModule {}

export const dictionaryJobs: JobsDoor = {
  module: DictionaryJobsModule,
  contracts: [indexForSearch],
  processors: [IndexForSearchProcessor],
  consumers: [],
};
