import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { type HarvestedKey } from '#core/connector-kit';
import { NotFound } from '#kernel';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { type AttributeEntity } from './attribute.entity.js';
import { grouped } from './grouped.js';
import { MasterEntities, subjectOf } from './master-entities.js';
import { type ReadingPlan } from './row-reader.js';

/** A dataset that rows are read from. */
export interface DatasetPlan extends ReadingPlan {
  readonly datasetId: string;
  readonly sourceId: string;
}

/** A dataset that cannot be read, and why. */
export interface DatasetProblem {
  readonly dataset: string;
  readonly code: string;
  readonly message: string;
}

/** All that a build of an entity goes by. */
export interface BuildPlan {
  readonly entityId: string;
  readonly subject: ReturnType<typeof subjectOf>;
  readonly attributes: readonly AttributeEntity[];
  readonly key: AttributeEntity;
  readonly datasets: readonly DatasetPlan[];
  readonly problems: readonly DatasetProblem[];
  /** Rank of each mapped dataset, also of those that are not read now. */
  readonly priorities: ReadonlyMap<string, number>;
  readonly sourceOf: ReadonlyMap<string, string>;
  /** Another one means that all golden records are judged anew. */
  readonly digest: string;
}

interface CurrentDataset {
  readonly id: string;
  readonly scope: string;
  readonly name: string;
  readonly keys: readonly HarvestedKey[];
  readonly fields: readonly { readonly id: string; readonly name: string; readonly nullable: boolean }[];
}

/** Finds out what a build reads. */
@Injectable()
export class BuildPlanner {
  constructor(
    private readonly db: DataSource,
    private readonly entities: MasterEntities,
  ) {}

  async plan(entityId: string): Promise<BuildPlan> {
    const entity = await this.entities.get(entityId);
    const attributes = await this.entities.attributesOf([entityId]);
    const key = attributes.find(({ isMatchKey }) => isMatchKey);
    if (!key) throw new NotFound('match key of the entity', entityId);
    const mappings = await this.entities.mappingsOf([entityId]);
    const current = await this.current([...new Set(mappings.map(({ datasetId }) => datasetId))]);
    const datasets: DatasetPlan[] = [];
    const problems: DatasetProblem[] = [];
    const priorities = new Map<string, number>();
    const sourceOf = new Map<string, string>();
    for (const [datasetId, of] of grouped(mappings, (mapping) => mapping.datasetId)) {
      const [first] = of;
      if (!first) continue;
      priorities.set(datasetId, first.priority);
      sourceOf.set(datasetId, first.sourceId);
      const dataset = current.get(datasetId);
      const present = new Set(dataset?.fields.map(({ id }) => id));
      const fields = of
        .filter(({ fieldId }) => present.has(fieldId))
        .map(({ attributeId, fieldId, fieldName }) => ({ attributeId, fieldId, name: fieldName }));
      const identifier = fields.find(({ attributeId }) => attributeId === key.id);
      const problem = (code: string, message: string) => problems.push({ dataset: first.datasetName, code, message });
      if (!dataset)
        problem('DATASET_GONE', `${first.datasetName} is no longer in its source. Unmap it, or harvest again.`);
      else if (!identifier)
        problem('NO_MATCH_KEY', `${first.datasetName} has no field for the match key ${key.code}. Map one.`);
      else
        datasets.push({
          datasetId,
          sourceId: first.sourceId,
          scope: dataset.scope,
          name: dataset.name,
          datasetName: first.datasetName,
          keyFields: keyOf(dataset),
          identifierField: identifier.name,
          fields,
          changedField: dataset.fields.find(({ name }) => name === first.changedFieldName)?.name ?? null,
        });
    }
    const facts = [
      attributes.map(({ id, identifierFormat }) => [id, identifierFormat]),
      mappings.map(({ attributeId, fieldId, datasetId, priority, changedFieldName }) => [
        ...[attributeId, fieldId, datasetId, priority, changedFieldName],
      ]),
    ];
    const digest = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
    return { entityId, subject: subjectOf(entity), attributes, key, datasets, problems, priorities, sourceOf, digest };
  }

  private async current(datasetIds: readonly string[]): Promise<Map<string, CurrentDataset>> {
    const found = await rows<CurrentDataset>(
      this.db,
      `
      SELECT dataset.id, dataset.scope, dataset.name, dataset.keys,
             jsonb_agg(jsonb_build_object('id', field.id, 'name', field.name, 'nullable', field.nullable)) AS fields
        FROM dictionary.current_dataset AS dataset
        JOIN dictionary.current_field AS field ON field.dataset_id = dataset.id
       WHERE dataset.id = ANY($1)
       GROUP BY dataset.id, dataset.scope, dataset.name, dataset.keys
      `,
      [datasetIds],
    );
    return new Map(found.map((dataset) => [dataset.id, dataset]));
  }
}

/** The fields that tell rows apart: the primary key, else a unique one none of whose fields may be empty. */
function keyOf({ keys, fields }: CurrentDataset): readonly string[] {
  const primary = keys.find(({ kind }) => kind === 'primary');
  if (primary) return primary.fields;
  const filled = new Set(fields.filter(({ nullable }) => !nullable).map(({ name }) => name));
  return keys.find((key) => key.kind === 'unique' && key.fields.every((name) => filled.has(name)))?.fields ?? [];
}
