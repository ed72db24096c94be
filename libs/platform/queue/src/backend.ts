import {
  createPostgresBackend,
  createRedisBackend,
  type Processor,
  type Queue,
  withBackend,
  type Worker,
  type WorkerOptions,
} from 'bullmq';

import { type QueueName } from './contract.js';

/** What BullMQ carries: the id of the job's row. */
export interface Ticket {
  readonly jobId: string;
}

/** Makes BullMQ's queues and workers on the chosen store; nothing else knows which it is. */
export interface QueueBackend {
  queue(name: QueueName): Queue<Ticket>;
  worker(name: QueueName, processor: Processor<Ticket>, options: Omit<WorkerOptions, 'connection'>): Worker<Ticket>;
}

/** The job queue in the catalog's own PostgreSQL, in the schema "bullmq". */
export function postgresBackend(connectionString: string): QueueBackend {
  const connection = { connectionString, schema: 'bullmq', max: 2, migrate: true, application_name: 'plumbline queue' };
  const { Queue: PgQueue, Worker: PgWorker } = withBackend(createPostgresBackend);
  return {
    queue: (name) => new PgQueue(name, { connection }) as unknown as Queue<Ticket>,
    worker: (name, processor, options) =>
      new PgWorker(name, processor as never, { ...(options as object), connection }) as unknown as Worker<Ticket>,
  };
}

/** The job queue in Redis, under the prefix "plumbline". */
export function redisBackend(url: string): QueueBackend {
  const connection = { url, maxRetriesPerRequest: null };
  const { Queue: RedisQueue, Worker: RedisWorker } = withBackend(createRedisBackend);
  return {
    queue: (name) => new RedisQueue(name, { connection, prefix: 'plumbline' }),
    worker: (name, processor, options) =>
      new RedisWorker(name, processor as never, { ...(options as object), connection, prefix: 'plumbline' }),
  };
}
