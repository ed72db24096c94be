import { Injectable } from '@nestjs/common';
import { JobType, toJobType } from '#graphql/audit';
import { type Status } from '#core/rule-engine';
import { Clock, type Page, type PageRequest } from '#kernel';
import { byKey, globalId, type GraphqlContext, groupedBy, perRequest } from '#platform/graphql';
import { type Firing, JobStore, ScheduleStore } from '#platform/queue';

import { RulesAsCode } from '../as-code/rules-as-code.js';
import { Incidents } from '../incidents.js';
import { ResultStore, type RuleResult } from '../result.store.js';
import { RuleSets } from '../rule-sets.js';
import { Rules } from '../rules.js';
import { Runs } from '../runs.js';
import { Waivers } from '../waivers.js';
import { type IncidentEventType, type IncidentType, toIncidentEventType, toIncidentType } from './incident.types.js';
import { type RuleType, type RuleVersionType, toRuleType, toRuleVersionType } from './rule.types.js';
import { type ResultType, type RunType, toResultType, toRunType } from './run.types.js';
import { toWaiverType, type WaiverType } from './waiver.types.js';
import { Triggers } from '../triggers.js';
import { toTriggerType, type TriggerType } from './schedule.types.js';

const MONTH_MS = 30 * 86_400_000;
import { FailingSamples } from '../samples/failing-samples.js';
import { type SampleFactsType, toSampleFactsType } from './sample.types.js';

interface PageWish {
  readonly statuses?: readonly Status[];
  readonly page: PageRequest;
}

/** What belongs to rules, runs and incidents, batched over one GraphQL operation. Keys are the rows' own ids. */
@Injectable()
export class QualityLoaders {
  constructor(
    private readonly rules: Rules,
    private readonly runs: Runs,
    private readonly ruleSets: RuleSets,
    private readonly results: ResultStore,
    private readonly incidents: Incidents,
    private readonly waivers: Waivers,
    private readonly jobs: JobStore,
    private readonly schedules: ScheduleStore,
    private readonly triggerStore: Triggers,
    private readonly clock: Clock,
    private readonly code: RulesAsCode,
    private readonly samples: FailingSamples,
  ) {}

  readonly rule = perRequest<RuleType>(async (ids) =>
    byKey((await this.rules.ofIds(ids)).map(toRuleType), ({ ruleId }) => ruleId),
  );

  readonly version = perRequest<RuleVersionType>(async (ids) => {
    const found = await this.rules.versionsOfIds(ids);
    return new Map(found.map((version) => [version.id, toRuleVersionType(version)]));
  });

  readonly run = perRequest<RunType>(async (ids) =>
    byKey((await this.runs.ofIds(ids)).map(toRunType), ({ localId }) => localId),
  );

  readonly latestResult = perRequest<ResultType>(async (ruleIds) =>
    byKey((await this.results.latestOf(ruleIds)).map(toResultType), ({ localRuleId }) => localRuleId),
  );

  /** A page of a run's results; the runs of one operation that ask for the same page are asked for together. */
  async resultsOfRun(
    context: GraphqlContext,
    runId: string,
    statuses: readonly Status[] | undefined,
    page: PageRequest,
  ): Promise<Page<RuleResult>> {
    const found = await this.pagesOfRuns(context).load(JSON.stringify({ runId, wish: { statuses, page } }));
    return found ?? { items: [], hasNext: false, total: 0 };
  }

  private readonly pagesOfRuns = perRequest<Page<RuleResult>>(async (keys) => {
    const asked = keys.map((key) => ({ key, ...(JSON.parse(key) as { runId: string; wish: PageWish }) }));
    const pages = new Map<string, Page<RuleResult>>();
    for (const alike of Map.groupBy(asked, ({ wish }) => JSON.stringify(wish)).values()) {
      const { statuses, page } = alike[0]!.wish;
      const found = await this.results.pagesOfRuns(
        alike.map(({ runId }) => runId),
        statuses,
        page,
      );
      for (const { key, runId } of alike) pages.set(key, found.get(runId) ?? { items: [], hasNext: false, total: 0 });
    }
    return pages;
  });

  readonly openIncident = perRequest<IncidentType>(async (ruleIds) => {
    const found = await this.incidents.openOfRules(ruleIds);
    return new Map(found.map((incident) => [incident.ruleId ?? '', toIncidentType(incident)]));
  });

  readonly incident = perRequest<IncidentType>(async (ids) =>
    byKey((await this.incidents.ofIds(ids)).map(toIncidentType), ({ localId }) => localId),
  );

  /** Of each of some rules; one in force before one that is asked for. */
  readonly openWaiver = perRequest<WaiverType>(async (ruleIds) => {
    const found = await this.waivers.openOfRules(ruleIds);
    const inOrder = found.toSorted(
      (one, other) => Number(one.state === 'approved') - Number(other.state === 'approved'),
    );
    return new Map(inOrder.map((waiver) => [waiver.ruleId, toWaiverType(waiver)]));
  });

  readonly incidentEvents = perRequest<IncidentEventType[]>(async (ids) => {
    const found = await this.incidents.eventsOf(ids);
    const groups = groupedBy(ids, found, ({ incidentId }) => incidentId);
    return new Map([...groups].map(([id, events]) => [id, events.map(toIncidentEventType)]));
  });

  readonly schedule = perRequest(async (ids) =>
    byKey(await this.ruleSets.schedulesOf(ids), ({ subjectId }) => subjectId),
  );

  readonly lastFiring = perRequest<Firing>(async (scheduleIds) =>
    byKey(await this.schedules.lastOf(scheduleIds), ({ scheduleId }) => scheduleId),
  );

  readonly unanswered = perRequest<number>(async (scheduleIds) => {
    const since = new Date(this.clock.now().getTime() - MONTH_MS);
    return new Map(await this.schedules.unansweredOf(scheduleIds, since));
  });

  readonly triggers = perRequest<TriggerType[]>(async (ruleSetIds) => {
    const found = await this.triggerStore.ofRuleSets(ruleSetIds);
    const groups = groupedBy(ruleSetIds, found, ({ ruleSetId }) => ruleSetId);
    return new Map([...groups].map(([id, triggers]) => [id, triggers.map(toTriggerType)]));
  });

  readonly sample = perRequest<SampleFactsType>(
    async (ids) =>
      new Map((await this.samples.factsOf(ids)).map((facts) => [facts.resultId, toSampleFactsType(facts)])),
  );

  readonly codeOrigin = perRequest(async (ids) => new Map(await this.code.originsOf(ids)));

  readonly job = perRequest<JobType>(async (ids) => {
    const found = (await this.jobs.ofIds(ids)).map(toJobType);
    const jobs = byKey(found, ({ id }) => id);
    return new Map(ids.flatMap((id) => (jobs.has(globalId('Job', id)) ? [[id, jobs.get(globalId('Job', id))!]] : [])));
  });
}
