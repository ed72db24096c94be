import { Module } from '@nestjs/common';
import { SourcesModule } from '#sources';

import { BuildPlanner } from './build-plan.js';
import { GoldenBuild } from './golden-build.js';
import { GoldenRecords } from './golden-records.js';
import { GoldenWriter } from './golden-writer.js';
import { MasterEntities } from './master-entities.js';
import { RowStaging } from './row-staging.js';
import { Sealing } from './sealing.js';

@Module({
  imports: [SourcesModule],
  providers: [MasterEntities, Sealing, BuildPlanner, RowStaging, GoldenWriter, GoldenBuild, GoldenRecords],
  exports: [MasterEntities, GoldenBuild, GoldenRecords],
})
export class MasterDataModule {}
