import { Column, Entity, PrimaryColumn } from 'typeorm';

const asNumber = { to: (value: number) => value, from: (value: string) => Number(value) };

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
  /** Nothing is read from it since then. */
  @Column('timestamptz', { name: 'paused_at', nullable: true }) pausedAt: Date | null;
  /** The share of its datasets that may vanish in one harvest without anybody's word. */
  @Column('numeric', { name: 'removal_share', precision: 4, scale: 3, default: 0.2, transformer: asNumber })
  removalShare: number;
  /** Rows of a dataset whose values detectors may look at; 0: none. */
  @Column('integer', { name: 'sample_rows', default: 200 }) sampleRows: number;
  @Column('timestamptz', { name: 'removed_at', nullable: true }) removedAt: Date | null;
}
