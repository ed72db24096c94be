export {
  type Incident,
  type IncidentEvent,
  type IncidentEventKind,
  type IncidentFilter,
  type IncidentKind,
  type IncidentState,
} from './incident.store.js';
export { Incidents } from './incidents.js';
export { type FailingKeys, type Measured, type SentStatement } from './measure-rule.js';
export { IncidentResolved, NothingToRun, RuleRetired, RuleSetNameTaken } from './quality.errors.js';
export { incidentOpened, incidentResolved, ruleFailed } from './quality.events.js';
export { QualityModule } from './quality.module.js';
export { ResultStore, type RuleResult } from './result.store.js';
export { type RuleContent, type RuleVersion, type RuleWish, type StoredRule } from './rule.js';
export { type RuleFilter } from './rule.store.js';
export { type RuleSet, RuleSets, type RuleSetTimes, type RuleSetWish } from './rule-sets.js';
export { Rules } from './rules.js';
export { type RuleRun, type RunState } from './run.js';
export { type RunOutcome, RunPlannedRules } from './run-planned-rules.js';
export { runRules, runRuleSetAfter, runRuleSetWhenDue } from './run-rules.job.js';
export { type RunFilter } from './run.store.js';
export { Runs } from './runs.js';
export { type QualityScore, type Score, Scores } from './scores.js';
export { type PipelineJob, type Trigger, Triggers, type TriggersWish } from './triggers.js';
export { TryRule } from './try-rule.js';
