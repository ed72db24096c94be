import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';

import { SourcesModule } from '../sources.module.js';
import { Sources } from '../sources.js';
import { SourceLimitsResolver } from './limits.resolver.js';
import { SourceLoader } from './source.loader.js';
import { SourcesResolver } from './sources.resolver.js';
import { toSourceType } from './sources.types.js';

/** The registered systems. */
@Module({
  imports: [SourcesModule],
  providers: [SourcesResolver, SourceLimitsResolver, SourceLoader],
  exports: [SourceLoader],
})
export class SourcesGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly sources: Sources,
  ) {}

  onModuleInit(): void {
    this.nodes.add('Source', async (id) => toSourceType(await this.sources.get(id)));
  }
}
