import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';

import { LineageModule } from '../lineage.module.js';
import { LineageScripts } from '../scripts.js';
import { LineageLoader } from './lineage.loader.js';
import { LineageResolver } from './lineage.resolver.js';
import { toScriptType } from './lineage.types.js';
import { LineageEdgeResolver, LineageScriptResolver, LineageStatementResolver } from './parts.resolver.js';

@Module({
  imports: [LineageModule],
  providers: [LineageLoader, LineageResolver, LineageEdgeResolver, LineageScriptResolver, LineageStatementResolver],
})
export class LineageGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly scripts: LineageScripts,
  ) {}

  onModuleInit(): void {
    this.nodes.add('LineageScript', async (id) => toScriptType(await this.scripts.get(id)));
  }
}
