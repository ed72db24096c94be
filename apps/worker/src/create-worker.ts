import 'reflect-metadata';

import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Clock } from '#kernel';
import { type Settings } from '#platform/config';
import { OutboxDispatcher } from '#platform/outbox';
import { JobRunner, pairUp, postgresBackend, redisBackend } from '#platform/queue';
import { Logger, PinoLogger } from 'nestjs-pino';
import { DataSource } from 'typeorm';

import { doors } from './doors.js';
import { WorkerModule } from './worker.module.js';

export interface RunningWorker {
  readonly app: INestApplicationContext;
  /** Lets running jobs know, waits for them to stop, closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts a worker: it carries jobs out and brings events to their consumers.
 * @throws when a contract has no processor, or two, and says which.
 */
export async function createWorker(settings: Settings & { readonly databaseUrl: string }): Promise<RunningWorker> {
  const app = await NestFactory.createApplicationContext(WorkerModule.of(settings), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  const log = await app.resolve(PinoLogger);
  log.setContext('worker');
  const db = app.get(DataSource);
  const processors = pairUp(
    doors.flatMap(({ contracts }) => contracts),
    doors.flatMap((door) => door.processors.map((processor) => app.get(processor))),
  );
  const runner = new JobRunner({
    db,
    databaseUrl: settings.databaseUrl,
    backend: settings.redisUrl === undefined ? postgresBackend(settings.databaseUrl) : redisBackend(settings.redisUrl),
    processors,
    log,
    clock: app.get(Clock),
    concurrency: settings.concurrency,
    lockSeconds: settings.lockSeconds,
  });
  const consumers = doors.flatMap((door) => door.consumers.map((consumer) => app.get(consumer)));
  const dispatcher = new OutboxDispatcher(db, settings.databaseUrl, consumers, log);
  await runner.start();
  await dispatcher.start();
  return {
    app,
    async stop() {
      await dispatcher.stop();
      await runner.stop();
      await app.close();
    },
  };
}
