import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One change, by whom. Written once. */
@Entity({ schema: 'audit', name: 'entry' })
export class AuditEntryEntity {
  @PrimaryColumn('bigint') number: string;
  @Column('timestamptz', { name: 'recorded_at' }) recordedAt: Date;
  @Column('text', { name: 'actor_kind' }) actorKind: 'user' | 'token' | 'system';
  @Column('text', { name: 'actor_id' }) actorId: string;
  @Column('text', { name: 'actor_name' }) actorName: string;
  @Column('text') action: string;
  @Column('text', { name: 'subject_kind' }) subjectKind: string;
  @Column('text', { name: 'subject_id' }) subjectId: string;
  @Column('text', { name: 'subject_name' }) subjectName: string;
  @Column('jsonb') details: Record<string, unknown>;
  @Column('text', { name: 'request_id', nullable: true }) requestId: string | null;
  @Column('text', { name: 'previous_hash' }) previousHash: string;
  @Column('text') hash: string;
}
