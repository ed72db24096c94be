import { Module } from '@nestjs/common';
import { DictionaryModule } from '#dictionary';
import { SourcesModule } from '#sources';

import { Harvests } from './harvests.js';
import { Reader } from './reader.js';
import { Runs } from './runs.js';
import { ScopeReader } from './scope-reader.js';

@Module({
  imports: [SourcesModule, DictionaryModule],
  providers: [Harvests, Runs, Reader, ScopeReader],
  exports: [Harvests, Runs, Reader],
})
export class HarvestModule {}
