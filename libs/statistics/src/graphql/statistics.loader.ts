import { Injectable } from '@nestjs/common';
import { byKey, perRequest } from '#platform/graphql';
import { type ScheduleEntity } from '#platform/queue';

import { Statistics } from '../statistics.js';
import { type DatasetStatistics, type FieldStatistics, StatisticsStore } from '../statistics.store.js';
import { type StatisticsLimits } from '../profiler.js';

@Injectable()
export class StatisticsLoader {
  constructor(
    private readonly store: StatisticsStore,
    private readonly statistics: Statistics,
  ) {}

  readonly ofDataset = perRequest<DatasetStatistics>(async (ids) =>
    byKey(await this.store.ofDatasets(ids), ({ datasetId }) => datasetId),
  );

  readonly ofField = perRequest<FieldStatistics>(async (ids) =>
    byKey(await this.store.ofFields(ids), ({ fieldId }) => fieldId),
  );

  readonly limitsOf = perRequest<StatisticsLimits>(async (ids) =>
    byKey(await this.store.limitsOfSources(ids), ({ sourceId }) => sourceId),
  );

  readonly scheduleOf = perRequest<ScheduleEntity>(async (ids) =>
    byKey(await this.statistics.schedulesOf(ids), ({ subjectId }) => subjectId),
  );
}
