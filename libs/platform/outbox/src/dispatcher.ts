import { messageOf } from '#kernel';
import { Listener, row, type Tx } from '#platform/database';
import { type Static, type TSchema } from 'typebox';
import { type DataSource } from 'typeorm';

import { type EventContract } from './event.js';
import { OUTBOX_CHANNEL } from './outbox.js';

/**
 * Hears one kind of event. What it writes in `tx` is written together with the note that it heard, so each event
 * has its effect once. What does not fit into a transaction it asks for as a job.
 */
export interface EventConsumer<S extends TSchema = TSchema> {
  /** Never changed once released: it is the key of what was heard. */
  readonly name: string;
  readonly event: EventContract<S>;
  hear(tx: Tx, payload: Static<S>): Promise<void>;
}

export interface DispatcherLog {
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

const MOST_ATTEMPTS = 12;

interface Waiting {
  readonly id: string;
  readonly payload: unknown;
  readonly attempts: number;
}

/** Brings the events of the outbox to their consumers, in order, each once; several workers may share the work. */
export class OutboxDispatcher {
  private readonly listener: Listener;
  private timer: NodeJS.Timeout | undefined;
  private pass: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(
    private readonly db: DataSource,
    databaseUrl: string,
    private readonly consumers: readonly EventConsumer[],
    private readonly log: DispatcherLog,
  ) {
    const names = consumers.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new Error(`The worker does not start: two consumers are named "${twice}".`);
    this.listener = new Listener(databaseUrl, [OUTBOX_CHANNEL], 'plumbline outbox');
  }

  async start(): Promise<void> {
    this.listener.on(OUTBOX_CHANNEL, () => this.dispatch());
    this.listener.on('again', () => this.dispatch());
    await this.listener.open();
    this.timer = setInterval(() => this.dispatch(), 5_000);
    this.dispatch();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.pass;
    await this.listener.close();
  }

  private dispatch(): void {
    if (this.stopped) return;
    if (this.pass) {
      this.again = true;
      return;
    }
    this.pass = this.all()
      .catch((error: unknown) => this.log.warn({}, `The outbox could not be read: ${messageOf(error)}`))
      .finally(() => {
        this.pass = undefined;
        if (!this.again) return;
        this.again = false;
        this.dispatch();
      });
  }

  private async all(): Promise<void> {
    for (const consumer of this.consumers) while (!this.stopped && (await this.next(consumer)));
    await this.forgetOld();
  }

  /** Brings one event to a consumer; false when none waits. */
  private async next(consumer: EventConsumer): Promise<boolean> {
    let failed: Waiting | undefined;
    try {
      return await this.db.transaction(async (tx) => {
        const waiting = await row<Waiting>(
          tx,
          `
          SELECT event.id, event.payload, coalesce(delivery.attempts, 0) AS attempts
            FROM platform.event
            LEFT JOIN platform.event_delivery AS delivery
              ON delivery.event_id = event.id AND delivery.consumer = $1
           WHERE event.type = $2
             AND (delivery.state IS NULL OR (delivery.state = 'retry' AND delivery.next_at <= now()))
           ORDER BY event.id LIMIT 1 FOR UPDATE OF event SKIP LOCKED
          `,
          [consumer.name, consumer.event.type],
        );
        if (!waiting) return false;
        failed = waiting;
        await consumer.hear(tx, waiting.payload);
        await tx.query(
          `
          INSERT INTO platform.event_delivery (consumer, event_id, state, attempts, delivered_at)
          VALUES ($1, $2, 'delivered', $3, now())
          ON CONFLICT (consumer, event_id)
            DO UPDATE SET state = 'delivered', attempts = $3, delivered_at = now(), next_at = NULL, error = NULL
          `,
          [consumer.name, waiting.id, waiting.attempts + 1],
        );
        return true;
      });
    } catch (error) {
      if (!failed) throw error;
      await this.putOff(consumer, failed, error);
      return true;
    }
  }

  private async putOff(consumer: EventConsumer, { id, attempts }: Waiting, error: unknown): Promise<void> {
    const dead = attempts + 1 >= MOST_ATTEMPTS;
    const facts = { consumer: consumer.name, event: id, attempt: attempts + 1 };
    if (dead) this.log.error(facts, `An event was given up after ${MOST_ATTEMPTS} tries: ${messageOf(error)}`);
    else this.log.warn(facts, `An event could not be heard and will be told again: ${messageOf(error)}`);
    await this.db.query(
      `
      INSERT INTO platform.event_delivery (consumer, event_id, state, attempts, next_at, error)
      VALUES ($1, $2, $3, $4, now() + make_interval(secs => least(power(2, $4), 3600)), $5)
      ON CONFLICT (consumer, event_id)
        DO UPDATE SET state = excluded.state, attempts = excluded.attempts, next_at = excluded.next_at, error = excluded.error
      `,
      [consumer.name, id, dead ? 'dead' : 'retry', attempts + 1, messageOf(error).slice(0, 2_000)],
    );
  }

  /** Events are kept a week after all have heard them. */
  private async forgetOld(): Promise<void> {
    await this.db.query(`
      DELETE FROM platform.event
       WHERE recorded_at < now() - interval '7 days'
         AND NOT EXISTS (SELECT 1 FROM platform.event_delivery AS d WHERE d.event_id = event.id AND d.state <> 'delivered')
    `);
  }
}
