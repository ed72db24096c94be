import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a job is to be asked for, again and again. */
@Entity({ schema: 'platform', name: 'schedule' })
export class ScheduleEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'job_name' }) jobName: string;
  @Column('jsonb') payload: Record<string, unknown>;
  @Column('text') cron: string;
  @Column('text', { name: 'time_zone' }) timeZone: string;
  @Column('boolean') enabled: boolean;
  @Column('text', { name: 'subject_kind' }) subjectKind: string;
  @Column('uuid', { name: 'subject_id' }) subjectId: string;
  @Column('text', { name: 'actor_kind' }) actorKind: 'user' | 'token' | 'system';
  @Column('text', { name: 'actor_id' }) actorId: string;
  @Column('text', { name: 'actor_name' }) actorName: string;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
}
