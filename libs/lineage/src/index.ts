import { ScriptEntity } from './script.entity.js';

export { digestOf, digestOfText } from './digest.js';
export { type Endpoint } from './endpoint.js';
export { type ColumnOrigin, type GraphEdge, type GraphNode } from './graph.store.js';
export { type Asset, EDGE_TYPES, type EdgeTypeName, type Level, type LineageQuestion } from './graph/question.js';
export { LiveGraph } from './graph/live-graph.js';
export { type AsOf } from './graph/walker.js';
export { LineageCauses, type Suspect } from './lineage-causes.js';
export { type Coverage, LineageCoverage, type SourceCoverage } from './lineage-coverage.js';
export { type Change, type DiffQuestion, LineageDiff, type LineageDifference } from './lineage-diff.js';
export { type LineageAnswer, LineageGraph, type PathQuestion, type PathsAnswer } from './lineage-graph.js';
export { type Affected, type Impact, type ImpactQuestion, LineageImpact } from './lineage-impact.js';
export { LineageModule } from './lineage.module.js';
export { EdgeAlreadyThere, EdgeNotManual, EndsDoNotMatch, LineageMoved } from './lineage.errors.js';
export { extractViews, importPipelines, importSql, readQueryLog } from './lineage.jobs.js';
export { LineageReader, type ReadingReport, type ReadingWork } from './lineage-reader.js';
export { type ManualEdgeWish, ManualEdges } from './manual-edges.js';
export { ObservedLineage, type ObservedRow } from './observed-lineage.js';
export { PipelineReports, type ReportRow } from './pipeline-reports.js';
export { type EdgeKind, KIND } from './planned-edge.js';
export { type QueryLogReport, QueryLogs } from './query-logs.js';
export { EDGE_ORIGINS, type EdgeOrigin, SCRIPT_ORIGINS, ScriptEntity, type ScriptOrigin } from './script.entity.js';
export {
  type GivenPipeline,
  LineagePipelines,
  type PipelineImport,
  type PipelineTerms,
  type RefusedFile,
} from './pipelines.js';
export { type ImportedScript, type ImportTerms, type Revision, type ScriptOptions } from './script.store.js';
export { LineageScripts, type ScriptRow, type StatementRow } from './scripts.js';

export const lineageEntities = [ScriptEntity];
