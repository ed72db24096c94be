import { Injectable } from '@nestjs/common';
import { type Break, type BreakKind } from '#core/reconciliation';
import { decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { Vault } from '#platform/secrets';
import { DataSource } from 'typeorm';

export const BREAK_STATES = ['open', 'explained', 'written_off', 'closed'] as const;
export type BreakState = (typeof BREAK_STATES)[number];

export const BREAK_EVENTS = ['opened', 'changed', 'explained', 'written_off', 'lifted', 'closed'] as const;
export type BreakEventKind = (typeof BREAK_EVENTS)[number];

/** Days a break has been open. */
export const AGES = ['days_0_1', 'days_2_7', 'days_8_30', 'days_over_30'] as const;
export type Age = (typeof AGES)[number];

/** What a run saw of a key. Values that may not be shown are left out already. */
export interface SeenBreak extends Omit<Break, 'key'> {
  /** The key as it may be shown. */
  readonly key: readonly (string | null)[];
  /** Of the whole key, to know it again. */
  readonly print: Buffer;
  /** Of kind and values. */
  readonly difference: Buffer;
}

export interface StoredBreak {
  readonly id: string;
  readonly reconciliationId: string;
  readonly reconciliationName: string;
  readonly kind: BreakKind;
  readonly state: BreakState;
  readonly key: readonly (string | null)[];
  readonly columns: readonly string[];
  readonly left: Readonly<Record<string, string | null>> | null;
  readonly right: Readonly<Record<string, string | null>> | null;
  readonly leftRows: number;
  readonly rightRows: number;
  readonly firstRunId: string;
  readonly firstSeenAt: Date;
  readonly lastRunId: string;
  readonly lastSeenAt: Date;
  readonly runsSeen: number;
  /** Until now, or until it was closed. */
  readonly openDays: number;
  readonly reason: string;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly closedAt: Date | null;
}

export interface BreakEvent {
  readonly breakId: string;
  readonly kind: BreakEventKind;
  readonly at: Date;
  readonly byWhom: string;
  readonly text: string;
}

export interface BreakFilter {
  readonly reconciliationId?: string;
  /** Those that this run saw. */
  readonly runId?: string;
  readonly kinds?: readonly BreakKind[];
  readonly states?: readonly BreakState[];
  readonly age?: Age;
}

interface Kept {
  readonly key: readonly (string | null)[];
  readonly left?: Readonly<Record<string, string | null>>;
  readonly right?: Readonly<Record<string, string | null>>;
}

const STATE = `CASE WHEN found.closed_at IS NOT NULL THEN 'closed' WHEN found.decision = 'none' THEN 'open' ELSE found.decision END`;

/** Whole days between two moments; $1 is now. */
const DAYS = `floor(extract(epoch FROM coalesce(found.closed_at, $1::timestamptz) - found.first_seen_at) / 86400)::int`;

const BREAK = `
  SELECT found.id, found.reconciliation_id AS "reconciliationId", reconciliation.name AS "reconciliationName",
         found.kind, ${STATE} AS state, found.columns, found.left_rows AS "leftRows", found.right_rows AS "rightRows",
         found.sealed, encode(found.key_print, 'hex') AS print, found.first_run_id AS "firstRunId",
         found.first_seen_at AS "firstSeenAt", found.last_run_id AS "lastRunId", found.last_seen_at AS "lastSeenAt",
         found.runs_seen AS "runsSeen", ${DAYS} AS "openDays", found.reason, found.decided_at AS "decidedAt",
         found.decided_by AS "decidedBy", found.closed_at AS "closedAt"
    FROM reconciliation.break AS found
    JOIN reconciliation.reconciliation ON reconciliation.id = found.reconciliation_id`;

const BOUNDS: Readonly<Record<Age, readonly [number, number]>> = {
  days_0_1: [0, 1],
  days_2_7: [2, 7],
  days_8_30: [8, 30],
  days_over_30: [31, 2_000_000],
};

@Injectable()
export class BreakStore {
  constructor(
    private readonly db: DataSource,
    private readonly vault: Vault,
  ) {}

  /**
   * Keeps what a run saw: new breaks are opened, known ones seen again, and a decision about one is lifted when its values are others
   * now. Those not seen any more are closed, unless the run's list is not complete.
   */
  async keep(
    tx: Tx,
    run: { readonly id: string; readonly reconciliationId: string },
    seen: readonly SeenBreak[],
    closeOthers: boolean,
    at: Date,
  ): Promise<{ readonly opened: number; readonly closed: number }> {
    const records = seen.map(({ kind, key, columns, left, right, leftRows, rightRows, print, difference }) => ({
      ...{ kind, columns, left_rows: leftRows, right_rows: rightRows, print: print.toString('hex') },
      difference: difference.toString('hex'),
      sealed: this.vault
        .seal(
          JSON.stringify({ key, left, right } satisfies Partial<Kept>),
          ownerOf(run.reconciliationId, print.toString('hex')),
        )
        .toString('hex'),
    }));
    const [counts] = await rows<{ opened: number }>(
      tx,
      `
      WITH seen AS (
        SELECT decode(print, 'hex') AS key_print, kind, columns, left_rows, right_rows, decode(sealed, 'hex') AS sealed,
               decode(difference, 'hex') AS difference_print
          FROM jsonb_to_recordset($3) AS each (print text, kind text, columns text[], left_rows int, right_rows int,
                                               sealed text, difference text)
      ),
      before AS (
        SELECT known.id, known.decision, known.difference_print
          FROM reconciliation.break AS known JOIN seen USING (key_print)
         WHERE known.reconciliation_id = $2 AND known.closed_at IS NULL
      ),
      put AS (
        INSERT INTO reconciliation.break AS known (reconciliation_id, key_print, kind, columns, left_rows, right_rows,
               sealed, difference_print, first_run_id, first_seen_at, last_run_id, last_seen_at)
        SELECT $2, key_print, kind, columns, left_rows, right_rows, sealed, difference_print, $1, $4, $1, $4 FROM seen
        ON CONFLICT (reconciliation_id, key_print) WHERE closed_at IS NULL DO UPDATE
          SET kind = excluded.kind, columns = excluded.columns, left_rows = excluded.left_rows,
              right_rows = excluded.right_rows, sealed = excluded.sealed, difference_print = excluded.difference_print,
              last_run_id = excluded.last_run_id, last_seen_at = excluded.last_seen_at,
              runs_seen = known.runs_seen + 1,
              decision = CASE WHEN known.difference_print = excluded.difference_print THEN known.decision ELSE 'none' END,
              reason = CASE WHEN known.difference_print = excluded.difference_print THEN known.reason ELSE '' END,
              decided_at = CASE WHEN known.difference_print = excluded.difference_print THEN known.decided_at END,
              decided_by = CASE WHEN known.difference_print = excluded.difference_print THEN known.decided_by END
        RETURNING id, kind, difference_print
      ),
      linked AS (
        INSERT INTO reconciliation.break_seen (run_id, break_id, kind) SELECT $1, id, kind FROM put
      ),
      told AS (
        INSERT INTO reconciliation.break_event (break_id, kind, at, by_whom)
        SELECT put.id,
               CASE WHEN before.id IS NULL THEN 'opened' WHEN before.decision = 'none' THEN 'changed' ELSE 'lifted' END,
               $4::timestamptz, 'Plumbline'
          FROM put LEFT JOIN before USING (id)
         WHERE before.id IS NULL OR before.difference_print <> put.difference_print
        RETURNING kind
      )
      SELECT count(*) FILTER (WHERE kind = 'opened')::int AS opened FROM told
      `,
      [run.id, run.reconciliationId, JSON.stringify(records), at],
    );
    const closed = closeOthers ? await this.closeOthers(tx, run, at) : 0;
    return { opened: counts?.opened ?? 0, closed };
  }

  private async closeOthers(
    tx: Tx,
    run: { readonly id: string; readonly reconciliationId: string },
    at: Date,
  ): Promise<number> {
    const closed = await rows(
      tx,
      `
      WITH closed AS (
        UPDATE reconciliation.break SET closed_at = $3, closed_run_id = $1
         WHERE reconciliation_id = $2 AND closed_at IS NULL AND last_run_id <> $1 RETURNING id
      )
      INSERT INTO reconciliation.break_event (break_id, kind, at, by_whom) SELECT id, 'closed', $3, 'Plumbline' FROM closed
      RETURNING break_id
      `,
      [run.id, run.reconciliationId, at],
    );
    return closed.length;
  }

  async decide(
    tx: Tx,
    id: string,
    decision: 'explained' | 'written_off',
    reason: string,
    made: { readonly at: Date; readonly by: string },
  ): Promise<void> {
    await tx.query(
      `UPDATE reconciliation.break SET decision = $2, reason = $3, decided_at = $4, decided_by = $5 WHERE id = $1`,
      [id, decision, reason, made.at, made.by],
    );
    await tx.query(
      `INSERT INTO reconciliation.break_event (break_id, kind, at, by_whom, text) VALUES ($1, $2, $3, $4, $5)`,
      [id, decision, made.at, made.by, reason],
    );
  }

  /** @throws {NotFound} */
  async get(id: string, now: Date, tx?: Tx): Promise<StoredBreak> {
    const found = await row<Sealed>(tx ?? this.db, `${BREAK} WHERE found.id = $2`, [now, id]);
    if (!found) throw new NotFound('break', id);
    return this.opened(found);
  }

  /** Locks a break until the transaction ends, so that two decisions do not meet. */
  async lock(tx: Tx, id: string): Promise<void> {
    await tx.query(`SELECT 1 FROM reconciliation.break WHERE id = $1 FOR UPDATE`, [id]);
  }

  /** Oldest first. */
  async list(filter: BreakFilter, now: Date, { first, after }: PageRequest): Promise<Page<StoredBreak>> {
    const { where, params } = conditionOf(filter, now);
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM reconciliation.break AS found WHERE ${where}`,
      params,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('reconciliation-breaks', after);
    const found = await rows<Sealed>(
      this.db,
      `
      ${BREAK} WHERE ${where}
         AND ($8::timestamptz IS NULL OR (found.first_seen_at, found.id) > ($8, $9::uuid))
       ORDER BY found.first_seen_at, found.id LIMIT $10
      `,
      [...params, at, id, first + 1],
    );
    const items = found.slice(0, first).map((each) => this.opened(each));
    return { items, hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** How many breaks there are of each age. */
  async ages(filter: Omit<BreakFilter, 'age'>, now: Date): Promise<Readonly<Record<Age, number>>> {
    const { where, params } = conditionOf(filter, now);
    const found = await rows<{ days: number; n: number }>(
      this.db,
      `SELECT ${DAYS} AS days, count(*)::int AS n FROM reconciliation.break AS found WHERE ${where} GROUP BY 1`,
      params,
    );
    return agesOf(found);
  }

  eventsOf(ids: readonly string[]): Promise<BreakEvent[]> {
    return rows(
      this.db,
      `
      SELECT break_id AS "breakId", kind, at, by_whom AS "byWhom", text FROM reconciliation.break_event
       WHERE break_id = ANY ($1) ORDER BY at, id
      `,
      [ids],
    );
  }

  private opened({ sealed, print, ...found }: Sealed): StoredBreak {
    const text = this.vault.open(sealed, ownerOf(found.reconciliationId, print), 'a break');
    const { key, left = null, right = null } = JSON.parse(text) as Kept;
    return { ...found, key, left, right };
  }
}

type Sealed = Omit<StoredBreak, 'key' | 'left' | 'right'> & { readonly sealed: Buffer; readonly print: string };

export function agesOf(days: readonly { readonly days: number; readonly n: number }[]): Readonly<Record<Age, number>> {
  const of = (age: Age) => {
    const [from, to] = BOUNDS[age];
    return days.reduce((sum, each) => (each.days >= from && each.days <= to ? sum + each.n : sum), 0);
  };
  return {
    days_0_1: of('days_0_1'),
    days_2_7: of('days_2_7'),
    days_8_30: of('days_8_30'),
    days_over_30: of('days_over_30'),
  };
}

/** The parameters $1 to $7; $1 is now. */
function conditionOf({ reconciliationId, runId, kinds, states, age }: BreakFilter, now: Date) {
  const [from, to] = age === undefined ? [null, null] : BOUNDS[age];
  return {
    where: `
      ($2::uuid IS NULL OR found.reconciliation_id = $2)
      AND ($3::uuid IS NULL OR EXISTS (
            SELECT 1 FROM reconciliation.break_seen AS seen WHERE seen.run_id = $3 AND seen.break_id = found.id
          ))
      AND ($4::text[] IS NULL OR found.kind = ANY ($4))
      AND ($5::text[] IS NULL OR ${STATE} = ANY ($5))
      AND ($6::int IS NULL OR ${DAYS} BETWEEN $6 AND $7::int)
      AND $1::timestamptz IS NOT NULL`,
    params: [now, reconciliationId ?? null, runId ?? null, kinds ?? null, states ?? null, from, to] as unknown[],
  };
}

const ownerOf = (reconciliationId: string, print: string): string =>
  `reconciliation-break:${reconciliationId}:${print}`;

export const breakCursor = (found: StoredBreak): string =>
  encodeCursor('reconciliation-breaks', [found.firstSeenAt.toISOString(), found.id]);
