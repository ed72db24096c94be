export { type Call } from './call.js';
export { CallGroup, remainderOf } from './call-group.js';
export { CallWatch } from './call-watch.js';
export { type Bench, CONFORMANCE_CASES, type ConformanceCase } from './conformance/cases.js';
export { type ConformanceSubject, type Fault } from './conformance/subject.js';
export {
  type Cell,
  type Connection,
  type DatasetPlace,
  DEFAULT_MAX_ROWS,
  DEFAULT_SAMPLE_CHARACTERS,
  type Plan,
  type QueryCall,
  type QueryResult,
  type ResultColumn,
  type Sample,
  type SampleCall,
  type TestReport,
} from './connection.js';
export {
  CAPABILITIES,
  type Capability,
  type Connector,
  type ConnectorDefinition,
  defineConnector,
  type Secrets,
} from './define-connector.js';
export { type Dialect, DIALECTS, quoteIdentifier, quoteName } from './dialect.js';
export { scopeFilter } from './globs.js';
export {
  type Absence,
  type DatasetKind,
  type ForeignTable,
  type HarvestedCheck,
  type ConstraintBound,
  type HarvestedConstraint,
  type HarvestedDataset,
  type HarvestedField,
  type HarvestedIndex,
  type HarvestedKey,
  type HarvestedRoutine,
  type IndexPart,
  type Partitions,
  ROUTINE_KINDS,
  type RoutineKind,
  type SnapshotOptions,
  type SnapshotPart,
  TYPE_FAMILIES,
  type TypeFamily,
} from './harvested.js';
export { type LoggedStatement, type QueryLog, type QueryLogCall, withoutValues } from './query-log.js';
export { movesData, shapeOf, type SqlFamily } from './statement-shape.js';
export {
  type SourceAddress,
  SourceCallCancelled,
  SourceDatabaseUnknown,
  SourceLoginRefused,
  SourcePermissionDenied,
  SourceQueryFailed,
  SourceTimedOut,
  SourceUnreachable,
} from './source-errors.js';
export { type Words } from './words.js';
