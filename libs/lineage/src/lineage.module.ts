import { Module } from '@nestjs/common';
import { DictionaryModule } from '#dictionary';
import { SourcesModule } from '#sources';

import { DeclaredStore } from './declared.store.js';
import { GraphStore } from './graph.store.js';
import { EdgesStore } from './graph/edges.store.js';
import { LiveGraph } from './graph/live-graph.js';
import { LineageCauses } from './lineage-causes.js';
import { LineageCoverage } from './lineage-coverage.js';
import { LineageDiff } from './lineage-diff.js';
import { LineageGraph } from './lineage-graph.js';
import { LineageImpact } from './lineage-impact.js';
import { LineageReader } from './lineage-reader.js';
import { ManualEdges } from './manual-edges.js';
import { NamesStore } from './names.store.js';
import { ObservedLineage } from './observed-lineage.js';
import { PipelineDescriptions } from './pipeline-descriptions.js';
import { PipelineReader } from './pipeline-reader.js';
import { PipelineReports } from './pipeline-reports.js';
import { LineagePipelines } from './pipelines.js';
import { QueryLogStore } from './query-log.store.js';
import { QueryLogs } from './query-logs.js';
import { ReadingStore } from './reading.store.js';
import { ScriptStore } from './script.store.js';
import { LineageScripts } from './scripts.js';

@Module({
  imports: [SourcesModule, DictionaryModule],
  providers: [
    ...[NamesStore, DeclaredStore, ScriptStore, ReadingStore, GraphStore, EdgesStore, LiveGraph, QueryLogStore],
    ...[LineageReader, LineageScripts, ManualEdges, ObservedLineage, QueryLogs],
    ...[LineageGraph, LineageImpact, LineageDiff, LineageCoverage, LineageCauses],
    ...[LineagePipelines, PipelineReader, PipelineDescriptions, PipelineReports],
  ],
  exports: [
    ...[LineageReader, LineageScripts, ManualEdges, ObservedLineage, QueryLogs, GraphStore, LiveGraph],
    ...[LineageGraph, LineageImpact, LineageDiff, LineageCoverage, LineageCauses],
    ...[LineagePipelines, PipelineReports],
  ],
})
export class LineageModule {}
