import { Module } from '@nestjs/common';

import { SourceLimits } from './source-limits.js';
import { Sources } from './sources.js';
import { TrustedFolders } from './trusted-folders.js';

@Module({ providers: [Sources, SourceLimits, TrustedFolders], exports: [Sources, SourceLimits] })
export class SourcesModule {}
