import { Injectable } from '@nestjs/common';
import { type JobType, toJobType } from '#graphql/audit';
import { byKey, groupedBy, perRequest } from '#platform/graphql';
import { JobStore, type ScheduleEntity } from '#platform/queue';

import { Harvests } from '../harvests.js';
import { Runs } from '../runs.js';
import { type HarvestRunType, type HarvestScopeType, toHarvestRunType, toHarvestScopeType } from './harvest.types.js';

@Injectable()
export class HarvestLoader {
  constructor(
    private readonly runs: Runs,
    private readonly harvests: Harvests,
    private readonly jobs: JobStore,
  ) {}

  readonly lastOf = perRequest<HarvestRunType>(async (sourceIds) =>
    byKey((await this.runs.lastOf(sourceIds)).map(toHarvestRunType), ({ sourceId }) => sourceId),
  );

  readonly scopesOf = perRequest<HarvestScopeType[]>(async (runIds) => {
    const found = groupedBy(runIds, await this.runs.scopesOf(runIds), ({ runId }) => runId);
    return new Map([...found].map(([id, scopes]) => [id, scopes.map(toHarvestScopeType)]));
  });

  readonly scheduleOf = perRequest<ScheduleEntity>(async (sourceIds) =>
    byKey(await this.harvests.schedulesOf(sourceIds), ({ subjectId }) => subjectId),
  );

  readonly jobOf = perRequest<JobType>(
    async (ids) => new Map((await this.jobs.ofIds(ids)).map((job) => [job.id, toJobType(job)])),
  );
}
