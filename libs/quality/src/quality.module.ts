import { Module } from '@nestjs/common';
import { SourcesModule } from '#sources';
import { StatisticsModule } from '#statistics';

import { CodeStore } from './as-code/code.store.js';
import { RulesAsCode } from './as-code/rules-as-code.js';
import { DatasetFacts } from './dataset-facts.js';
import { IncidentStore } from './incident.store.js';
import { Incidents } from './incidents.js';
import { ResultUpkeep } from './result-upkeep.js';
import { ResultStore } from './result.store.js';
import { RuleSets } from './rule-sets.js';
import { RuleStore } from './rule.store.js';
import { Rules } from './rules.js';
import { RunPlannedRules } from './run-planned-rules.js';
import { RunStore } from './run.store.js';
import { Runs } from './runs.js';
import { FailingSamples } from './samples/failing-samples.js';
import { Scores } from './scores.js';
import { SourceLanes } from './source-lanes.js';
import { RuleSuggestions } from './suggestions/rule-suggestions.js';
import { SuggestionStore } from './suggestions/suggestion.store.js';
import { TryRule } from './try-rule.js';

@Module({
  imports: [SourcesModule, StatisticsModule],
  providers: [
    CodeStore,
    RuleSuggestions,
    SuggestionStore,
    FailingSamples,
    DatasetFacts,
    IncidentStore,
    Incidents,
    ResultStore,
    ResultUpkeep,
    RuleSets,
    RuleStore,
    Rules,
    RulesAsCode,
    RunPlannedRules,
    RunStore,
    Runs,
    Scores,
    SourceLanes,
    TryRule,
  ],
  exports: [
    DatasetFacts,
    FailingSamples,
    Incidents,
    ResultStore,
    ResultUpkeep,
    RuleSets,
    RuleSuggestions,
    Rules,
    RulesAsCode,
    RunPlannedRules,
    Runs,
    Scores,
    SourceLanes,
    TryRule,
  ],
})
export class QualityModule {}
