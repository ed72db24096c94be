import { Injectable } from '@nestjs/common';
import { type Severity } from '#core/rule-engine';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

export const WAIVER_STATES = ['requested', 'approved', 'rejected', 'withdrawn', 'expired', 'revoked'] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];

/** A rule may fail for a time: who asked, who agreed, why, and until when. */
export interface Waiver {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleNameEn: string;
  readonly ruleNameZh: string;
  readonly severity: Severity;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly domain: string;
  readonly owner: string;
  readonly incidentId: string | null;
  readonly reason: string;
  readonly until: Date;
  readonly state: WaiverState;
  readonly requestedAt: Date;
  readonly requestedBy: string;
  readonly requestedById: string;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly decision: string;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly endReason: string;
}

export interface WaiverFilter {
  readonly states?: readonly WaiverState[];
  readonly sourceId?: string;
  readonly datasetId?: string;
  readonly ruleId?: string;
  /** In force then. */
  readonly inForceAt?: Date;
  /** In force at some time from the first to before the second. */
  readonly inForceBetween?: { readonly from: Date; readonly to: Date };
}

export interface NewWaiver {
  readonly ruleId: string;
  readonly incidentId: string | null;
  readonly reason: string;
  readonly until: Date;
}

const WAIVER = `
  SELECT waiver.id, waiver.rule_id AS "ruleId", version.name_en AS "ruleNameEn", version.name_zh AS "ruleNameZh",
         version.severity, dataset.id AS "datasetId", dataset.qualified_name AS "datasetName", source.id AS "sourceId",
         source.name AS "sourceName", source.domain, coalesce(nullif(version.owner, ''), source.owner) AS owner,
         waiver.incident_id AS "incidentId", waiver.reason, waiver.until, waiver.state,
         waiver.requested_at AS "requestedAt", waiver.requested_by AS "requestedBy",
         waiver.requested_by_id AS "requestedById", waiver.decided_at AS "decidedAt", waiver.decided_by AS "decidedBy",
         waiver.decision, waiver.ended_at AS "endedAt", waiver.ended_by AS "endedBy", waiver.end_reason AS "endReason"
    FROM quality.waiver
    JOIN quality.rule ON rule.id = waiver.rule_id
    JOIN quality.rule_version AS version ON version.rule_id = rule.id AND version.number = rule.version_number
    JOIN dictionary.dataset ON dataset.id = rule.dataset_id
    JOIN sources.source ON source.id = dataset.source_id`;

// Approved at some time, and over when it ended or, at the latest, on its last day.
const IN_FORCE = `waiver.decided_at IS NOT NULL AND waiver.state <> 'rejected'`;
const WHERE = `
  ($1::text[] IS NULL OR waiver.state = ANY ($1))
  AND ($2::uuid IS NULL OR source.id = $2)
  AND ($3::uuid IS NULL OR dataset.id = $3)
  AND ($4::uuid IS NULL OR rule.id = $4)
  AND ($5::timestamptz IS NULL OR (${IN_FORCE} AND waiver.decided_at < $6
                                   AND least(waiver.until, coalesce(waiver.ended_at, 'infinity')) > $5))`;

@Injectable()
export class WaiverStore {
  constructor(private readonly db: DataSource) {}

  async add(tx: Tx, wish: NewWaiver, at: Date, by: { readonly id: string; readonly name: string }): Promise<string> {
    const added = await row<{ id: string }>(
      tx,
      `
      INSERT INTO quality.waiver (rule_id, incident_id, reason, until, requested_at, requested_by, requested_by_id)
      VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
      `,
      [wish.ruleId, wish.incidentId, wish.reason, wish.until, at, by.name, by.id],
    );
    return added?.id ?? '';
  }

  async decide(
    tx: Tx,
    id: string,
    state: 'approved' | 'rejected',
    decision: string,
    at: Date,
    by: { readonly id: string; readonly name: string },
  ): Promise<void> {
    await tx.query(
      `
      UPDATE quality.waiver SET state = $2, decision = $3, decided_at = $4, decided_by = $5, decided_by_id = $6 WHERE id = $1
      `,
      [id, state, decision, at, by.name, by.id],
    );
  }

  async end(
    tx: Tx,
    id: string,
    state: 'withdrawn' | 'expired' | 'revoked',
    reason: string,
    at: Date,
    by: string,
  ): Promise<void> {
    await tx.query(
      `UPDATE quality.waiver SET state = $2, end_reason = $3, ended_at = $4, ended_by = $5 WHERE id = $1`,
      [id, state, reason, at, by],
    );
  }

  async remind(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
    await tx.query(`UPDATE quality.waiver SET reminded_at = $2 WHERE id = ANY ($1)`, [ids, at]);
  }

  /** With `tx` the waiver is locked. @throws {NotFound} */
  async get(id: string, tx?: Tx): Promise<Waiver> {
    if (tx) await tx.query(`SELECT 1 FROM quality.waiver WHERE id = $1 FOR UPDATE`, [id]);
    const found = await row<Waiver>(tx ?? this.db, `${WAIVER} WHERE waiver.id = $1`, [id]);
    if (!found) throw new NotFound('waiver', id);
    return found;
  }

  /** What is asked for or in force of a rule. */
  openOfRule(tx: Tx, ruleId: string): Promise<Waiver[]> {
    return rows(tx, `${WAIVER} WHERE waiver.rule_id = $1 AND waiver.state IN ('requested', 'approved')`, [ruleId]);
  }

  /** What is asked for or in force of some rules. */
  openOfRules(ruleIds: readonly string[]): Promise<Waiver[]> {
    return rows(
      this.db,
      `${WAIVER} WHERE waiver.rule_id = ANY ($1) AND waiver.state IN ('requested', 'approved') ORDER BY waiver.requested_at`,
      [ruleIds],
    );
  }

  /** Those whose end has come, decided or not. */
  due(tx: Tx, at: Date): Promise<Waiver[]> {
    return rows(
      tx,
      `${WAIVER} WHERE waiver.state IN ('requested', 'approved') AND waiver.until <= $1 ORDER BY waiver.until, waiver.id FOR UPDATE OF waiver`,
      [at],
    );
  }

  /** Those in force that end before a time and of which nobody was reminded. */
  ending(tx: Tx, before: Date): Promise<Waiver[]> {
    return rows(
      tx,
      `
      ${WAIVER} WHERE waiver.state = 'approved' AND waiver.until <= $1 AND waiver.reminded_at IS NULL
       ORDER BY waiver.until, waiver.id FOR UPDATE OF waiver
      `,
      [before],
    );
  }

  /** Newest first. */
  async list(filter: WaiverFilter, { first, after }: PageRequest): Promise<Page<Waiver>> {
    const { states = null, sourceId = null, datasetId = null, ruleId = null, inForceAt, inForceBetween } = filter;
    // A moment is the shortest of periods.
    const moment = inForceAt && { from: inForceAt, to: new Date(inForceAt.getTime() + 1) };
    const period = inForceBetween ?? moment;
    const params = [states, sourceId, datasetId, ruleId, period?.from ?? null, period?.to ?? null];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM (${WAIVER} WHERE ${WHERE}) AS found`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('waivers', after);
    const found = await rows<Waiver>(
      this.db,
      `
      ${WAIVER} WHERE ${WHERE}
         AND ($7::timestamptz IS NULL OR (waiver.requested_at, waiver.id) < ($7, $8::uuid))
       ORDER BY waiver.requested_at DESC, waiver.id DESC LIMIT $9
      `,
      [...params, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }
}

export const waiverCursor = (waiver: Waiver): string =>
  encodeCursor('waivers', [waiver.requestedAt.toISOString(), waiver.id]);
