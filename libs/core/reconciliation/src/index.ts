export { checkDefinition } from './check-definition.js';
export { keyPrint } from './breaks.js';
export {
  type Check,
  type ColumnMapping,
  type Definition,
  DefinitionSchema,
  type KeyMapping,
  PRECISIONS,
} from './definition.js';
export { MOST_ROWS_HELD } from './differing-keys.js';
export { type Mapped, type MappedColumn, type SideFacts } from './mapped.js';
export { cutoffMoment } from './moments.js';
export {
  type Break,
  BREAK_KINDS,
  type BreakKind,
  type CheckFound,
  type CheckStatus,
  type GroupFound,
  type KeysLooked,
  type Reconciled,
  type Sent,
  type Verdict,
} from './outcome.js';
export { MOST_BREAKS, reconcile, type ReconcileCall, type Side, SideFailed, TooManyGroups } from './reconcile.js';
export { type SideName } from './statements.js';
export { type ColumnFlow, type PairEvidence, type Proposable, type Proposal, suggest } from './suggest.js';
