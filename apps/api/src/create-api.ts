import 'reflect-metadata';

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';

import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { recognise } from '#graphql/identity';
import { openLineageRoutes } from '#graphql/open-lineage';
import { SignIn } from '#identity';
import { type Clock } from '#kernel';
import { Ingestion, NamespaceAliases, OpenLineage } from '#open-lineage';
import { type Settings } from '#platform/config';
import { type CalledRequest } from '#platform/graphql';
import { Logger } from 'nestjs-pino';

import { ApiModule } from './api.module.js';
import { GRAPHIQL_PAGE, WEB_ROOT } from './web.controller.js';

/** Builds the API, ready to listen (or to be asked by supertest). */
export async function createApi(
  settings: Settings & { readonly databaseUrl: string },
  clock?: Clock,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: settings.bodyLimitKb * 1024,
    trustProxy: settings.publicUrl !== undefined,
    genReqId: () => randomUUID(),
    // Names of datasets stand in addresses; paths of files are long.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 8_192 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.of(settings, clock), adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, { contentSecurityPolicy: { directives: contentSecurity }, hsts: false });
  const signIn = app.get(SignIn);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request) => recognise(request as CalledRequest, signIn));
  fastify.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id));
  await fastify.register(async (scope) =>
    openLineageRoutes(scope, {
      openLineage: app.get(OpenLineage),
      ingestion: app.get(Ingestion),
      aliases: app.get(NamespaceAliases),
      limit: settings.openLineageLimitKb * 1024,
    }),
  );
  await serveWeb(app);
  await app.init();
  await fastify.ready();
  return app;
}

/** Everything the browser loads comes from here; antd writes its styles into the page. */
const contentSecurity = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  workerSrc: ["'self'", 'blob:'],
  scriptSrc: ["'self'"],
  upgradeInsecureRequests: null,
};

/** The files of the built web UI; all but the page itself have their content's hash in their name. */
async function serveWeb(app: NestFastifyApplication): Promise<void> {
  if (!existsSync(WEB_ROOT)) return;
  await app.register(fastifyStatic, {
    root: WEB_ROOT,
    wildcard: false,
    globIgnore: [GRAPHIQL_PAGE],
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable');
    },
  });
}
