import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { GqlExecutionContext, type GqlContextType } from '@nestjs/graphql';
import { AppError, InvalidInput } from '#kernel';
import { type GraphQLResolveInfo } from 'graphql';
import { catchError, map, type Observable, of } from 'rxjs';

import { type UserError } from './payload.js';

/** What a person can mend becomes the mutation payload's `userErrors`; everything else goes on as a GraphQL error. */
@Injectable()
export class UserErrorsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<GqlContextType>() !== 'graphql') return next.handle();
    const info = GqlExecutionContext.create(context).getInfo<GraphQLResolveInfo>();
    if (info.parentType.name !== 'Mutation') return next.handle();
    return next.handle().pipe(
      map((payload: object) => ({ userErrors: [], ...payload })),
      catchError((error: unknown) => {
        if (error instanceof AppError) return of({ userErrors: userErrorsOf(error) });
        throw error;
      }),
    );
  }
}

function userErrorsOf(error: AppError): UserError[] {
  if (error instanceof InvalidInput && error.faults.length > 1)
    return error.faults.map(({ path, message }) => ({ code: error.code, message, path: [...path] }));
  return [{ code: error.code, message: error.message, path: [...error.inputPath] }];
}
