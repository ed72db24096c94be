import { Module } from '@nestjs/common';
import { LineageModule } from '#lineage';

import { EdgeWriter } from './edge-writer.js';
import { EventStore } from './event.store.js';
import { FlowBodies } from './flow-body.store.js';
import { FlowStore } from './flow.store.js';
import { EverythingHeard } from './heard.js';
import { Ingestion } from './ingestion.js';
import { NamespaceAliases } from './namespace-aliases.js';
import { NamesOfDatasets } from './names.store.js';
import { ObservationStore } from './observation.store.js';
import { OpenLineage } from './open-lineage.js';
import { RunStore } from './runs.store.js';
import { SubjectStore } from './subjects.store.js';

@Module({
  imports: [LineageModule],
  providers: [
    EventStore,
    NamesOfDatasets,
    SubjectStore,
    RunStore,
    FlowBodies,
    ObservationStore,
    EdgeWriter,
    FlowStore,
    Ingestion,
    OpenLineage,
    EverythingHeard,
    NamespaceAliases,
  ],
  exports: [OpenLineage, NamespaceAliases, Ingestion, EverythingHeard],
})
export class OpenLineageModule {}
