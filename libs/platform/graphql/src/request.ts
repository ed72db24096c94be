import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import { type Actor, Unauthenticated } from '#kernel';
import { type FastifyReply, type FastifyRequest } from 'fastify';

/** What the sign-in of a request found out; put on the request before anything handles it. */
export interface Caller {
  actor?: Actor;
  mustChangePassword?: boolean;
  /** SHA-256 of the session's token, for signing out. */
  sessionHash?: string;
}

export type CalledRequest = FastifyRequest & Caller;

/** The context of a GraphQL operation. */
export interface GraphqlContext {
  readonly req: CalledRequest;
  readonly reply?: FastifyReply;
}

/** The HTTP request behind a resolver or a route. */
export function requestOf(context: ExecutionContext): CalledRequest {
  if (context.getType<GqlContextType>() === 'graphql')
    return GqlExecutionContext.create(context).getContext<GraphqlContext>().req;
  return context.switchToHttp().getRequest<CalledRequest>();
}

/** Parameter: who calls. `@Caller() actor: Actor`. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = requestOf(context);
  if (!actor) throw new Unauthenticated('Sign in, or send an API token.');
  return actor;
});
