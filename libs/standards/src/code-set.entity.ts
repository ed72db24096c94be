import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A list of codes that may be used (代码集). */
@Entity({ schema: 'standards', name: 'code_set' })
export class CodeSetEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') code: string;
  @Column('text', { name: 'name_en' }) nameEn: string;
  @Column('text', { name: 'name_zh' }) nameZh: string;
  @Column('text') definition: string;
  @Column('text') basis: string;
  @Column('text') owner: string;
  @Column('integer') revision: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
}
