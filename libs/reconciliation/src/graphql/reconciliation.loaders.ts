import { Injectable } from '@nestjs/common';
import { JobType, toJobType } from '#graphql/audit';
import { byKey, groupedBy, perRequest } from '#platform/graphql';
import { JobStore, type ScheduleEntity } from '#platform/queue';

import { Breaks } from '../breaks.js';
import { ReconciliationRuns } from '../reconciliation-runs.js';
import { Reconciliations } from '../reconciliations.js';
import { SignOffs } from '../sign-offs.js';
import { type BreakEventType, toBreakEventType } from './break.types.js';
import {
  type CheckType,
  type ReconciliationRunType,
  type SignOffType,
  type StatementType,
  toCheckType,
  toReconciliationRunType,
  toSignOffType,
  toStatementType,
} from './reconciliation-run.types.js';

/** What belongs to reconciliations, runs and breaks, batched over one GraphQL operation. Keys are the rows' own ids. */
@Injectable()
export class ReconciliationLoaders {
  constructor(
    private readonly reconciliations: Reconciliations,
    private readonly runs: ReconciliationRuns,
    private readonly breaks: Breaks,
    private readonly signOffs: SignOffs,
    private readonly jobs: JobStore,
  ) {}

  readonly latestRun = perRequest<ReconciliationRunType>(async (ids) => {
    const found = await this.runs.latestOf(ids);
    return new Map(found.map((run) => [run.reconciliationId, toReconciliationRunType(run)]));
  });

  readonly schedule = perRequest<ScheduleEntity>(async (ids) =>
    byKey(await this.reconciliations.schedulesOf(ids), ({ subjectId }) => subjectId),
  );

  readonly checks = perRequest<CheckType[]>(async (runIds) =>
    lists(runIds, await this.runs.checksOf(runIds), ({ runId }) => runId, toCheckType),
  );

  readonly statements = perRequest<StatementType[]>(async (runIds) =>
    lists(runIds, await this.runs.statementsOf(runIds), ({ runId }) => runId, toStatementType),
  );

  readonly signatures = perRequest<SignOffType[]>(async (runIds) =>
    lists(runIds, await this.signOffs.ofRuns(runIds), ({ runId }) => runId, toSignOffType),
  );

  readonly breakEvents = perRequest<BreakEventType[]>(async (ids) =>
    lists(ids, await this.breaks.eventsOf(ids), ({ breakId }) => breakId, toBreakEventType),
  );

  readonly job = perRequest<JobType>(async (ids) => {
    const found = await this.jobs.ofIds(ids);
    return new Map(found.map((job) => [job.id, toJobType(job)]));
  });
}

function lists<R, T>(
  keys: readonly string[],
  found: readonly R[],
  keyOf: (row: R) => string,
  toType: (row: R) => T,
): Map<string, T[]> {
  return new Map([...groupedBy(keys, found, keyOf)].map(([key, rows]) => [key, rows.map(toType)]));
}
