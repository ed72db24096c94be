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
import { isOurs } from './origin.js';
import { NodeResolver, Nodes } from './node.js';
import { type CalledRequest, type GraphqlContext } from './request.js';
import { scalarsMap } from './scalars.js';
import { refuseParsed, refuseUnstorableText } from './text.js';
import { UserErrorsInterceptor } from './user-errors.interceptor.js';

/**
 * Headers that no page elsewhere can send without being asked first. A WebSocket's handshake has the last one; pages
 * cannot set it otherwise, and where the socket comes from is looked at by `verifyClient`.
 */
const NOT_A_SIMPLE_REQUEST = ['x-mercurius-operation-name', 'mercurius-require-preflight', 'sec-websocket-key'];

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
        // graphql-jit refuses inputs that leave out a required field with a default.
        jit: 0,
        graphiql: false,
        csrfPrevention: { requiredHeaders: NOT_A_SIMPLE_REQUEST },
        queryDepth: settings.graphqlDepth,
        context: (request: CalledRequest, reply: FastifyReply) => ({ req: request, reply }),
        subscription: {
          fullWsTransport: false,
          keepAlive: 15_000,
          verifyClient: ({ origin, req }, next) => next(isOurs(origin, req.headers.host, settings.publicUrl), 403),
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
