import { type Job, type Queue, type Worker } from 'bullmq';
import { AppError, type Clock, messageOf, type Role } from '#kernel';
import { Listener, row, rows } from '#platform/database';
import { type DataSource } from 'typeorm';

import { type QueueBackend, type Ticket } from './backend.js';
import { QUEUES, type QueueName } from './contract.js';
import { type JobEntity } from './job.entity.js';
import { JOB_CHANNEL } from './job.store.js';
import { DoLater, type JobOutcome, type JobProcessor } from './processor.js';
import { ProgressWriter } from './progress.js';
import { ScheduleSweep } from './schedule-sweep.js';
import { SCHEDULE_CHANNEL, ScheduleTicker } from './schedule-ticker.js';

/** What the runner tells the log: never a payload's content. */
export interface RunnerLog {
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

export interface RunnerOptions {
  readonly db: DataSource;
  readonly databaseUrl: string;
  readonly backend: QueueBackend;
  readonly processors: ReadonlyMap<string, JobProcessor>;
  readonly log: RunnerLog;
  /** By which schedules are due. */
  readonly clock: Clock;
  /** Jobs at once in each queue. */
  readonly concurrency: number;
  /** Seconds of silence after which a worker counts as dead. */
  readonly lockSeconds: number;
}

/** So late a due time is found at the most when its tick is lost. */
const SWEEP_MS = 5_000;

const CANCELLED = Symbol('cancelled');
const STOPPING = Symbol('stopping');

type Claimed = Pick<JobEntity, 'id' | 'name' | 'payload' | 'attempt'> & {
  actor_kind: 'user' | 'token' | 'system';
  actor_id: string;
  actor_name: string;
  request_id: string | null;
  cancel_requested_at: Date | null;
  /** Tries that ended because the time had not come. */
  put_off: number;
};

/**
 * Carries jobs out. Rows of platform.job that were asked for are fed to BullMQ, BullMQ hands them to one worker at
 * a time (again, when that worker dies), and the row says how it ended. A row and BullMQ can only disagree for a
 * moment: what is unfinished in the table and unknown to BullMQ is fed again.
 */
export class JobRunner {
  private readonly queues = new Map<QueueName, Queue<Ticket>>();
  private readonly workers: Worker<Ticket>[] = [];
  private readonly running = new Map<string, AbortController>();
  private readonly listener: Listener;
  private readonly ticker: ScheduleTicker;
  private readonly sweep: ScheduleSweep;
  private sweeping: Promise<void> = Promise.resolve();
  private timers: NodeJS.Timeout[] = [];
  private feeding: Promise<void> | undefined;
  private feedAgain = false;

  constructor(private readonly options: RunnerOptions) {
    this.listener = new Listener(options.databaseUrl, [JOB_CHANNEL, SCHEDULE_CHANNEL], 'plumbline worker');
    this.ticker = new ScheduleTicker(options.db, () => this.queue('background'));
    this.sweep = new ScheduleSweep(options.db, options.processors, options.clock);
  }

  async start(): Promise<void> {
    const { backend, concurrency, lockSeconds, log } = this.options;
    for (const name of QUEUES) {
      const queue = backend.queue(name);
      queue.on('error', (error) => log.warn({ queue: name }, `The queue ${name}: ${messageOf(error)}`));
      await queue.waitUntilReady();
      this.queues.set(name, queue);
    }
    this.listener.on(JOB_CHANNEL, (jobId: string) => {
      this.feed();
      void this.stopIfCancelled([jobId]);
    });
    this.listener.on(SCHEDULE_CHANNEL, () => void this.syncSchedules());
    this.listener.on('again', () => {
      this.feed();
      void this.stopIfCancelled([...this.running.keys()]);
      void this.syncSchedules();
    });
    await this.listener.open();
    for (const name of QUEUES) {
      const worker = backend.worker(name, (job) => this.process(job), {
        concurrency,
        lockDuration: lockSeconds * 1000,
        stalledInterval: (lockSeconds * 1000) / 2,
        maxStalledCount: 100,
      });
      worker.on('error', (error) => log.warn({ queue: name }, `The worker of ${name}: ${messageOf(error)}`));
      this.workers.push(worker);
      await worker.waitUntilReady();
    }
    await this.sweep.reckonAnew();
    await this.syncSchedules();
    await this.refeedLost();
    this.feed();
    this.timers = [
      setInterval(() => this.feed(), 2_000),
      setInterval(() => void this.refeedLost(), 15_000),
      // A tick of BullMQ can be lost, and a due time that was moved has none.
      setInterval(() => void this.answerDue(), SWEEP_MS),
    ];
  }

  /** Stops taking jobs, tells the running ones to stop, and puts those back that did not finish. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    for (const controller of this.running.values()) controller.abort(STOPPING);
    await Promise.all(this.workers.map((worker) => worker.close()));
    await this.feeding;
    await this.sweeping;
    await this.listener.close();
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: QueueName): Queue<Ticket> {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`The queue ${name} is not open.`);
    return queue;
  }

  /** Hands new rows to BullMQ, one pass at a time. */
  private feed(): void {
    if (this.feeding) {
      this.feedAgain = true;
      return;
    }
    this.feeding = this.feedOnce()
      .catch((error: unknown) =>
        this.options.log.warn({}, `Jobs could not be handed to the queue: ${messageOf(error)}`),
      )
      .finally(() => {
        this.feeding = undefined;
        if (!this.feedAgain) return;
        this.feedAgain = false;
        this.feed();
      });
  }

  private async feedOnce(): Promise<void> {
    await this.options.db.transaction(async (tx) => {
      const waiting = await rows<{ id: string; queue: QueueName; name: string }>(
        tx,
        `
        SELECT id, queue, name FROM platform.job
         WHERE fed_at IS NULL AND state = 'queued' AND (not_before IS NULL OR not_before <= now())
         ORDER BY requested_at LIMIT 500 FOR UPDATE SKIP LOCKED
        `,
      );
      for (const name of QUEUES) {
        const jobs = waiting.filter(({ queue }) => queue === name).map((job) => this.ticketOf(job));
        if (jobs.length > 0) await this.queue(name).addBulk(jobs);
      }
      await tx.query(`UPDATE platform.job SET fed_at = now() WHERE id = ANY($1)`, [waiting.map(({ id }) => id)]);
    });
  }

  private ticketOf({ id, name }: { id: string; name: string }) {
    const attempts = this.options.processors.get(name)?.contract.attempts ?? 5;
    return {
      name,
      data: { jobId: id },
      opts: {
        jobId: id,
        // Stops of the worker use tries up as well, so BullMQ gets more of them than the row.
        attempts: attempts + 50,
        backoff: { type: 'exponential', delay: 500, jitter: 0.2 },
        removeOnComplete: true,
        removeOnFail: true,
      },
    };
  }

  /** Rows that BullMQ has lost (its store was emptied, or a try too many) are handed over again. */
  private async refeedLost(): Promise<void> {
    try {
      const open = await rows<{ id: string; queue: QueueName }>(
        this.options.db,
        `
        SELECT id, queue FROM platform.job
         WHERE state IN ('queued', 'running') AND fed_at < now() - interval '5 seconds'
         ORDER BY requested_at LIMIT 500
        `,
      );
      const lost: string[] = [];
      for (const { id, queue } of open)
        if (!this.running.has(id) && !(await this.queue(queue).getJob(id))) lost.push(id);
      if (lost.length === 0) return;
      this.options.log.warn({ jobs: lost.length }, 'Some jobs were unknown to the queue and are handed over again');
      await this.options.db.query(
        `UPDATE platform.job SET fed_at = NULL, state = 'queued' WHERE id = ANY($1) AND state IN ('queued', 'running')`,
        [lost],
      );
      this.feed();
    } catch (error) {
      this.options.log.warn({}, `Lost jobs could not be looked for: ${messageOf(error)}`);
    }
  }

  private async syncSchedules(): Promise<void> {
    try {
      await this.ticker.sync();
    } catch (error) {
      this.options.log.error({}, `Schedules could not be read: ${messageOf(error)}`);
    }
    await this.answerDue();
  }

  /** Answers the schedules that are due; one pass of this worker after the other. */
  private answerDue(): Promise<void> {
    this.sweeping = this.sweeping
      .then(() => this.sweep.answer())
      .catch((error: unknown) =>
        this.options.log.warn({}, `Schedules that are due could not be answered: ${safeSentence(error)}`),
      );
    return this.sweeping;
  }

  private async stopIfCancelled(ids: readonly string[]): Promise<void> {
    const here = ids.filter((id) => this.running.has(id));
    if (here.length === 0) return;
    try {
      const cancelled = await rows<{ id: string }>(
        this.options.db,
        `SELECT id FROM platform.job WHERE id = ANY($1) AND cancel_requested_at IS NOT NULL`,
        [here],
      );
      for (const { id } of cancelled) this.running.get(id)?.abort(CANCELLED);
    } catch (error) {
      this.options.log.warn({}, `Whether jobs were cancelled could not be read: ${messageOf(error)}`);
    }
  }

  private async process(bull: Job<Ticket>): Promise<void> {
    if (this.ticker.isTick(bull)) {
      await this.answerDue();
      return;
    }
    const job = await this.claim(bull.data.jobId);
    if (!job) return; // Ended already: cancelled while it waited, or done by a worker that died right after.
    const processor = this.options.processors.get(job.name);
    if (!processor) {
      await this.fail(job, 'NO_PROCESSOR', `This worker knows no job named "${job.name}". Is it an older version?`);
      return;
    }
    await this.carryOut(job, processor);
  }

  private claim(id: string): Promise<Claimed | undefined> {
    return row<Claimed>(
      this.options.db,
      `
      WITH claimed AS (
        UPDATE platform.job
           SET state = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now())
         WHERE id = $1 AND state IN ('queued', 'running')
        RETURNING id, name, payload, attempt, actor_kind, actor_id, actor_name, request_id, cancel_requested_at,
                  put_off
      )
      SELECT claimed.*, pg_notify('${JOB_CHANNEL}', id::text) FROM claimed
      `,
      [id],
    );
  }

  private async carryOut(job: Claimed, processor: JobProcessor): Promise<void> {
    const { log } = this.options;
    const facts = { jobId: job.id, job: job.name, attempt: job.attempt, requestId: job.request_id ?? undefined };
    const controller = new AbortController();
    this.running.set(job.id, controller);
    if (job.cancel_requested_at) controller.abort(CANCELLED);
    const progress = new ProgressWriter((share, message) => this.writeProgress(job, share, message));
    const began = Date.now();
    try {
      controller.signal.throwIfAborted();
      const outcome = await processor.run(job.payload, {
        jobId: job.id,
        attempt: job.attempt,
        actor: { kind: job.actor_kind, id: job.actor_id, name: job.actor_name, roles: rolesOf(job) },
        signal: controller.signal,
        progress: (share, message) => progress.report(share, message),
      });
      await progress.stop();
      await this.succeed(job, outcome);
      log.info({ ...facts, ms: Date.now() - began, state: outcome.state }, 'Job done');
    } catch (error) {
      await progress.stop();
      const attempts = (processor.contract.attempts ?? 5) + job.put_off;
      const why: unknown = controller.signal.aborted ? controller.signal.reason : undefined;
      if (why === CANCELLED) {
        await this.end(job, 'cancelled', {});
        log.info(facts, 'Job cancelled');
      } else if (why === STOPPING) {
        await this.putBack(job, 'The worker stopped; another goes on.');
        throw new Error('The worker stopped.');
      } else if (error instanceof DoLater) {
        await this.putOff(job, error);
        log.info({ ...facts, until: error.at }, 'Job put off');
      } else if (error instanceof AppError) {
        await this.fail(job, error.code, error.message);
        log.warn({ ...facts, code: error.code }, 'Job failed');
      } else if (job.attempt >= attempts) {
        await this.fail(job, 'INTERNAL', `It failed ${job.attempt} times, at last with: ${safeSentence(error)}`);
        log.error({ ...facts, error: safeSentence(error), stack: stackOf(error) }, 'Job failed for good');
      } else {
        log.warn({ ...facts, error: safeSentence(error), stack: stackOf(error) }, 'Job will be tried again');
        await this.putBack(
          job,
          `Try ${job.attempt} of ${attempts} failed (${safeSentence(error)}); it will be tried again.`,
        );
        throw new Error(safeSentence(error));
      }
    } finally {
      this.running.delete(job.id);
    }
  }

  private writeProgress(job: Claimed, share: number, message: string | undefined): Promise<unknown> {
    return this.options.db.query(
      `
      WITH told AS (
        UPDATE platform.job SET progress = $3, message = $4
         WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING id
      )
      SELECT pg_notify('${JOB_CHANNEL}', id::text) FROM told
      `,
      [job.id, job.attempt, share, message ?? null],
    );
  }

  private async succeed(job: Claimed, { state, result }: JobOutcome): Promise<void> {
    await this.end(job, state, { result: JSON.stringify(result) });
  }

  private async fail(job: Claimed, code: string, message: string): Promise<void> {
    await this.end(job, 'failed', { code, message });
  }

  /** Only the latest try may say how it ended: an earlier one that was thought dead finds its number gone. */
  private async end(
    job: Claimed,
    state: 'succeeded' | 'partial' | 'failed' | 'cancelled',
    { result, code, message }: { result?: string; code?: string; message?: string },
  ): Promise<void> {
    await this.options.db.query(
      `
      WITH ended AS (
        UPDATE platform.job
           SET state = $3, finished_at = now(), result = $4, error_code = $5, error_message = $6, message = NULL,
               progress = CASE WHEN $3 IN ('succeeded', 'partial') THEN 1 ELSE progress END
         WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING id
      )
      SELECT pg_notify('${JOB_CHANNEL}', id::text) FROM ended
      `,
      [job.id, job.attempt, state, result ?? null, code ?? null, message ?? null],
    );
  }

  /** The feeder hands it over again when its time has come. */
  private async putOff(job: Claimed, { at, message }: DoLater): Promise<void> {
    await this.options.db.query(
      `
      WITH put_off AS (
        UPDATE platform.job
           SET state = 'queued', message = $3, not_before = $4, put_off = put_off + 1, fed_at = NULL
         WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING id
      )
      SELECT pg_notify('${JOB_CHANNEL}', id::text) FROM put_off
      `,
      [job.id, job.attempt, message, at],
    );
  }

  private async putBack(job: Claimed, message: string): Promise<void> {
    await this.options.db.query(
      `UPDATE platform.job SET state = 'queued', message = $3 WHERE id = $1 AND attempt = $2 AND state = 'running'`,
      [job.id, job.attempt, message],
    );
  }
}

/** A job does what its asker was allowed to ask for; the roles were checked then. */
const rolesOf = (job: Claimed): readonly Role[] => (job.actor_kind === 'system' ? ['administrator'] : []);

/** A driver's message may quote values of the data; its code does not. */
function safeSentence(error: unknown): string {
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  if (typeof code === 'string' && severity !== undefined) return `the database refused a statement (SQLSTATE ${code})`;
  const { driverError } = error as { driverError?: unknown };
  if (driverError) return safeSentence(driverError);
  return messageOf(error);
}

const stackOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .filter((line) => line.startsWith('    at '))
        .slice(0, 8)
        .join('\n')
    : undefined;
