import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { JobPayload, toJobType } from '#graphql/audit';
import { type Actor } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  groupedBy,
  localId,
  PageArgs,
  pageOf,
  perRequest,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { JobStore } from '#platform/queue';

import { MasterEntities, masterEntityCursor } from '../master-entities.js';
import {
  AddMasterEntityArgs,
  MapMasterAttributeArgs,
  MasterAttributeType,
  MasterEntityConnection,
  MasterEntityPayload,
  MasterEntityType,
  toMasterAttributeType,
  toMasterEntityType,
} from './master-entity.types.js';

@Resolver(() => MasterEntityType)
export class MasterEntityResolver {
  private readonly attributesOf = perRequest(async (ids: readonly string[]) => {
    const mappings = await this.entities.mappingsOf(ids);
    const types = (await this.entities.attributesOf(ids)).map((attribute) => ({
      entityId: attribute.entityId,
      type: toMasterAttributeType(attribute, mappings),
    }));
    return groupedBy(ids, types, ({ entityId }) => entityId);
  });

  constructor(
    private readonly entities: MasterEntities,
    private readonly jobs: JobStore,
  ) {}

  @SignedIn()
  @Query(() => MasterEntityConnection, { name: 'masterEntities', description: 'The entities of master data, by code.' })
  async list(@Args() page: PageArgs): Promise<Connection<MasterEntityType>> {
    return toConnection(await this.entities.list(pageOf(page)), toMasterEntityType, masterEntityCursor, page.after);
  }

  @SignedIn()
  @Query(() => MasterEntityType)
  async masterEntity(@Args('id', { type: () => ID }) id: string): Promise<MasterEntityType> {
    return toMasterEntityType(await this.entities.get(localId('MasterEntity', id, 'id')));
  }

  @SignedIn()
  @ResolveField(() => [MasterAttributeType], { description: 'In their order.' })
  async attributes(@Parent() { id }: MasterEntityType, @Context() context: GraphqlContext) {
    const found = await this.attributesOf(context).load(localId('MasterEntity', id));
    return (found ?? []).map(({ type }) => type);
  }

  @Allow('steward')
  @Mutation(() => MasterEntityPayload)
  async addMasterEntity(
    @CurrentActor() actor: Actor,
    @Args() { attributes, ...rest }: AddMasterEntityArgs,
  ): Promise<MasterEntityPayload> {
    const entity = await this.entities.add(actor, {
      ...rest,
      attributes: attributes.map((one) => ({ ...one, identifierFormat: one.identifierFormat ?? null })),
    });
    return { masterEntity: toMasterEntityType(entity) };
  }

  @Allow('steward')
  @Mutation(() => MasterEntityPayload, {
    description: 'Says which field an attribute’s values come from; another field of the same dataset is replaced.',
  })
  async mapMasterAttribute(
    @CurrentActor() actor: Actor,
    @Args() { attributeId, fieldId, priority, changedFieldId }: MapMasterAttributeArgs,
  ): Promise<MasterEntityPayload> {
    const entity = await this.entities.map(actor, {
      attributeId: localId('MasterAttribute', attributeId, 'attributeId'),
      fieldId: localId('Field', fieldId, 'fieldId'),
      priority,
      changedFieldId: changedFieldId == null ? null : localId('Field', changedFieldId, 'changedFieldId'),
    });
    return { masterEntity: toMasterEntityType(entity) };
  }

  @Allow('steward')
  @Mutation(() => MasterEntityPayload, { description: 'Takes a field away from an attribute.' })
  async unmapMasterAttribute(
    @CurrentActor() actor: Actor,
    @Args('attributeId', { type: () => ID }) attributeId: string,
    @Args('fieldId', { type: () => ID }) fieldId: string,
  ): Promise<MasterEntityPayload> {
    const entity = await this.entities.unmap(
      actor,
      localId('MasterAttribute', attributeId, 'attributeId'),
      localId('Field', fieldId, 'fieldId'),
    );
    return { masterEntity: toMasterEntityType(entity) };
  }

  @Allow('steward')
  @Mutation(() => JobPayload, { description: 'Reads the mapped datasets and makes the golden records anew.' })
  async buildGoldenRecords(
    @CurrentActor() actor: Actor,
    @Args('entityId', { type: () => ID }) entityId: string,
  ): Promise<JobPayload> {
    const jobId = await this.entities.requestBuild(actor, localId('MasterEntity', entityId, 'entityId'));
    return { job: toJobType(await this.jobs.get(jobId)) };
  }
}
