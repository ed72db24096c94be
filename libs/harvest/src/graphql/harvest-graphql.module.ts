import { Module, type OnModuleInit } from '@nestjs/common';
import { SourcesGraphqlModule } from '#graphql/sources';
import { Nodes } from '#platform/graphql';

import { HarvestModule } from '../harvest.module.js';
import { Runs } from '../runs.js';
import { HarvestLoader } from './harvest.loader.js';
import { HarvestResolver, HarvestRunFieldsResolver, SourceHarvestResolver } from './harvest.resolver.js';
import { toHarvestRunType } from './harvest.types.js';

/** Harvests, asked for and past. */
@Module({
  imports: [HarvestModule, SourcesGraphqlModule],
  providers: [HarvestResolver, HarvestRunFieldsResolver, SourceHarvestResolver, HarvestLoader],
})
export class HarvestGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly runs: Runs,
  ) {}

  onModuleInit(): void {
    this.nodes.add('HarvestRun', async (id) => toHarvestRunType(await this.runs.get(id)));
  }
}
