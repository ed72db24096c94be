import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { InvalidInput } from '#kernel';
import { type Connection, type GraphqlContext, localId, pageOf, SignedIn, toConnection } from '#platform/graphql';
import { firingCursor } from '#platform/queue';

import { RuleSets } from '../rule-sets.js';
import { QualityLoaders } from './quality.loaders.js';
import {
  DueTimeType,
  FiringArgs,
  FiringConnection,
  FiringType,
  NextDueArgs,
  RuleSetScheduleType,
  toDueTimeType,
  toFiringType,
} from './schedule.types.js';

@Resolver(() => RuleSetScheduleType)
export class RuleSetScheduleResolver {
  constructor(
    private readonly sets: RuleSets,
    private readonly loaders: QualityLoaders,
  ) {}

  @ResolveField(() => Date, { nullable: true, description: 'null when it is switched off.' })
  async nextDueAt(@Parent() { schedule }: RuleSetScheduleType): Promise<Date | null> {
    return (await this.sets.nextDue(schedule, 1))[0]?.at ?? null;
  }

  @ResolveField(() => [DueTimeType], { description: 'The next times it is due; none when it is switched off.' })
  async nextDue(@Parent() { schedule }: RuleSetScheduleType, @Args() { first }: NextDueArgs): Promise<DueTimeType[]> {
    if (first < 1 || first > 100) throw new InvalidInput('Ask for 1 to 100 due times.', [], ['first']);
    return (await this.sets.nextDue(schedule, first)).map((due) => toDueTimeType(due, schedule.timeZone));
  }

  @ResolveField(() => FiringType, { nullable: true, description: 'How the latest due time was answered.' })
  async lastFiring(
    @Parent() { schedule }: RuleSetScheduleType,
    @Context() context: GraphqlContext,
  ): Promise<FiringType | undefined> {
    const found = await this.loaders.lastFiring(context).load(schedule.id);
    return found && toFiringType(found);
  }

  @ResolveField(() => Int, { description: 'Due times of the last 30 days that were merged or missed.' })
  async unanswered(@Parent() { schedule }: RuleSetScheduleType, @Context() context: GraphqlContext): Promise<number> {
    return (await this.loaders.unanswered(context).load(schedule.id)) ?? 0;
  }

  @SignedIn()
  @Query(() => FiringConnection, { description: 'How the due times of a rule set were answered, the latest first.' })
  async ruleSetFirings(@Args() args: FiringArgs): Promise<Connection<FiringType>> {
    const id = localId('RuleSet', args.ruleSetId, 'ruleSetId');
    const page = await this.sets.firings(id, args.states ?? undefined, pageOf(args));
    return toConnection(page, toFiringType, firingCursor, args.after);
  }
}
