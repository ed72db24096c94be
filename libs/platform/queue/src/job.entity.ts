import { Column, Entity, PrimaryColumn } from 'typeorm';

export const JOB_STATES = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A piece of work that was asked for. This row is the truth; BullMQ carries it out. */
@Entity({ schema: 'platform', name: 'job' })
export class JobEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') queue: string;
  @Column('jsonb') payload: Record<string, unknown>;
  @Column('text') key: string;
  @Column('text', { name: 'title_en' }) titleEn: string;
  @Column('text', { name: 'title_zh' }) titleZh: string;
  @Column('text', { name: 'subject_kind', nullable: true }) subjectKind: string | null;
  @Column('uuid', { name: 'subject_id', nullable: true }) subjectId: string | null;
  @Column('text') state: JobState;
  @Column('double precision') progress: number;
  @Column('text', { nullable: true }) message: string | null;
  @Column('jsonb', { nullable: true }) result: Record<string, unknown> | null;
  @Column('text', { name: 'error_code', nullable: true }) errorCode: string | null;
  @Column('text', { name: 'error_message', nullable: true }) errorMessage: string | null;
  @Column('integer') attempt: number;
  @Column('text', { name: 'actor_kind' }) actorKind: 'user' | 'token' | 'system';
  @Column('text', { name: 'actor_id' }) actorId: string;
  @Column('text', { name: 'actor_name' }) actorName: string;
  @Column('text', { name: 'request_id', nullable: true }) requestId: string | null;
  @Column('timestamptz', { name: 'requested_at' }) requestedAt: Date;
  @Column('timestamptz', { name: 'fed_at', nullable: true }) fedAt: Date | null;
  /** When a job that asked to be done later may be. */
  @Column('timestamptz', { name: 'not_before', nullable: true }) notBefore: Date | null;
  @Column('integer', { name: 'put_off', default: 0 }) putOff: number;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt: Date | null;
  @Column('timestamptz', { name: 'finished_at', nullable: true }) finishedAt: Date | null;
  @Column('timestamptz', { name: 'cancel_requested_at', nullable: true }) cancelRequestedAt: Date | null;
}
