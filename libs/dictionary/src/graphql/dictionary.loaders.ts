import { Injectable } from '@nestjs/common';
import { byKey, groupedBy, perRequest } from '#platform/graphql';

import { Datasets } from '../datasets.js';
import { Entries } from '../entries.js';
import { Fields } from '../fields.js';
import { Levels } from '../levels.js';
import { SchemaHistory, type SchemaVersionRow } from '../schema-history.js';
import {
  type DatasetType,
  type EffectiveLevelType,
  type EntryType,
  type FieldType,
  type SchemaFieldType,
  toDatasetType,
  toEffectiveLevelType,
  toEntryType,
  toFieldType,
  toSchemaFieldType,
} from './dictionary.types.js';

/** Datasets by id, for everything that belongs to one or points to one. */
@Injectable()
export class DatasetLoader {
  constructor(
    private readonly datasets: Datasets,
    private readonly entries: Entries,
    private readonly levels: Levels,
  ) {}

  readonly byId = perRequest<DatasetType>(async (ids) =>
    byKey((await this.datasets.ofIds(ids)).map(toDatasetType), ({ datasetId }) => datasetId),
  );

  readonly entryOf = perRequest<EntryType>(
    async (ids) =>
      new Map((await this.entries.ofDatasets(ids)).map((entry) => [entry.datasetId ?? '', toEntryType(entry)])),
  );

  readonly levelOf = perRequest<EffectiveLevelType>(
    async (ids) =>
      new Map((await this.levels.ofDatasets(ids)).map((level) => [level.assetId, toEffectiveLevelType(level)])),
  );
}

/** Fields by id and by dataset. */
@Injectable()
export class FieldLoader {
  constructor(
    private readonly fields: Fields,
    private readonly entries: Entries,
    private readonly levels: Levels,
  ) {}

  readonly byId = perRequest<FieldType>(async (ids) =>
    byKey((await this.fields.ofIds(ids)).map(toFieldType), ({ fieldId }) => fieldId),
  );

  /** By their place. */
  readonly ofDataset = perRequest<FieldType[]>(async (ids) =>
    groupedBy(ids, (await this.fields.ofDatasets(ids)).map(toFieldType), ({ datasetId }) => datasetId),
  );

  readonly entryOf = perRequest<EntryType>(
    async (ids) =>
      new Map((await this.entries.ofFields(ids)).map((entry) => [entry.fieldId ?? '', toEntryType(entry)])),
  );

  readonly levelOf = perRequest<EffectiveLevelType>(
    async (ids) =>
      new Map((await this.levels.ofFields(ids)).map((level) => [level.assetId, toEffectiveLevelType(level)])),
  );
}

/** Schema versions of datasets, and their fields. */
@Injectable()
export class SchemaLoader {
  constructor(private readonly history: SchemaHistory) {}

  readonly ofDataset = perRequest<SchemaVersionRow[]>(async (ids) =>
    groupedBy(ids, await this.history.ofDatasets(ids, false), ({ datasetId }) => datasetId),
  );

  readonly withSuperseded = perRequest<SchemaVersionRow[]>(async (ids) =>
    groupedBy(ids, await this.history.ofDatasets(ids, true), ({ datasetId }) => datasetId),
  );

  readonly fieldsOf = perRequest<SchemaFieldType[]>(async (ids) => {
    const found = groupedBy(ids, await this.history.fieldsOf(ids), ({ versionId }) => versionId);
    return new Map([...found].map(([id, fields]) => [id, fields.map(toSchemaFieldType)]));
  });
}
