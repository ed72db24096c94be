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

import { CodeSets } from '../code-sets.js';
import { type DataElementVersionEntity } from '../data-element-version.entity.js';
import { dataElementCursor, DataElements, type DataElementWish } from '../data-elements.js';
import { CodeSetType, toCodeSetType } from './code-set.types.js';
import {
  AddDataElementArgs,
  ChangeDataElementArgs,
  DataElementArgs,
  DataElementConnection,
  type DataElementInput,
  DataElementPayload,
  DataElementType,
  DataElementVersionType,
  toDataElementType,
  toDataElementVersionType,
} from './data-element.types.js';

const wishOf = (input: DataElementInput): DataElementWish => ({
  nameEn: input.nameEn,
  nameZh: input.nameZh,
  definition: input.definition,
  typeFamily: input.typeFamily,
  length: input.length ?? null,
  precision: input.precision ?? null,
  scale: input.scale ?? null,
  nullable: input.nullable,
  codeSetId: input.codeSetId == null ? null : localId('CodeSet', input.codeSetId, 'codeSetId'),
  identifierFormat: input.identifierFormat ?? null,
  securityLevel: input.securityLevel ?? null,
  owner: input.owner,
});

@Resolver(() => DataElementType)
export class DataElementResolver {
  private readonly versionsOf = perRequest(async (ids: readonly string[]) =>
    groupedBy(ids, await this.elements.versionsOf(ids), ({ elementId }) => elementId),
  );

  constructor(private readonly elements: DataElements) {}

  @SignedIn()
  @Query(() => DataElementConnection, { name: 'dataElements', description: 'The data elements, by code.' })
  async list(@Args() args: DataElementArgs): Promise<Connection<DataElementType>> {
    const filter = {
      search: args.search ?? undefined,
      states: args.states ?? undefined,
      codeSetId: args.codeSetId == null ? undefined : localId('CodeSet', args.codeSetId, 'codeSetId'),
      owner: args.owner ?? undefined,
    };
    return toConnection(
      await this.elements.list(filter, pageOf(args)),
      toDataElementType,
      dataElementCursor,
      args.after,
    );
  }

  @SignedIn()
  @Query(() => DataElementType)
  async dataElement(@Args('id', { type: () => ID }) id: string): Promise<DataElementType> {
    return toDataElementType(await this.elements.get(localId('DataElement', id, 'id')));
  }

  @SignedIn()
  @ResolveField(() => [DataElementVersionType], { description: 'All versions, the newest first.' })
  async versions(@Parent() element: DataElementType, @Context() context: GraphqlContext) {
    return (await this.load(element, context)).map(toDataElementVersionType);
  }

  @SignedIn()
  @ResolveField(() => DataElementVersionType, { description: 'The newest version, be it a draft.' })
  async latest(@Parent() element: DataElementType, @Context() context: GraphqlContext) {
    const [newest] = await this.load(element, context);
    return newest && toDataElementVersionType(newest);
  }

  @SignedIn()
  @ResolveField(() => DataElementVersionType, { nullable: true, description: 'The version that is in force today.' })
  async inForce(@Parent() element: DataElementType, @Context() context: GraphqlContext) {
    if (element.state !== 'published') return null;
    const today = this.elements.today();
    const versions = await this.load(element, context);
    const found = versions.find(({ effectiveFrom }) => effectiveFrom !== null && effectiveFrom <= today);
    return found ? toDataElementVersionType(found) : null;
  }

  @Allow('steward')
  @Mutation(() => DataElementPayload, { description: 'Adds a data element as a draft.' })
  async addDataElement(
    @CurrentActor() actor: Actor,
    @Args() { code, input }: AddDataElementArgs,
  ): Promise<DataElementPayload> {
    return { dataElement: toDataElementType(await this.elements.add(actor, code, wishOf(input))) };
  }

  @Allow('steward')
  @Mutation(() => DataElementPayload, {
    description: 'Changes the draft; when the latest version is published, makes the next one as a draft.',
  })
  async changeDataElement(
    @CurrentActor() actor: Actor,
    @Args() { id, revision, input }: ChangeDataElementArgs,
  ): Promise<DataElementPayload> {
    const element = await this.elements.change(actor, localId('DataElement', id, 'id'), revision, wishOf(input));
    return { dataElement: toDataElementType(element) };
  }

  @Allow('steward')
  @Mutation(() => DataElementPayload, {
    description: 'Puts the draft in force from a day on, and has the mapped fields judged by it.',
  })
  async publishDataElement(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('effectiveFrom', { type: () => String, nullable: true, description: 'YYYY-MM-DD; today when not given.' })
    effectiveFrom?: string | null,
  ): Promise<DataElementPayload> {
    const local = localId('DataElement', id, 'id');
    return { dataElement: toDataElementType(await this.elements.publish(actor, local, effectiveFrom ?? undefined)) };
  }

  @Allow('steward')
  @Mutation(() => DataElementPayload, { description: 'Takes it out of force for good. Its mappings and history stay.' })
  async retireDataElement(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason') reason: string,
  ): Promise<DataElementPayload> {
    return {
      dataElement: toDataElementType(await this.elements.retire(actor, localId('DataElement', id, 'id'), reason)),
    };
  }

  private async load({ id }: DataElementType, context: GraphqlContext): Promise<DataElementVersionEntity[]> {
    return (await this.versionsOf(context).load(localId('DataElement', id))) ?? [];
  }
}

@Resolver(() => DataElementVersionType)
export class DataElementVersionResolver {
  private readonly codeSetOf = perRequest(async (ids: readonly string[]) =>
    byKey(await this.codeSets.ofIds(ids), ({ id }) => id),
  );

  constructor(private readonly codeSets: CodeSets) {}

  @SignedIn()
  @ResolveField(() => CodeSetType, { nullable: true, description: 'The codes its values must come from.' })
  async codeSet(@Parent() { codeSetId }: DataElementVersionType, @Context() context: GraphqlContext) {
    const found = codeSetId === null ? undefined : await this.codeSetOf(context).load(codeSetId);
    return found ? toCodeSetType(found) : null;
  }
}
