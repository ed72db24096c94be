import { type TypeFamily } from '#core/connector-kit';
import { type IdentifierFormat } from '#core/identifiers';
import { type SecurityLevel } from '#dictionary';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a data element says, from a day on. A published version is never changed. */
@Entity({ schema: 'standards', name: 'data_element_version' })
export class DataElementVersionEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'element_id' }) elementId: string;
  @Column('integer') version: number;
  @Column('text', { name: 'name_en' }) nameEn: string;
  @Column('text', { name: 'name_zh' }) nameZh: string;
  @Column('text') definition: string;
  @Column('text', { name: 'type_family' }) typeFamily: TypeFamily;
  @Column('integer', { nullable: true }) length: number | null;
  @Column('integer', { nullable: true }) precision: number | null;
  @Column('integer', { nullable: true }) scale: number | null;
  @Column('boolean') nullable: boolean;
  @Column('uuid', { name: 'code_set_id', nullable: true }) codeSetId: string | null;
  @Column('text', { name: 'identifier_format', nullable: true }) identifierFormat: IdentifierFormat | null;
  @Column('text', { name: 'security_level', nullable: true }) securityLevel: SecurityLevel | null;
  @Column('text') owner: string;
  @Column('integer') revision: number;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
  @Column('text', { name: 'changed_by' }) changedBy: string;
  @Column('timestamptz', { name: 'published_at', nullable: true }) publishedAt: Date | null;
  /** YYYY-MM-DD; null for a draft. */
  @Column('date', { name: 'effective_from', nullable: true }) effectiveFrom: string | null;
}
