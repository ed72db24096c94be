import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import {
  Allow,
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

import { codeSetCursor, CodeSets, type CodeSetWish } from '../code-sets.js';
import {
  AddCodeSetArgs,
  ChangeCodeSetArgs,
  CodeSetArgs,
  CodeSetConnection,
  type CodeSetInput,
  CodeSetPayload,
  CodeSetType,
  CodeValueType,
  toCodeSetType,
  toCodeValueType,
} from './code-set.types.js';

const wishOf = ({ values, ...rest }: CodeSetInput): CodeSetWish => ({
  ...rest,
  values: values.map(({ code, nameEn, nameZh, parentCode, validFrom, validTo }) => ({
    ...{ code, nameEn, nameZh, parentCode: parentCode ?? null, validFrom: validFrom ?? null, validTo: validTo ?? null },
  })),
});

@Resolver(() => CodeSetType)
export class CodeSetResolver {
  private readonly valuesOf = perRequest(async (ids: readonly string[]) =>
    groupedBy(ids, await this.codeSets.valuesOf(ids), ({ codeSetId }) => codeSetId),
  );

  constructor(private readonly codeSets: CodeSets) {}

  @SignedIn()
  @Query(() => CodeSetConnection, { name: 'codeSets', description: 'The code sets, by code.' })
  async list(@Args() args: CodeSetArgs): Promise<Connection<CodeSetType>> {
    const page = await this.codeSets.list(args.search ?? undefined, pageOf(args));
    return toConnection(page, toCodeSetType, codeSetCursor, args.after);
  }

  @SignedIn()
  @Query(() => CodeSetType)
  async codeSet(@Args('id', { type: () => ID }) id: string): Promise<CodeSetType> {
    return toCodeSetType(await this.codeSets.get(localId('CodeSet', id, 'id')));
  }

  @SignedIn()
  @ResolveField(() => [CodeValueType], { description: 'The values, in order.' })
  async values(
    @Parent() { id }: CodeSetType,
    @Context() context: GraphqlContext,
    @Args('recordedAt', { type: () => Date, nullable: true, description: 'As they were recorded at that time; now.' })
    recordedAt?: Date | null,
  ): Promise<CodeValueType[]> {
    const local = localId('CodeSet', id);
    const values =
      recordedAt == null ? await this.valuesOf(context).load(local) : await this.codeSets.valuesOf([local], recordedAt);
    return (values ?? []).map(toCodeValueType);
  }

  @Allow('steward')
  @Mutation(() => CodeSetPayload)
  async addCodeSet(@CurrentActor() actor: Actor, @Args() { code, input }: AddCodeSetArgs): Promise<CodeSetPayload> {
    return { codeSet: toCodeSetType(await this.codeSets.add(actor, code, wishOf(input))) };
  }

  @Allow('steward')
  @Mutation(() => CodeSetPayload, { description: 'Sets everything but the code. What the values were is kept.' })
  async changeCodeSet(
    @CurrentActor() actor: Actor,
    @Args() { id, revision, input }: ChangeCodeSetArgs,
  ): Promise<CodeSetPayload> {
    const codeSet = await this.codeSets.change(actor, localId('CodeSet', id, 'id'), revision, wishOf(input));
    return { codeSet: toCodeSetType(codeSet) };
  }
}
