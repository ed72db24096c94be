import { Module, type OnModuleInit } from '@nestjs/common';
import { DictionaryGraphqlModule } from '#graphql/dictionary';
import { SourcesGraphqlModule } from '#graphql/sources';
import { NotFound } from '#kernel';
import { Nodes } from '#platform/graphql';
import { SourcesModule } from '#sources';

import { Incidents } from '../incidents.js';
import { QualityModule } from '../quality.module.js';
import { RuleSets } from '../rule-sets.js';
import { Rules } from '../rules.js';
import { Runs } from '../runs.js';
import { CodeResolver, CodeSetResolver } from './code.resolver.js';
import { Waivers } from '../waivers.js';
import { ImpactResolver } from './impact.resolver.js';
import { IncidentResolver } from './incident.resolver.js';
import { toIncidentType } from './incident.types.js';
import { QualityLoaders } from './quality.loaders.js';
import { RuleSetScheduleResolver } from './rule-set-schedule.resolver.js';
import { RuleSetResolver } from './rule-set.resolver.js';
import { RuleResolver } from './rule.resolver.js';
import { toRuleType, toRuleVersionType } from './rule.types.js';
import { SuggestionResolver } from './suggestion.resolver.js';
import { SampleResolver } from './sample.resolver.js';
import { ScoreResolver } from './score.resolver.js';
import { ResultResolver, RunResolver } from './run.resolver.js';
import { WaiverResolver } from './waiver.resolver.js';
import { toWaiverType } from './waiver.types.js';
import { toRuleSetType, toRunType } from './run.types.js';

/** Rules on data, their runs, and what follows. */
@Module({
  imports: [QualityModule, SourcesModule, SourcesGraphqlModule, DictionaryGraphqlModule],
  providers: [
    RuleResolver,
    RuleSetResolver,
    RuleSetScheduleResolver,
    RunResolver,
    ResultResolver,
    IncidentResolver,
    CodeResolver,
    CodeSetResolver,
    WaiverResolver,
    SampleResolver,
    SuggestionResolver,
    ScoreResolver,
    ImpactResolver,
    QualityLoaders,
  ],
})
export class QualityGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly rules: Rules,
    private readonly ruleSets: RuleSets,
    private readonly runs: Runs,
    private readonly incidents: Incidents,
    private readonly waivers: Waivers,
  ) {}

  onModuleInit(): void {
    this.nodes.add('QualityRule', async (id) => toRuleType(await this.rules.get(id)));
    this.nodes.add('RuleSet', async (id) => toRuleSetType(await this.ruleSets.get(id)));
    this.nodes.add('RuleRun', async (id) => toRunType(await this.runs.get(id)));
    this.nodes.add('Incident', async (id) => toIncidentType(await this.incidents.get(id)));
    this.nodes.add('Waiver', async (id) => toWaiverType(await this.waivers.get(id)));
    this.nodes.add('QualityRuleVersion', async (id) => {
      const [version] = await this.rules.versionsOfIds([id]);
      if (!version) throw new NotFound('rule version', id);
      return toRuleVersionType(version);
    });
  }
}
