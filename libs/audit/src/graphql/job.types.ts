import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionOf, globalId, Node, PageArgs, Payload } from '#platform/graphql';
import { JOB_STATES, type JobEntity, type JobState } from '#platform/queue';
import { GraphQLJSON } from 'graphql-scalars';

export const JobStateEnum = Object.fromEntries(JOB_STATES.map((state) => [state.toUpperCase(), state])) as Record<
  string,
  JobState
>;
registerEnumType(JobStateEnum, {
  name: 'JobState',
  description: 'How a job stands.',
  valuesMap: {
    PARTIAL: { description: 'Ended; some of it could not be done, and the result says what and why.' },
  },
});

@ObjectType('Job', { implements: () => Node, description: 'A piece of work that was asked for.' })
export class JobType extends Node {
  @Field({ description: 'For instance harvest-source.' }) name: string;
  @Field() titleEn: string;
  @Field() titleZh: string;
  @Field(() => JobStateEnum) state: JobState;
  @Field(() => Float, { description: 'Share done, 0 to 1.' }) progress: number;
  @Field(() => String, { nullable: true, description: 'What is being done now.' }) message: string | null;
  @Field(() => GraphQLJSON, { nullable: true, description: 'What came out, when it ended well or partially.' })
  result: Record<string, unknown> | null;
  @Field(() => String, { nullable: true, description: 'Stable code, when it failed.' }) errorCode: string | null;
  @Field(() => String, { nullable: true, description: 'The sentence that goes with it.' }) errorMessage: string | null;
  @Field(() => Int, { description: 'Tries so far.' }) attempt: number;
  @Field({ description: 'Who asked for it.' }) requestedBy: string;
  @Field() requestedAt: Date;
  @Field(() => Date, { nullable: true }) startedAt: Date | null;
  @Field(() => Date, { nullable: true }) finishedAt: Date | null;
  @Field({ description: 'Somebody asked it to stop.' }) cancelRequested: boolean;
}

export const JobConnection = connectionOf(JobType, 'Job');

export const toJobType = (job: JobEntity): JobType => ({
  id: globalId('Job', job.id),
  name: job.name,
  titleEn: job.titleEn,
  titleZh: job.titleZh,
  state: job.state,
  progress: job.progress,
  message: job.message,
  result: job.result,
  errorCode: job.errorCode,
  errorMessage: job.errorMessage,
  attempt: job.attempt,
  requestedBy: job.actorName,
  requestedAt: job.requestedAt,
  startedAt: job.startedAt,
  finishedAt: job.finishedAt,
  cancelRequested: job.cancelRequestedAt !== null,
});

@ArgsType()
export class JobArgs extends PageArgs {
  @Field(() => [JobStateEnum], { nullable: true }) states?: JobState[] | null;
  @Field(() => String, { nullable: true, description: 'For instance harvest-source.' }) name?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only jobs about this thing (global id of a source, rule set, …).' })
  subjectId?: string | null;
}

@ObjectType()
export class JobPayload extends Payload {
  @Field(() => JobType, { nullable: true }) job?: JobType;
}
