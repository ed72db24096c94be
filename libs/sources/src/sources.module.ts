import { Module } from '@nestjs/common';

import { Sources } from './sources.js';
import { TrustedFolders } from './trusted-folders.js';

@Module({ providers: [Sources, TrustedFolders], exports: [Sources] })
export class SourcesModule {}
