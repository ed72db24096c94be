import { Args, ID, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { type Actor } from '#kernel';
import {
  Allow,
  anyLocalId,
  type Connection,
  CurrentActor,
  localId,
  pageOf,
  SignedIn,
  toConnection,
} from '#platform/graphql';
import { jobCursor, JobStore } from '#platform/queue';

import { Changes } from '../changes.js';
import { JobArgs, JobConnection, JobPayload, JobType, toJobType } from './job.types.js';
import { JobUpdates } from './job-updates.js';

@Resolver(() => JobType)
export class JobResolver {
  constructor(
    private readonly store: JobStore,
    private readonly changes: Changes,
    private readonly updates: JobUpdates,
  ) {}

  @SignedIn()
  @Query(() => JobConnection, { description: 'What was asked for, newest first.' })
  async jobs(@Args() args: JobArgs): Promise<Connection<JobType>> {
    const { states, name, subjectId } = args;
    const filter = {
      states: states ?? undefined,
      name: name ?? undefined,
      subjectId: subjectId == null ? undefined : anyLocalId(subjectId, 'subjectId'),
    };
    return toConnection(await this.store.list(filter, pageOf(args)), toJobType, jobCursor, args.after);
  }

  @SignedIn()
  @Query(() => JobType)
  async job(@Args('id', { type: () => ID }) id: string): Promise<JobType> {
    return toJobType(await this.store.get(localId('Job', id, 'id')));
  }

  @Allow('steward', 'engineer', 'compliance')
  @Mutation(() => JobPayload, { description: 'Asks a job to stop. One that runs ends as soon as it notices.' })
  async cancelJob(@CurrentActor() actor: Actor, @Args('id', { type: () => ID }) id: string): Promise<JobPayload> {
    const job = await this.changes.make(actor, async (change) => {
      const cancelled = await this.store.cancel(change.tx, localId('Job', id, 'id'));
      await change.record('job.cancelled', { kind: 'job', id: cancelled.id, name: cancelled.titleEn });
      return cancelled;
    });
    return { job: toJobType(job) };
  }

  @SignedIn()
  @Subscription(() => JobType, {
    description: 'A job now and whenever it gets further, until it has ended.',
    resolve: (job: JobType) => job,
  })
  jobProgress(@Args('id', { type: () => ID }) id: string): AsyncIterableIterator<JobType> {
    return this.updates.follow(localId('Job', id, 'id'));
  }
}
