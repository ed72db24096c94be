import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { SourceLoader, SourceType } from '#graphql/sources';
import {
  type Connection,
  type GraphqlContext,
  groupedBy,
  localId,
  pageOf,
  perRequest,
  SignedIn,
  toConnection,
} from '#platform/graphql';

import { routineCursor, Routines } from '../routines.js';
import {
  RoutineArgs,
  RoutineConnection,
  RoutineType,
  RoutineVersionType,
  toRoutineType,
  toRoutineVersionType,
} from './routine.types.js';

@Resolver(() => RoutineType)
export class RoutineResolver {
  constructor(
    private readonly routineStore: Routines,
    private readonly sources: SourceLoader,
  ) {}

  private readonly versionsOf = perRequest<RoutineVersionType[]>(async (ids) => {
    const found = groupedBy(ids, await this.routineStore.versionsOf(ids), ({ routineId }) => routineId);
    return new Map([...found].map(([id, versions]) => [id, versions.map(toRoutineVersionType)]));
  });

  @SignedIn()
  @Query(() => RoutineConnection, { description: 'Procedures and functions of the sources, by qualified name.' })
  async routines(@Args() args: RoutineArgs): Promise<Connection<RoutineType>> {
    const filter = {
      sourceId: args.sourceId == null ? undefined : localId('Source', args.sourceId, 'sourceId'),
      scope: args.scope ?? undefined,
      kind: args.kind ?? undefined,
      nameContains: args.nameContains ?? undefined,
      presentOnly: args.includeVanished !== true,
    };
    return toConnection(await this.routineStore.list(filter, pageOf(args)), toRoutineType, routineCursor, args.after);
  }

  @ResolveField(() => SourceType)
  async source(@Parent() { sourceId }: RoutineType, @Context() context: GraphqlContext): Promise<SourceType> {
    const source = await this.sources.byId(context).load(sourceId);
    if (!source) throw new Error('A routine has no source.');
    return source;
  }

  @ResolveField(() => [RoutineVersionType], { description: 'The definitions it had, newest first.' })
  async versions(
    @Parent() { routineId }: RoutineType,
    @Context() context: GraphqlContext,
  ): Promise<RoutineVersionType[]> {
    return (await this.versionsOf(context).load(routineId)) ?? [];
  }
}
