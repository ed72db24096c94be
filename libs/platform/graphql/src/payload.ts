import { Field, ObjectType } from '@nestjs/graphql';

/** A fault that the caller can mend. */
@ObjectType({ description: 'A fault that the caller can mend.' })
export class UserError {
  @Field({ description: 'Stable code; clients may switch on it.' }) code: string;
  @Field({ description: 'A sentence: what happened, to which object, what to do.' }) message: string;
  @Field(() => [String], { description: 'Where in the input the fault is; empty when it is not one field.' })
  path: string[];
}

/** What every mutation answers with. Filled in by the interceptor; resolvers return only their own fields. */
@ObjectType({ isAbstract: true })
export abstract class Payload {
  @Field(() => [UserError], { description: 'Empty when the change was made. Otherwise nothing was changed.' })
  userErrors?: UserError[];
}
