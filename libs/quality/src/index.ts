export { PlanOutdated, RulesDrifted } from './as-code/code.errors.js';
export { type Code, type CodePlan, type CodeRule, type CodeRuleSet } from './as-code/code.js';
export { RulesAsCode } from './as-code/rules-as-code.js';
export { engineFactsOf, keyColumnsOf } from './bind-rule.js';
export { type DatasetFact, DatasetFacts } from './dataset-facts.js';
export { codeOf } from './error-words.js';
export { FollowIncidents } from './follow-incidents.js';
export { possibleSteps, STEP_ROLES } from './incident-steps.js';
export {
  type Incident,
  type IncidentCause,
  type IncidentEvent,
  type IncidentEventKind,
  type IncidentKind,
  type IncidentState,
  type IncidentTerms,
} from './incident.js';
export { type IncidentFilter } from './incident.store.js';
export { IncidentTermsStore } from './incident-terms.js';
export { Incidents } from './incidents.js';
export { type Asked, type Measured, type SentStatement } from './measure-rule.js';
export {
  AnotherIncidentOpen,
  IncidentStepRefused,
  NothingToRun,
  RuleRetired,
  RuleSetNameTaken,
  WaiverRefused,
} from './quality.errors.js';
export { incidentOpened, incidentResolved, ruleFailed } from './quality.events.js';
export { QualityModule } from './quality.module.js';
export { ResultUpkeep } from './result-upkeep.js';
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
export {
  type GroupScore,
  type QualityScore,
  type Score,
  type ScoreGroup,
  type ScoreScope,
  type TrendPoint,
  type TrendStep,
} from './score.js';
export { Scores, type TrendWish } from './scores.js';
export { SourceLanes } from './source-lanes.js';
export { SourceReach } from './source-reach.js';
export { type PipelineJob, type Trigger, Triggers, type TriggersWish } from './triggers.js';
export { TryRule } from './try-rule.js';
export { type Waiver, type WaiverFilter, type WaiverState } from './waiver.store.js';
export { Waivers, type WaiverWish } from './waivers.js';
export { WatchIncidents } from './watch-incidents.js';
export { watchIncidents } from './watch-incidents.job.js';
export { type FailingSample } from './samples/failing-sample.js';
export { FailingSamples, NoSample } from './samples/failing-samples.js';
export { RuleSuggestions } from './suggestions/rule-suggestions.js';
export { suggestRulesJob } from './suggestions/suggest-rules.job.js';
export { type Suggestion } from './suggestions/suggestion.store.js';
export { SECRET_LEVELS } from './samples/showing.js';
