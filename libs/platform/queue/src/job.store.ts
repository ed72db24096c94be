import { Injectable } from '@nestjs/common';
import { type Actor, decodeCursor, encodeCursor, InvalidInput, NotFound, type Page, type PageRequest } from '#kernel';
import { checker } from '#platform/config';
import { row, rows, type Tx } from '#platform/database';
import { type Static, type TSchema } from 'typebox';
import { DataSource } from 'typeorm';

import { type JobContract } from './contract.js';
import { JobEntity, type JobState } from './job.entity.js';

/** PostgreSQL channel on which a job's id is said whenever its row changes. */
export const JOB_CHANNEL = 'plumbline_job';

export interface JobRequest {
  readonly actor: Actor;
  /** The thing the job is about, to find its jobs by. */
  readonly subject?: { readonly kind: string; readonly id: string };
  /** Added to the contract's title: the name of the source, for instance. */
  readonly of?: string;
  readonly requestId?: string;
}

export interface JobFilter {
  readonly states?: readonly JobState[];
  readonly name?: string;
  readonly subjectId?: string;
}

/** Asks for jobs, and answers what became of them. */
@Injectable()
export class JobStore {
  constructor(private readonly db: DataSource) {}

  /**
   * Asks for a job in the caller's transaction: it runs if and only if that commits. While one with the same key is
   * queued or running, that one's id is given back.
   */
  async request<S extends TSchema>(
    tx: Tx,
    contract: JobContract<S>,
    payload: Static<S>,
    request: JobRequest,
  ): Promise<string> {
    checkPayload(contract, payload);
    const { actor, subject, of, requestId } = request;
    const suffix = of === undefined ? '' : ` · ${of}`;
    const asked = await row<{ id: string }>(
      tx,
      `
      WITH asked AS (
        INSERT INTO platform.job (name, queue, payload, key, title_en, title_zh, subject_kind, subject_id,
                                  actor_kind, actor_id, actor_name, request_id, requested_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                -- A cursor has milliseconds; what is finer would be left out between two pages.
                date_trunc('milliseconds', now()))
        ON CONFLICT (name, key) WHERE state IN ('queued', 'running') DO NOTHING
        RETURNING id
      )
      SELECT id, pg_notify('${JOB_CHANNEL}', id::text) FROM asked
      `,
      [
        contract.name,
        contract.queue,
        JSON.stringify(payload),
        contract.key(payload),
        contract.title.en + suffix,
        contract.title.zh + suffix,
        subject?.kind ?? null,
        subject?.id ?? null,
        actor.kind,
        actor.id,
        actor.name,
        requestId ?? null,
      ],
    );
    if (asked) return asked.id;
    const active = await row<{ id: string }>(
      tx,
      `SELECT id FROM platform.job WHERE name = $1 AND key = $2 AND state IN ('queued', 'running')`,
      [contract.name, contract.key(payload)],
    );
    // It ended between the two statements, so the place is free again.
    return active ? active.id : this.request(tx, contract, payload, request);
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<JobEntity> {
    const job = await this.db.getRepository(JobEntity).findOneBy({ id });
    if (!job) throw new NotFound('job', id);
    return job;
  }

  ofIds(ids: readonly string[]): Promise<JobEntity[]> {
    return this.db.getRepository(JobEntity).createQueryBuilder('job').where('job.id = ANY(:ids)', { ids }).getMany();
  }

  /** Newest first. */
  async list({ states, name, subjectId }: JobFilter, { first, after }: PageRequest): Promise<Page<JobEntity>> {
    const query = this.db.getRepository(JobEntity).createQueryBuilder('job');
    if (states?.length) query.andWhere('job.state = ANY(:states)', { states });
    if (name !== undefined) query.andWhere('job.name = :name', { name });
    if (subjectId !== undefined) query.andWhere('job.subject_id = :subjectId', { subjectId });
    const total = await query.getCount();
    if (after !== undefined) {
      const [at, id] = decodeCursor('jobs', after);
      query.andWhere('(job.requested_at, job.id) < (:at::timestamptz, :id::uuid)', { at, id });
    }
    const found = await query
      .orderBy('job.requested_at', 'DESC')
      .addOrderBy('job.id', 'DESC')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  /**
   * Asks a job to stop. One that waits ends at once; one that runs ends as soon as it notices.
   * @throws {NotFound}
   */
  async cancel(tx: Tx, id: string): Promise<JobEntity> {
    const [cancelled] = await rows<{ id: string }>(
      tx,
      `
      WITH cancelled AS (
        UPDATE platform.job
           SET cancel_requested_at = coalesce(cancel_requested_at, now()),
               state = CASE WHEN state = 'queued' AND (started_at IS NULL OR fed_at IS NULL) THEN 'cancelled' ELSE state END,
               finished_at = CASE WHEN state = 'queued' AND (started_at IS NULL OR fed_at IS NULL) THEN now() END
         WHERE id = $1 AND state IN ('queued', 'running')
        RETURNING id
      )
      SELECT id, pg_notify('${JOB_CHANNEL}', id::text) FROM cancelled
      `,
      [id],
    );
    const job = await tx.getRepository(JobEntity).findOneBy({ id });
    if (!job) throw new NotFound('job', id);
    if (!cancelled)
      throw new InvalidInput(
        `The job "${job.titleEn}" has already ended (${job.state}), so there is nothing to cancel.`,
      );
    return job;
  }
}

/** The sort key of {@link JobStore.list}, as a cursor. */
export const jobCursor = (job: JobEntity): string => encodeCursor('jobs', [job.requestedAt.toISOString(), job.id]);

function checkPayload(contract: JobContract, payload: unknown): void {
  // A wrong payload is our own mistake, so it is no AppError.
  if (!checker.validate(contract.payload, payload))
    throw new Error(`The payload of ${contract.name} is wrong: ${checker.errorsText(checker.errors)}`);
}
