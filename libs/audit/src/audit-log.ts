import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type Page, type PageRequest } from '#kernel';
import { DataSource } from 'typeorm';

import { AuditEntryEntity } from './audit-entry.entity.js';
import { FIRST_HASH, hashOf } from './chain.js';

export interface AuditFilter {
  readonly subjectKind?: string;
  readonly subjectId?: string;
  readonly actorId?: string;
  readonly action?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** Whether the chain is whole; if not, the first entry that does not fit. */
export interface ChainCheck {
  readonly entries: number;
  readonly intact: boolean;
  readonly brokenAt: string | null;
}

/** Reads the audit entries. */
@Injectable()
export class AuditLog {
  constructor(private readonly db: DataSource) {}

  /** Newest first. */
  async list(filter: AuditFilter, { first, after }: PageRequest): Promise<Page<AuditEntryEntity>> {
    const query = this.db.getRepository(AuditEntryEntity).createQueryBuilder('entry');
    for (const [column, value] of [
      ['subject_kind', filter.subjectKind],
      ['subject_id', filter.subjectId],
      ['actor_id', filter.actorId],
      ['action', filter.action],
    ] as const)
      if (value !== undefined) query.andWhere(`entry.${column} = :${column}`, { [column]: value });
    if (filter.from) query.andWhere('entry.recorded_at >= :from', { from: filter.from });
    if (filter.to) query.andWhere('entry.recorded_at < :to', { to: filter.to });
    const total = await query.getCount();
    if (after !== undefined)
      query.andWhere('entry.number < :number', { number: decodeCursor('audit-entries', after)[0] });
    const found = await query
      .orderBy('entry.number', 'DESC')
      .limit(first + 1)
      .getMany();
    return { items: found.slice(0, first), hasNext: found.length > first, total };
  }

  /** Recomputes every hash, a thousand entries at a time. */
  async verify(): Promise<ChainCheck> {
    let previous = FIRST_HASH;
    let last = '0';
    for (let entries = 0; ;) {
      const batch = await this.db
        .getRepository(AuditEntryEntity)
        .createQueryBuilder('entry')
        .where('entry.number > :last', { last })
        .orderBy('entry.number')
        .limit(1_000)
        .getMany();
      if (batch.length === 0) return { entries, intact: true, brokenAt: null };
      for (const entry of batch) {
        const next = String(BigInt(last) + 1n);
        if (entry.number !== next || entry.previousHash !== previous || entry.hash !== hashOf(previous, entry))
          return { entries, intact: false, brokenAt: entry.number };
        previous = entry.hash;
        last = entry.number;
        entries += 1;
      }
    }
  }
}

/** The sort key of {@link AuditLog.list}, as a cursor. */
export const auditCursor = (entry: AuditEntryEntity): string => encodeCursor('audit-entries', [entry.number]);
