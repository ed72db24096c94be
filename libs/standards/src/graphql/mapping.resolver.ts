import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import {
  Allow,
  byKey,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  groupedBy,
  localId,
  pageOf,
  perRequest,
  SignedIn,
  toConnection,
} from '#platform/graphql';

import { DataElements } from '../data-elements.js';
import { mappingCursor, Mappings } from '../mappings.js';
import { Verdicts } from '../verdicts.js';
import { DataElementType, toDataElementType } from './data-element.types.js';
import {
  ComplianceVerdictType,
  MappingArgs,
  StandardMappingConnection,
  StandardMappingPayload,
  StandardMappingType,
  SuggestMappingsPayload,
  toComplianceVerdictType,
  toStandardMappingType,
} from './mapping.types.js';

@Resolver(() => StandardMappingType)
export class MappingResolver {
  private readonly elementOf = perRequest(async (ids: readonly string[]) =>
    byKey(await this.elements.ofIds(ids), ({ id }) => id),
  );
  private readonly verdictOf = perRequest(async (ids: readonly string[]) =>
    byKey(await this.verdictStore.current(ids), ({ mappingId }) => mappingId),
  );
  private readonly historyOf = perRequest(async (ids: readonly string[]) =>
    groupedBy(ids, await this.verdictStore.history(ids), ({ mappingId }) => mappingId),
  );

  constructor(
    private readonly mappings: Mappings,
    private readonly elements: DataElements,
    private readonly verdictStore: Verdicts,
  ) {}

  @SignedIn()
  @Query(() => StandardMappingConnection, {
    name: 'mappings',
    description: 'Which fields are which data elements: mapped by hand first, then the likeliest.',
  })
  async list(@Args() args: MappingArgs): Promise<Connection<StandardMappingType>> {
    const local = (type: string, id: string | null | undefined, path: string) =>
      id == null ? undefined : localId(type, id, path);
    const filter = {
      states: args.states ?? undefined,
      elementId: local('DataElement', args.elementId, 'elementId'),
      sourceId: local('Source', args.sourceId, 'sourceId'),
      fieldId: local('Field', args.fieldId, 'fieldId'),
      verdicts: args.verdicts ?? undefined,
    };
    return toConnection(
      await this.mappings.list(filter, pageOf(args)),
      toStandardMappingType,
      mappingCursor,
      args.after,
    );
  }

  @SignedIn()
  @ResolveField(() => DataElementType)
  async element(@Parent() { elementId }: StandardMappingType, @Context() context: GraphqlContext) {
    const found = await this.elementOf(context).load(elementId);
    return found && toDataElementType(found);
  }

  @SignedIn()
  @ResolveField(() => ComplianceVerdictType, { nullable: true, description: 'As it stands; null: not judged yet.' })
  async verdict(@Parent() { id }: StandardMappingType, @Context() context: GraphqlContext) {
    const found = await this.verdictOf(context).load(localId('StandardMapping', id));
    return found ? toComplianceVerdictType(found) : null;
  }

  @SignedIn()
  @ResolveField(() => [ComplianceVerdictType], { description: 'The verdicts there were, newest first; at most 100.' })
  async verdicts(@Parent() { id }: StandardMappingType, @Context() context: GraphqlContext) {
    const found = await this.historyOf(context).load(localId('StandardMapping', id));
    return (found ?? []).map(toComplianceVerdictType);
  }

  @Allow('steward')
  @Mutation(() => SuggestMappingsPayload, {
    description: 'Suggests data elements for the fields of a source that have none. What was rejected stays rejected.',
  })
  async suggestMappings(
    @CurrentActor() actor: Actor,
    @Args('sourceId', { type: () => ID }) sourceId: string,
  ): Promise<SuggestMappingsPayload> {
    return this.mappings.suggest(actor, localId('Source', sourceId, 'sourceId'));
  }

  @Allow('steward')
  @Mutation(() => StandardMappingPayload, { description: 'The field is the data element.' })
  async confirmMapping(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { defaultValue: '' }) reason: string,
  ): Promise<StandardMappingPayload> {
    const mapping = await this.mappings.confirm(actor, localId('StandardMapping', id, 'id'), reason);
    return { mapping: toStandardMappingType(mapping) };
  }

  @Allow('steward')
  @Mutation(() => StandardMappingPayload, { description: 'The field is not the element; it is not suggested again.' })
  async rejectMapping(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason') reason: string,
  ): Promise<StandardMappingPayload> {
    const mapping = await this.mappings.reject(actor, localId('StandardMapping', id, 'id'), reason);
    return { mapping: toStandardMappingType(mapping) };
  }

  @Allow('steward')
  @Mutation(() => StandardMappingPayload, { description: 'Maps a field to a data element by hand.' })
  async mapField(
    @CurrentActor() actor: Actor,
    @Args('fieldId', { type: () => ID }) fieldId: string,
    @Args('elementId', { type: () => ID }) elementId: string,
    @Args('reason', { defaultValue: '' }) reason: string,
  ): Promise<StandardMappingPayload> {
    const mapping = await this.mappings.map(
      actor,
      localId('Field', fieldId, 'fieldId'),
      localId('DataElement', elementId, 'elementId'),
      reason,
    );
    return { mapping: toStandardMappingType(mapping) };
  }
}
