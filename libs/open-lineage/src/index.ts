export { keyOfName as jobKeyOf } from './flows.js';
export { EverythingHeard, type Heard, type HeardColumnEdge } from './heard.js';
export { Ingestion } from './ingestion.js';
export { type NamespaceAlias, NamespaceAliases } from './namespace-aliases.js';
export { OpenLineage, type Outcome } from './open-lineage.js';
export { OpenLineageModule } from './open-lineage.module.js';
