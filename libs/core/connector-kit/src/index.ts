export { type Call } from './call.js';
export { CallWatch } from './call-watch.js';
export {
  type Cell,
  type Connection,
  DEFAULT_MAX_ROWS,
  type Estimate,
  type QueryCall,
  type QueryResult,
  type ResultColumn,
  type TestReport,
} from './connection.js';
export { type Connector, type ConnectorDefinition, defineConnector, type Secrets } from './define-connector.js';
export { type Dialect, DIALECTS, quoteIdentifier, quoteName } from './dialect.js';
export { scopeFilter } from './globs.js';
export {
  type DatasetKind,
  type ForeignTable,
  type ConstraintBound,
  type HarvestedConstraint,
  type HarvestedDataset,
  type HarvestedField,
  type HarvestedKey,
  type SnapshotOptions,
  type SnapshotPart,
  TYPE_FAMILIES,
  type TypeFamily,
} from './harvested.js';
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
