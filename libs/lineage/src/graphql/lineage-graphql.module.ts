import { Module, type OnModuleInit } from '@nestjs/common';
import { DictionaryGraphqlModule } from '#graphql/dictionary';
import { Nodes } from '#platform/graphql';

import { LineageModule } from '../lineage.module.js';
import { LiveGraph } from '../graph/live-graph.js';
import { LineageScripts } from '../scripts.js';
import { LineageLoader } from './lineage.loader.js';
import { LineageResolver } from './lineage.resolver.js';
import { toScriptType } from './script.types.js';
import {
  DatasetCoverageResolver,
  LineageEdgeResolver,
  LineageNodeResolver,
  LineagePlaceResolver,
  LineageScriptResolver,
  LineageStatementResolver,
} from './parts.resolver.js';
import { DatasetPipelinesResolver, PipelineResolver } from './pipeline.resolver.js';

@Module({
  imports: [LineageModule, DictionaryGraphqlModule],
  providers: [
    LineageLoader,
    LineageResolver,
    PipelineResolver,
    DatasetPipelinesResolver,
    LineageNodeResolver,
    LineageEdgeResolver,
    LineagePlaceResolver,
    LineageScriptResolver,
    LineageStatementResolver,
    DatasetCoverageResolver,
  ],
})
export class LineageGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly scripts: LineageScripts,
    private readonly graph: LiveGraph,
  ) {}

  onModuleInit(): void {
    // Whoever asks before it is there is answered by the database.
    void this.graph.warm();
    this.nodes.add('LineageScript', async (id) => toScriptType(await this.scripts.get(id)));
  }
}
