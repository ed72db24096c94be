import { Injectable } from '@nestjs/common';
import { type Actor, Clock } from '#kernel';
import { row, type Tx } from '#platform/database';
import { type EventContract, publish } from '#platform/outbox';
import { type JobContract, JobStore } from '#platform/queue';
import { type Static, type TSchema } from 'typebox';
import { DataSource } from 'typeorm';

import { FIRST_HASH, hashOf } from './chain.js';

/** What a change is about. The name is written down, since the thing may be gone when the entry is read. */
export interface Subject {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** A change on its way: one transaction, with whoever makes it. */
export interface Change {
  readonly tx: Tx;
  readonly actor: Actor;
  /** The time of the change, the same for everything it writes. */
  readonly at: Date;
  /**
   * Writes the audit entry. Details say what changed (`{ before, after }`, counts), never a secret and never a raw
   * value of the data.
   */
  record(action: string, subject: Subject, details?: Readonly<Record<string, unknown>>): Promise<void>;
  publish<S extends TSchema>(event: EventContract<S>, payload: Static<S>): Promise<void>;
  /** Asks for a job that runs if this change commits; gives its id. */
  request<S extends TSchema>(job: JobContract<S>, payload: Static<S>, subject?: Subject): Promise<string>;
}

/** Holders of the chain's end wait for one another: key of an advisory lock. */
const CHAIN_LOCK = 7_070_002;

/**
 * The one way to change something: a transaction that ends with its audit entry.
 *
 * @example
 * return this.changes.make(actor, async (change) => {
 *   const source = await this.sources.add(change.tx, settings);
 *   await change.record('source.registered', { kind: 'source', id: source.id, name: source.name });
 *   return source;
 * });
 */
@Injectable()
export class Changes {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly jobs: JobStore,
  ) {}

  /**
   * @throws whatever the work throws; nothing of it is kept then. Also when the work recorded nothing, which is a
   *   mistake of ours: every change has its entry.
   */
  async make<T>(actor: Actor, work: (change: Change) => Promise<T>): Promise<T> {
    return this.db.transaction(async (tx) => {
      const at = this.clock.now();
      const entries: (() => Promise<void>)[] = [];
      const change: Change = {
        tx,
        actor,
        at,
        record: async (action, subject, details = {}) => {
          entries.push(() => this.append(tx, actor, at, action, subject, details));
        },
        publish: (event, payload) => publish(tx, event, payload),
        request: (job, payload, subject) =>
          this.jobs.request(tx, job, payload, { actor, ...(subject && { subject, of: subject.name }) }),
      };
      const result = await work(change);
      if (entries.length === 0) throw new Error('A change was made without an audit entry.');
      // Written last, so that the chain's lock is held for as short as can be.
      for (const append of entries) await append();
      return result;
    });
  }

  private async append(
    tx: Tx,
    actor: Actor,
    recordedAt: Date,
    action: string,
    subject: Subject,
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
    const last = await row<{ number: string; hash: string }>(
      tx,
      'SELECT number, hash FROM audit.entry ORDER BY number DESC LIMIT 1',
    );
    const previousHash = last?.hash ?? FIRST_HASH;
    const facts = {
      number: String(BigInt(last?.number ?? 0) + 1n),
      recordedAt,
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      subjectName: subject.name,
      // As it will be read back: without undefined, with dates as text.
      details: JSON.parse(JSON.stringify(details)) as unknown,
      requestId: null,
    };
    await tx.query(
      `
      INSERT INTO audit.entry (number, recorded_at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id,
                               subject_name, details, request_id, previous_hash, hash)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      `,
      [
        ...[facts.number, recordedAt, facts.actorKind, facts.actorId, facts.actorName, action, facts.subjectKind],
        ...[facts.subjectId, facts.subjectName, JSON.stringify(facts.details), facts.requestId],
        ...[previousHash, hashOf(previousHash, facts)],
      ],
    );
  }
}
