import { type TypeFamily } from '#core/connector-kit';
import { type IdentifierFormat } from '#core/identifiers';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is known of each thing of an entity. Exactly one attribute is the match key. */
@Entity({ schema: 'master_data', name: 'attribute' })
export class AttributeEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'entity_id' }) entityId: string;
  @Column('text') code: string;
  @Column('text', { name: 'name_en' }) nameEn: string;
  @Column('text', { name: 'name_zh' }) nameZh: string;
  @Column('text', { name: 'type_family' }) typeFamily: TypeFamily;
  @Column('text', { name: 'identifier_format', nullable: true }) identifierFormat: IdentifierFormat | null;
  @Column('boolean', { name: 'is_match_key' }) isMatchKey: boolean;
  @Column('integer') position: number;
}
