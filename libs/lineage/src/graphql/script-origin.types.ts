import { Field, InputType, ObjectType } from '@nestjs/graphql';

import { type Revision } from '../script.store.js';

@ObjectType('LineageRevision', { description: 'What a text was taken from when it first was so.' })
export class RevisionType {
  @Field(() => String, { nullable: true, description: 'Address of the repository, without who may read it.' })
  repository: string | null;
  @Field({ description: 'The commit, or whatever names it.' }) commit: string;
}

@InputType({ description: 'The repository and the commit that texts are taken from.' })
export class RevisionInput {
  @Field(() => String, { nullable: true, description: 'A name and a token in it are not kept.' })
  repository?: string | null;
  @Field() commit: string;
}

export const revisionOf = (given: RevisionInput | null | undefined): Revision | null =>
  given ? { repository: given.repository ?? null, commit: given.commit } : null;

@InputType({ description: 'A name with what it stands for.' })
export class NameValueInput {
  @Field() name: string;
  @Field() value: string;
}

/** The last value of each name. */
export const valuesOf = (given: readonly NameValueInput[] | null | undefined): Record<string, string> =>
  Object.fromEntries((given ?? []).map(({ name, value }) => [name, value]));
