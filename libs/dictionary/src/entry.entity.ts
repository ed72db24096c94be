import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Levels of data security after JR/T 0197: L1 public … L5 most sensitive. */
export const SECURITY_LEVELS = ['L1', 'L2', 'L3', 'L4', 'L5'] as const;
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

/** Who an entry comes from: somebody typed it, a rule derived it, or it came with an import. */
export const ENTRY_ORIGINS = ['person', 'rule', 'import'] as const;
export type EntryOrigin = (typeof ENTRY_ORIGINS)[number];

/** What people say of a dataset or a field. */
@Entity({ schema: 'dictionary', name: 'entry' })
export class EntryEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'dataset_id', nullable: true }) datasetId: string | null;
  @Column('uuid', { name: 'field_id', nullable: true }) fieldId: string | null;
  @Column('text', { name: 'business_name' }) businessName: string;
  @Column('text') definition: string;
  @Column('text') owner: string;
  @Column('text', { array: true }) tags: string[];
  @Column('text', { name: 'security_level', nullable: true }) securityLevel: SecurityLevel | null;
  /** Who set the level, apart from who changed the entry last. */
  @Column('text', { name: 'level_origin', nullable: true }) levelOrigin: EntryOrigin | 'proposal' | null;
  @Column('text', { name: 'level_by', nullable: true }) levelBy: string | null;
  @Column('timestamptz', { name: 'level_at', nullable: true }) levelAt: Date | null;
  @Column('text') origin: EntryOrigin;
  @Column('integer') revision: number;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
  @Column('text', { name: 'changed_by' }) changedBy: string;
}
