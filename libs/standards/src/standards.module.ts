import { Module } from '@nestjs/common';
import { SourcesModule } from '#sources';

import { CodeSets } from './code-sets.js';
import { Compliance } from './compliance.js';
import { DataElements } from './data-elements.js';
import { Mappings } from './mappings.js';
import { StandardsCheck } from './standards-check.js';
import { Verdicts } from './verdicts.js';

@Module({
  imports: [SourcesModule],
  providers: [CodeSets, DataElements, Mappings, Verdicts, StandardsCheck, Compliance],
  exports: [CodeSets, DataElements, Mappings, Verdicts, StandardsCheck, Compliance],
})
export class StandardsModule {}
