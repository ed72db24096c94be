import { Module } from '@nestjs/common';
import { LineageModule } from '#lineage';
import { NotificationsModule } from '#notifications';
import { SourcesModule } from '#sources';
import { StatisticsModule } from '#statistics';

import { CodeStore } from './as-code/code.store.js';
import { RulesAsCode } from './as-code/rules-as-code.js';
import { DatasetFacts } from './dataset-facts.js';
import { FollowIncidents } from './follow-incidents.js';
import { IncidentMessages } from './incident-messages.js';
import { IncidentTermsStore } from './incident-terms.js';
import { IncidentTurns } from './incident-turns.js';
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
import { Triggers } from './triggers.js';
import { RuleSuggestions } from './suggestions/rule-suggestions.js';
import { SuggestionStore } from './suggestions/suggestion.store.js';
import { TryRule } from './try-rule.js';
import { WaiverStore } from './waiver.store.js';
import { Waivers } from './waivers.js';
import { WatchIncidents } from './watch-incidents.js';

@Module({
  imports: [SourcesModule, NotificationsModule, LineageModule, StatisticsModule],
  providers: [
    CodeStore,
    RuleSuggestions,
    SuggestionStore,
    FailingSamples,
    DatasetFacts,
    FollowIncidents,
    IncidentMessages,
    IncidentStore,
    IncidentTermsStore,
    IncidentTurns,
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
    Triggers,
    TryRule,
    WaiverStore,
    Waivers,
    WatchIncidents,
  ],
  exports: [
    DatasetFacts,
    FollowIncidents,
    FailingSamples,
    Incidents,
    IncidentTermsStore,
    ResultStore,
    ResultUpkeep,
    RuleSuggestions,
    Rules,
    RulesAsCode,
    RuleSets,
    RunPlannedRules,
    Runs,
    Scores,
    SourceLanes,
    Triggers,
    TryRule,
    Waivers,
    WatchIncidents,
  ],
})
export class QualityModule {}
