import { Module } from '@nestjs/common';
import { DictionaryModule } from '#dictionary';
import { SensitivityModule } from '#sensitivity';
import { SourcesModule } from '#sources';

import { FieldSecrecy } from './field-secrecy.js';
import { Forgetting } from './forgetting.js';
import { Statistics } from './statistics.js';
import { StatisticsRun } from './statistics-run.js';
import { StatisticsStore } from './statistics.store.js';

@Module({
  imports: [SourcesModule, DictionaryModule, SensitivityModule],
  providers: [Statistics, StatisticsRun, StatisticsStore, FieldSecrecy, Forgetting],
  exports: [Statistics, StatisticsRun, StatisticsStore, FieldSecrecy, Forgetting],
})
export class StatisticsModule {}
