import { Controller, Delete, HttpCode, HttpException, Param, Post, Put } from '@nestjs/common';
import { Entries } from '#dictionary';
import { type Actor, InvalidInput } from '#kernel';
import { Allow, CurrentActor } from '#platform/graphql';

import { MarquezStore } from '../marquez.store.js';
import { found, ONE } from './asked.js';
import { toDataset } from './marquez-shapes.js';

const DATASET = 'namespaces/:namespace/datasets/:dataset';

/**
 * Tags as Marquez's API sets them. They are those of the dictionary, so that they are where people look for them: a dataset that
 * no harvested source has, and a job, has none.
 */
@Allow('steward')
@Controller('api/v1')
export class MarquezTagsController {
  constructor(
    private readonly store: MarquezStore,
    private readonly entries: Entries,
  ) {}

  @Post(`${DATASET}/tags/:tag`)
  @HttpCode(200)
  tag(
    @CurrentActor() actor: Actor,
    @Param('namespace') namespace: string,
    @Param('dataset') name: string,
    @Param('tag') tag: string,
  ) {
    return this.change(actor, { namespace, name }, undefined, (tags) => [...tags, tag]);
  }

  @Delete(`${DATASET}/tags/:tag`)
  untag(
    @CurrentActor() actor: Actor,
    @Param('namespace') namespace: string,
    @Param('dataset') name: string,
    @Param('tag') tag: string,
  ) {
    return this.change(actor, { namespace, name }, undefined, (tags) => tags.filter((one) => one !== tag));
  }

  @Post(`${DATASET}/fields/:field/tags/:tag`)
  @HttpCode(200)
  tagField(
    @CurrentActor() actor: Actor,
    @Param('namespace') namespace: string,
    @Param('dataset') name: string,
    @Param('field') field: string,
    @Param('tag') tag: string,
  ) {
    return this.change(actor, { namespace, name }, field, (tags) => [...tags, tag]);
  }

  @Delete(`${DATASET}/fields/:field/tags/:tag`)
  untagField(
    @CurrentActor() actor: Actor,
    @Param('namespace') namespace: string,
    @Param('dataset') name: string,
    @Param('field') field: string,
    @Param('tag') tag: string,
  ) {
    return this.change(actor, { namespace, name }, field, (tags) => tags.filter((one) => one !== tag));
  }

  @Post('namespaces/:namespace/jobs/:job/tags/:tag')
  tagJob(): never {
    throw new HttpException('Jobs have no tags of their own here; their producers send them in the facet "tags".', 405);
  }

  @Delete('namespaces/:namespace/jobs/:job/tags/:tag')
  untagJob(): never {
    return this.tagJob();
  }

  @Put('tags/:tag')
  addTag(): never {
    throw new HttpException('A tag is there as soon as something has it: tag a dataset or a field.', 405);
  }

  private async change(
    actor: Actor,
    named: { namespace: string; name: string },
    field: string | undefined,
    change: (tags: readonly string[]) => readonly string[],
  ) {
    const [dataset] = (await this.store.datasets({ named: [named] }, ONE)).datasets;
    const { datasetId } = found(dataset, 'dataset', named.name);
    if (datasetId === null)
      throw new InvalidInput(
        `${named.name} is in no harvested source, so that the dictionary has no place for its tags. Add the source ${named.namespace} and harvest it.`,
      );
    const kept = (await this.store.dictionaryTags([datasetId])).get(datasetId);
    const fieldId = field === undefined ? undefined : found(await this.store.fieldId(datasetId, field), 'field', field);
    const before = field === undefined ? kept?.tags : kept?.ofFields[field];
    const asset =
      fieldId === undefined ? { kind: 'dataset' as const, id: datasetId } : { kind: 'field' as const, id: fieldId };
    await this.entries.describe(actor, [{ asset, tags: change(before ?? []) }]);
    const [now] = (await this.store.datasets({ named: [named] }, ONE)).datasets;
    return toDataset(found(now, 'dataset', named.name), (await this.store.dictionaryTags([datasetId])).get(datasetId));
  }
}
