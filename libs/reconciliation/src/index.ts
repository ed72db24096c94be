export {
  type Age,
  type BreakEvent,
  type BreakEventKind,
  type BreakFilter,
  type BreakState,
  type StoredBreak,
} from './break.store.js';
export { Breaks } from './breaks.js';
export { CarryOutReconciliation } from './carry-out-reconciliation.js';
export { reconcileDatasets, reconcileWhenDue } from './reconcile.job.js';
export {
  BreakClosed,
  NothingInCommon,
  ReconciliationNameTaken,
  ReconciliationRetired,
  RunNotToBeSigned,
  SignedBySamePerson,
} from './reconciliation.errors.js';
export { ReconciliationModule } from './reconciliation.module.js';
export { type Reconciliation, type ReconciliationTimes, type ReconciliationWish } from './reconciliation.js';
export { type ReconciliationFact, ReconciliationFacts } from './reconciliation-facts.js';
export { type ReconciliationRun, type RunVerdict, type SignedState, type StoredCheck } from './reconciliation-run.js';
export { ReconciliationRuns } from './reconciliation-runs.js';
export { Reconciliations } from './reconciliations.js';
export { type SignOff, SignOffs } from './sign-offs.js';
