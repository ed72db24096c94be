import { Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import { type Actor, Conflict, decodeCursor, encodeCursor, NotFound, type Page, type PageRequest } from '#kernel';
import { row, rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { assetsRenamed } from './assets-renamed.event.js';
import { type AssetRef, Entries } from './entries.js';
import { PAIRS, PROPOSE_DATASETS, PROPOSE_FIELDS, WITHDRAW } from './rename.sql.js';

export const RENAME_STATES = ['open', 'accepted', 'rejected', 'withdrawn'] as const;
export type RenameState = (typeof RENAME_STATES)[number];

/** A dataset or a field that is gone, and one like it that came in its place. */
export interface RenameRow {
  readonly id: string;
  readonly sourceId: string;
  readonly runId: string;
  readonly fromDatasetId: string;
  readonly toDatasetId: string;
  readonly fromFieldId: string | null;
  readonly toFieldId: string | null;
  /** The old and the new qualified name, with the field's after `#`. */
  readonly fromName: string;
  readonly toName: string;
  readonly state: RenameState;
  readonly proposedAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

export interface RenameFilter {
  readonly sourceId?: string;
  readonly state?: RenameState;
}

const RENAME = `
  SELECT proposal.id, proposal.source_id AS "sourceId", proposal.run_id AS "runId",
         proposal.from_dataset_id AS "fromDatasetId", proposal.to_dataset_id AS "toDatasetId",
         proposal.from_field_id AS "fromFieldId", proposal.to_field_id AS "toFieldId",
         concat_ws('#', old.qualified_name, old_field.name) AS "fromName",
         concat_ws('#', new.qualified_name, new_field.name) AS "toName", proposal.state,
         proposal.proposed_at AS "proposedAt", proposal.decided_at AS "decidedAt", proposal.decided_by AS "decidedBy"
    FROM dictionary.rename_proposal AS proposal
    JOIN dictionary.dataset AS old ON old.id = proposal.from_dataset_id
    JOIN dictionary.dataset AS new ON new.id = proposal.to_dataset_id
    LEFT JOIN dictionary.field AS old_field ON old_field.id = proposal.from_field_id
    LEFT JOIN dictionary.field AS new_field ON new_field.id = proposal.to_field_id
`;

/** Probable renames. Nothing follows from one until a person accepts it. */
@Injectable()
export class Renames {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly entries: Entries,
  ) {}

  /**
   * Looks for renames among what a harvest has just kept in this transaction, at this moment.
   * @param earlier harvests of scopes that were read in part: the new name may have come in one of them, when nobody
   * could tell yet that the old one was gone.
   */
  async propose(
    tx: Tx,
    sourceId: string,
    runId: string,
    at: Date,
    earlier: readonly { readonly scope: string; readonly runId: string }[] = [],
  ): Promise<void> {
    await tx.query(WITHDRAW, [sourceId]);
    await tx.query(PROPOSE_DATASETS, [
      ...[sourceId, runId, at],
      ...[earlier.map(({ scope }) => scope), earlier.map((each) => each.runId)],
    ]);
    await tx.query(PROPOSE_FIELDS, [sourceId, runId, at]);
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RenameRow> {
    const found = await row<RenameRow>(this.db, `${RENAME} WHERE proposal.id = $1`, [id]);
    if (!found) throw new NotFound('rename', id);
    return found;
  }

  /** Newest first. */
  async list({ sourceId, state }: RenameFilter, { first, after }: PageRequest): Promise<Page<RenameRow>> {
    const params: unknown[] = [sourceId ?? null, state ?? null];
    const where = `($1::uuid IS NULL OR proposal.source_id = $1) AND ($2::text IS NULL OR proposal.state = $2)`;
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM dictionary.rename_proposal AS proposal WHERE ${where}`,
      params,
    );
    const beyond = after === undefined ? [] : decodeCursor('renames', after);
    const found = await rows<RenameRow>(
      this.db,
      `
      ${RENAME}
       WHERE ${where} ${after === undefined ? '' : 'AND proposal.id < $3::uuid'}
       ORDER BY proposal.id DESC
       LIMIT ${first + 1}
      `,
      [...params, ...beyond],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /**
   * Decides on proposals, all or nothing. Accepting copies what people said of the old assets to the new ones (what is
   * said of the new ones already stays) and tells the other domains; the old ones keep theirs as history.
   * @throws {NotFound} {@link Conflict} when one was decided or withdrawn meanwhile.
   */
  async decide(actor: Actor, ids: readonly string[], accepted: boolean): Promise<RenameRow[]> {
    await this.changes.make(actor, async (change) => {
      const { tx, at } = change;
      const proposals = await rows<RenameRow>(tx, `${RENAME} WHERE proposal.id = ANY($1)`, [ids]);
      const missing = ids.find((id) => !proposals.some((proposal) => proposal.id === id));
      if (missing !== undefined) throw new NotFound('rename', missing);
      const decided = await rows(
        tx,
        `
        WITH decided AS (
          UPDATE dictionary.rename_proposal SET state = $2, decided_at = $3, decided_by = $4
           WHERE id = ANY($1) AND state = 'open'
          RETURNING id
        )
        SELECT id FROM decided
        `,
        [ids, accepted ? 'accepted' : 'rejected', at, actor.name],
      );
      if (decided.length < new Set(ids).size) {
        const { fromName, state } = proposals.find((proposal) => proposal.state !== 'open')!;
        throw new Conflict(`The rename of ${JSON.stringify(fromName)} is ${state} already. Read the list again.`);
      }
      for (const { id, fromName, toName } of proposals)
        await change.record(
          accepted ? 'rename.accepted' : 'rename.rejected',
          { kind: 'rename', id, name: toName },
          {
            from: fromName,
            to: toName,
          },
        );
      if (!accepted) return;
      const pairs = await rows<{ kind: AssetRef['kind']; fromId: string; toId: string }>(tx, PAIRS, [ids]);
      await this.entries.carryOver(change, pairs);
      const ofKind = (wanted: AssetRef['kind']) =>
        pairs.filter(({ kind }) => kind === wanted).map(({ fromId, toId }) => ({ fromId, toId }));
      await change.publish(assetsRenamed, { datasets: ofKind('dataset'), fields: ofKind('field'), by: actor.name });
    });
    return rows(this.db, `${RENAME} WHERE proposal.id = ANY($1) ORDER BY proposal.id DESC`, [ids]);
  }
}

/** The sort key of {@link Renames.list}, as a cursor. */
export const renameCursor = ({ id }: RenameRow): string => encodeCursor('renames', [id]);
