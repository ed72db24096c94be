import { ScriptEntity } from './script.entity.js';

export { digestOf, digestOfText } from './digest.js';
export { type Endpoint } from './endpoint.js';
export { type ColumnOrigin, type GraphEdge, type GraphNode } from './graph.store.js';
export {
  type Affected,
  type Coverage,
  EDGE_TYPES,
  type EdgeTypeName,
  type Impact,
  type Level,
  type LineageAnswer,
  type LineageChanges,
  LineageGraph,
  type LineageQuestion,
} from './lineage-graph.js';
export { LineageModule } from './lineage.module.js';
export { EdgeAlreadyThere, EdgeNotManual, EndsDoNotMatch } from './lineage.errors.js';
export { extractViews, importSql } from './lineage.jobs.js';
export { LineageReader, type ReadingReport, type ReadingWork } from './lineage-reader.js';
export { type ManualEdgeWish, ManualEdges } from './manual-edges.js';
export { ObservedLineage, type ObservedRow } from './observed-lineage.js';
export { type EdgeKind, KIND } from './planned-edge.js';
export { SCRIPT_ORIGINS, ScriptEntity, type ScriptOrigin } from './script.entity.js';
export { type ImportedScript, type ImportTerms } from './script.store.js';
export { LineageScripts, type ScriptRow, type StatementRow } from './scripts.js';
export { type AsOf, type Direction } from './walk.store.js';

export const lineageEntities = [ScriptEntity];
