import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A kind of real things that several sources have rows of, for instance customers (客户). */
@Entity({ schema: 'master_data', name: 'entity' })
export class MasterEntityEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') code: string;
  @Column('text', { name: 'name_en' }) nameEn: string;
  @Column('text', { name: 'name_zh' }) nameZh: string;
  @Column('text') definition: string;
  @Column('text') owner: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('text', { name: 'built_digest', nullable: true, select: false }) builtDigest: string | null;
  @Column('timestamptz', { name: 'built_at', nullable: true }) builtAt: Date | null;
}
