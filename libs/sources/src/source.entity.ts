import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A registered system that holds data. */
@Entity({ schema: 'sources', name: 'source' })
export class SourceEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') kind: string;
  @Column('text') namespace: string;
  @Column('jsonb') settings: Record<string, unknown>;
  @Column('bytea', { nullable: true, select: false }) secrets: Buffer | null;
  @Column('text', { array: true, nullable: true }) include: string[] | null;
  @Column('text', { array: true }) exclude: string[];
  @Column('text') description: string;
  @Column('text') owner: string;
  @Column('text') domain: string;
  @Column('text') environment: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt: Date | null;
}
