import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type GqlContextType } from '@nestjs/graphql';
import { AppError } from '#kernel';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { framesOf } from './errors.js';

const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
};

/** Errors of GraphQL go on to its formatter; those of routes are answered here, in the same shape. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(private readonly log: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType<GqlContextType>() === 'graphql') return error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { status, message, code } = this.answerTo(error, request);
    return http
      .getResponse<FastifyReply>()
      .status(status)
      .send({ errors: [{ message, extensions: { code } }] });
  }

  private answerTo(error: unknown, request: FastifyRequest): { status: number; message: string; code: string } {
    if (error instanceof AppError)
      return { status: STATUS[error.code] ?? 400, message: error.message, code: error.code };
    if (error instanceof HttpException && error.getStatus() === 404)
      return { status: 404, message: `There is nothing at ${request.url.split('?')[0]}.`, code: 'NOT_FOUND' };
    const { statusCode, message } = error as { statusCode?: number; message?: string };
    const status = error instanceof HttpException ? error.getStatus() : (statusCode ?? 500);
    if (status < 500) return { status, message: message ?? 'The request cannot be read.', code: 'BAD_REQUEST' };
    this.log.error(
      { requestId: request.id, stack: error instanceof Error ? framesOf(error) : [] },
      'A request failed unexpectedly',
    );
    return {
      status: 500,
      message: `Something went wrong inside Plumbline. The log has the details under the request ${request.id}.`,
      code: 'INTERNAL',
    };
  }
}
