import { Column, Entity, PrimaryColumn } from 'typeorm';

export const ELEMENT_STATES = ['draft', 'published', 'retired'] as const;
export type ElementState = (typeof ELEMENT_STATES)[number];

/** A data element (数据元) under its code; what it says is in its versions. */
@Entity({ schema: 'standards', name: 'data_element' })
export class DataElementEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') code: string;
  @Column('text') state: ElementState;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'retired_at', nullable: true }) retiredAt: Date | null;
}
