import { Module } from '@nestjs/common';
import { SourcesModule } from '#sources';

import { DeclaredStore } from './declared.store.js';
import { GraphStore } from './graph.store.js';
import { EdgesStore } from './graph/edges.store.js';
import { LiveGraph } from './graph/live-graph.js';
import { LineageCoverage } from './lineage-coverage.js';
import { LineageDiff } from './lineage-diff.js';
import { LineageGraph } from './lineage-graph.js';
import { LineageImpact } from './lineage-impact.js';
import { LineageReader } from './lineage-reader.js';
import { ManualEdges } from './manual-edges.js';
import { NamesStore } from './names.store.js';
import { ObservedLineage } from './observed-lineage.js';
import { ReadingStore } from './reading.store.js';
import { ScriptStore } from './script.store.js';
import { LineageScripts } from './scripts.js';

@Module({
  imports: [SourcesModule],
  providers: [
    ...[NamesStore, DeclaredStore, ScriptStore, ReadingStore, GraphStore, EdgesStore, LiveGraph],
    ...[LineageReader, LineageScripts, ManualEdges, ObservedLineage],
    ...[LineageGraph, LineageImpact, LineageDiff, LineageCoverage],
  ],
  exports: [
    ...[LineageReader, LineageScripts, ManualEdges, ObservedLineage, GraphStore, LiveGraph],
    ...[LineageGraph, LineageImpact, LineageDiff, LineageCoverage],
  ],
})
export class LineageModule {}
