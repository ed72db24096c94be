import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, Forbidden, InvalidInput } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { RunNotToBeSigned, SignedBySamePerson } from './reconciliation.errors.js';
import { type ReconciliationRun } from './reconciliation-run.js';
import { ReconciliationRunStore } from './reconciliation-run.store.js';

/** A person's signature under the result of a run. Never changed. */
export interface SignOff {
  readonly runId: string;
  readonly position: number;
  /** How many the run needs. */
  readonly needed: number;
  /** Breaks that were open, and not written off, when it was given. */
  readonly openBreaks: number;
  readonly byWhom: string;
  readonly at: Date;
  readonly comment: string;
}

const LONGEST_COMMENT = 4_000;

/** 签核: somebody vouches for what a run found; with open breaks two do. */
@Injectable()
export class SignOffs {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly runs: ReconciliationRunStore,
  ) {}

  /** @throws {NotFound} {@link RunNotToBeSigned} {@link SignedBySamePerson} {@link InvalidInput} {@link Forbidden} */
  async sign(actor: Actor, runId: string, given: string): Promise<ReconciliationRun> {
    const comment = given.trim();
    if (comment === '' || comment.length > LONGEST_COMMENT)
      throw new InvalidInput(`Give a comment of 1 to ${LONGEST_COMMENT} characters.`, [], ['comment']);
    if (actor.kind === 'system') throw new Forbidden('Only a person signs off.');
    const run = await this.runs.get(runId);
    refuseUnfinished(run);
    await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      // Two who sign at once wait for each other here.
      await tx.query(`SELECT 1 FROM reconciliation.run WHERE id = $1 FOR UPDATE`, [runId]);
      const before = await rows<{ byId: string; needed: number }>(
        tx,
        `SELECT by_id AS "byId", needed FROM reconciliation.sign_off WHERE run_id = $1 ORDER BY position`,
        [runId],
      );
      const [first] = before;
      if (first !== undefined && before.length >= first.needed)
        throw new RunNotToBeSigned('it has all the signatures that it needs');
      if (before.some(({ byId }) => byId === actor.id)) throw new SignedBySamePerson();
      const open = await openBreaks(tx, runId);
      const needed = first?.needed ?? (open > 0 || (await hasMoreThanBreaks(tx, run)) ? 2 : 1);
      await tx.query(
        `
        INSERT INTO reconciliation.sign_off (run_id, position, needed, open_breaks, by_id, by_whom, at, comment)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        `,
        [runId, before.length + 1, needed, open, actor.id, actor.name, at, comment],
      );
      await change.record(
        'reconciliation-run.signed',
        { kind: 'reconciliation-run', id: runId, name: run.reconciliationName },
        { position: before.length + 1, needed, openBreaks: open, verdict: run.verdict, comment },
      );
    });
    return this.runs.get(runId);
  }

  ofRuns(runIds: readonly string[]): Promise<SignOff[]> {
    return rows(
      this.db,
      `
      SELECT run_id AS "runId", position, needed, open_breaks AS "openBreaks", by_whom AS "byWhom", at, comment
        FROM reconciliation.sign_off WHERE run_id = ANY ($1) ORDER BY run_id, position
      `,
      [runIds],
    );
  }
}

function refuseUnfinished({ state, verdict }: ReconciliationRun): void {
  if (state !== 'succeeded') throw new RunNotToBeSigned('it has not come to a result');
  if (verdict === 'error')
    throw new RunNotToBeSigned('a side could not be asked, so there is no result to sign; run it again');
}

/** Breaks that the run saw and that are neither closed by now nor written off. */
async function openBreaks(tx: Tx, runId: string): Promise<number> {
  const found = await row<{ n: number }>(
    tx,
    `
    SELECT count(*)::int AS n
      FROM reconciliation.break_seen AS seen
      JOIN reconciliation.break AS found ON found.id = seen.break_id
     WHERE seen.run_id = $1 AND found.closed_at IS NULL AND found.decision <> 'written_off'
    `,
    [runId],
  );
  return found?.n ?? 0;
}

/** Something does not agree that is in no list of breaks: a figure, or keys beyond the list. */
async function hasMoreThanBreaks(tx: Tx, { id, keys }: ReconciliationRun): Promise<boolean> {
  if (keys !== null && !keys.complete) return true;
  const failed = await row(
    tx,
    `SELECT 1 FROM reconciliation.check_found WHERE run_id = $1 AND status = 'fail' AND kind <> 'keys' LIMIT 1`,
    [id],
  );
  return failed !== undefined;
}
