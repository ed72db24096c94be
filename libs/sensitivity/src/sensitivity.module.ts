import { Module } from '@nestjs/common';
import { DictionaryModule } from '#dictionary';
import { SourcesModule } from '#sources';

import { Detection } from './detection.js';
import { Detections } from './detections.js';
import { ProposalStore } from './proposal.store.js';
import { Proposals } from './proposals.js';

@Module({
  imports: [SourcesModule, DictionaryModule],
  providers: [Proposals, ProposalStore, Detection, Detections],
  exports: [Proposals, Detection, Detections],
})
export class SensitivityModule {}
