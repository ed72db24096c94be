import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { type Settings, SETTINGS } from '#platform/config';
import { type FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { AccessGuard } from './access.js';
import { refuseCostly, refuseStrangersIntrospection } from './cost.js';
import { ErrorsFilter } from './errors.filter.js';
import { formatErrors } from './errors.js';
import { NodeResolver, Nodes } from './node.js';
import { type CalledRequest, type GraphqlContext } from './request.js';
import { scalarsMap } from './scalars.js';
import { refuseParsed, refuseUnstorableText } from './text.js';
import { UserErrorsInterceptor } from './user-errors.interceptor.js';

/**
 * A page of another site cannot send these without asking first. The last one is of a WebSocket's handshake, which the
 * browser alone may write; the session's cookie does not go with one from another site.
 */
const HEADERS_OF_NO_FORM = ['x-mercurius-operation-name', 'mercurius-require-preflight', 'sec-websocket-key'];

@Global()
@Module({
  imports: [
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      inject: [SETTINGS, PinoLogger],
      useFactory: (settings: Settings, log: PinoLogger): MercuriusDriverConfig => ({
        autoSchemaFile: true,
        buildSchemaOptions: { scalarsMap },
        sortSchema: true,
        jit: 0,
        graphiql: false,
        csrfPrevention: { requiredHeaders: HEADERS_OF_NO_FORM },
        queryDepth: settings.graphqlDepth,
        context: (request: CalledRequest, reply: FastifyReply) => ({ req: request, reply }),
        subscription: {
          fullWsTransport: false,
          keepAlive: 15_000,
          context: (_: unknown, request) => ({ req: request }),
        },
        hooks: {
          preParsing: (_, source) => refuseParsed(source),
          preExecution: (schema, document, context, variables) => {
            if (!settings.graphiql) refuseStrangersIntrospection(document, context as unknown as GraphqlContext);
            refuseUnstorableText(document, variables);
            refuseCostly(schema, document, variables, settings.graphqlCost);
          },
        },
        errorFormatter: (execution, context) => formatErrors(execution, context, log),
      }),
    }),
  ],
  providers: [
    Nodes,
    NodeResolver,
    { provide: APP_FILTER, useClass: ErrorsFilter },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: UserErrorsInterceptor },
  ],
  exports: [Nodes],
})
export class GraphqlModule {}
