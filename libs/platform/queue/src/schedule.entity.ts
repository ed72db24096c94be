import { Column, Entity, PrimaryColumn } from 'typeorm';

import { type OnOtherDays, type ScheduleDays } from './due-times.js';

/** What becomes of due times that passed while nobody was there: each is answered, only the last one, or none. */
export const MISFIRES = ['all', 'latest', 'skip'] as const;
export type Misfire = (typeof MISFIRES)[number];

/** When a job is to be asked for, again and again. */
@Entity({ schema: 'platform', name: 'schedule' })
export class ScheduleEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'job_name' }) jobName: string;
  @Column('jsonb') payload: Record<string, unknown>;
  @Column('text') cron: string;
  @Column('text', { name: 'time_zone' }) timeZone: string;
  @Column('text') days: ScheduleDays;
  @Column('text', { name: 'on_other_days' }) onOtherDays: OnOtherDays;
  @Column('text') misfire: Misfire;
  @Column('boolean') enabled: boolean;
  /** Every due time up to here has been answered. */
  @Column('timestamptz', { name: 'answered_to' }) answeredTo: Date;
  /** Null has to be reckoned. */
  @Column('timestamptz', { name: 'next_due_at', nullable: true }) nextDueAt: Date | null;
  @Column('text', { name: 'subject_kind' }) subjectKind: string;
  @Column('uuid', { name: 'subject_id' }) subjectId: string;
  @Column('text', { name: 'actor_kind' }) actorKind: 'user' | 'token' | 'system';
  @Column('text', { name: 'actor_id' }) actorId: string;
  @Column('text', { name: 'actor_name' }) actorName: string;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
}
