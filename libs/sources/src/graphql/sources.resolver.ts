import { Args, Context, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { connectors } from '#connectors/catalogue';
import { type Actor } from '#kernel';
import {
  Allow,
  type Connection,
  CurrentActor,
  type GraphqlContext,
  localId,
  may,
  PageArgs,
  pageOf,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { GraphQLJSON } from 'graphql-scalars';

import { sourceCursor, Sources, type SourceWish } from '../sources.js';
import {
  ChangeSourceInput,
  ConnectorType,
  RegisterSourceInput,
  SourceConnection,
  SourcePayload,
  SourceType,
  TestSourcePayload,
  TestSourceSettingsArgs,
  toConnectorType,
  toSourceTestType,
  toSourceType,
} from './sources.types.js';

@Resolver(() => SourceType)
export class SourcesResolver {
  constructor(private readonly sources: Sources) {}

  @Allow('engineer', 'steward')
  @Query(() => [ConnectorType], { name: 'connectors', description: 'The kinds of sources that can be registered.' })
  listConnectors(): ConnectorType[] {
    return connectors.map(toConnectorType);
  }

  @SignedIn()
  @Query(() => SourceConnection, { name: 'sources', description: 'The registered systems, by name.' })
  async listSources(@Args() page: PageArgs): Promise<Connection<SourceType>> {
    return toConnection(await this.sources.list(pageOf(page)), toSourceType, sourceCursor, page.after);
  }

  @SignedIn()
  @Query(() => SourceType)
  async source(@Args('id', { type: () => ID }) id: string): Promise<SourceType> {
    return toSourceType(await this.sources.get(localId('Source', id, 'id')));
  }

  @ResolveField(() => GraphQLJSON, {
    nullable: true,
    description: 'Without the secret ones. null for those who are neither engineer nor steward.',
  })
  settings(@Parent() source: SourceType, @Context() { req }: GraphqlContext): Record<string, unknown> | null {
    return req.actor && may(req.actor, ['engineer', 'steward']) ? source.allSettings : null;
  }

  @Allow('engineer')
  @Mutation(() => SourcePayload, { description: 'Registers a source. Nothing is read from it yet.' })
  async registerSource(
    @CurrentActor() actor: Actor,
    @Args('input') input: RegisterSourceInput,
  ): Promise<SourcePayload> {
    return { source: toSourceType(await this.sources.register(actor, { ...wishOf(input), kind: input.kind })) };
  }

  @Allow('engineer')
  @Mutation(() => SourcePayload, { description: 'Changes everything but the kind of a source.' })
  async changeSource(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('input') input: ChangeSourceInput,
  ): Promise<SourcePayload> {
    return { source: toSourceType(await this.sources.change(actor, localId('Source', id, 'id'), wishOf(input))) };
  }

  @Allow('engineer')
  @Mutation(() => SourcePayload, {
    description: 'Takes a source off the list and forgets its secrets. What is known of it stays as history.',
  })
  async removeSource(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<SourcePayload> {
    return { source: toSourceType(await this.sources.remove(actor, localId('Source', id, 'id'))) };
  }

  @Allow('engineer')
  @Mutation(() => SourcePayload, {
    description:
      'Stops all reading from a source, by hand and on schedule, until it is resumed. What is known of it stays.',
  })
  async pauseSource(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<SourcePayload> {
    return { source: toSourceType(await this.sources.pause(actor, localId('Source', id, 'id'), true)) };
  }

  @Allow('engineer')
  @Mutation(() => SourcePayload, { description: 'Lets a paused source be read again.' })
  async resumeSource(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<SourcePayload> {
    return { source: toSourceType(await this.sources.pause(actor, localId('Source', id, 'id'), false)) };
  }

  @Allow('engineer')
  @Mutation(() => TestSourcePayload, { description: 'Tries a registered source out.' })
  async testSource(@Args('id', { type: () => ID }) id: string): Promise<TestSourcePayload> {
    return { test: toSourceTestType(await this.sources.test(localId('Source', id, 'id'))) };
  }

  @Allow('engineer')
  @Mutation(() => TestSourcePayload, { description: 'Tries settings out before they are kept.' })
  async testSourceSettings(@Args() { kind, settings, sourceId }: TestSourceSettingsArgs): Promise<TestSourcePayload> {
    const id = sourceId == null ? undefined : localId('Source', sourceId, 'sourceId');
    return { test: toSourceTestType(await this.sources.testSettings(kind, settings, id)) };
  }
}

const wishOf = (input: ChangeSourceInput): Omit<SourceWish, 'kind'> => ({
  name: input.name,
  settings: input.settings,
  include: input.include ?? null,
  exclude: input.exclude ?? [],
  description: input.description ?? '',
  owner: input.owner ?? '',
  domain: input.domain ?? '',
  environment: input.environment ?? '',
  removalShare: input.removalShare ?? undefined,
  sampleRows: input.sampleRows ?? undefined,
});
