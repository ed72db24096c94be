import { Module } from '@nestjs/common';
import { DictionaryModule } from '#dictionary';
import { SourcesModule } from '#sources';

import { DeclaredStore } from './declared.store.js';
import { GraphStore } from './graph.store.js';
import { LineageGraph } from './lineage-graph.js';
import { LineageReader } from './lineage-reader.js';
import { ManualEdges } from './manual-edges.js';
import { NamesStore } from './names.store.js';
import { ObservedLineage } from './observed-lineage.js';
import { PipelineDescriptions } from './pipeline-descriptions.js';
import { PipelineReader } from './pipeline-reader.js';
import { PipelineReports } from './pipeline-reports.js';
import { LineagePipelines } from './pipelines.js';
import { ReadingStore } from './reading.store.js';
import { ScriptStore } from './script.store.js';
import { LineageScripts } from './scripts.js';
import { WalkStore } from './walk.store.js';

@Module({
  imports: [SourcesModule, DictionaryModule],
  providers: [
    ...[NamesStore, DeclaredStore, ScriptStore, ReadingStore, WalkStore, GraphStore],
    ...[
      LineageReader,
      PipelineReader,
      PipelineDescriptions,
      PipelineReports,
      LineageScripts,
      LineagePipelines,
      LineageGraph,
      ManualEdges,
      ObservedLineage,
    ],
  ],
  exports: [
    LineageReader,
    LineageScripts,
    LineagePipelines,
    PipelineReports,
    LineageGraph,
    ManualEdges,
    ObservedLineage,
    GraphStore,
  ],
})
export class LineageModule {}
