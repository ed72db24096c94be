import { Injectable } from '@nestjs/common';
import { type Change, Changes } from '#audit';
import { type Actor, Conflict, InvalidInput, NotFound, urnOf } from '#kernel';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { EntryEntity, type EntryOrigin } from './entry.entity.js';
import { levelsChanged } from './levels-changed.event.js';
import { type LevelOrigin } from './levels.js';
import {
  carriedOver,
  type EntryChange,
  type EntryContent,
  entryDifference,
  entryFaults,
  mergeEntry,
  NOTHING_SAID,
} from './merge-entry.js';
import { REFRESH_SEARCH } from './search.sql.js';

/** A dataset or a field. */
export interface AssetRef {
  readonly kind: 'dataset' | 'field';
  readonly id: string;
}

export interface EntryWish extends EntryChange {
  readonly asset: AssetRef;
  /** The revision that the change is based on, 0 for "nothing was said yet". Left out: whatever is there now. */
  readonly expectedRevision?: number;
}

/** A wish with what there is. */
interface Planned {
  readonly wish: EntryWish;
  readonly name: string;
  readonly revision: number;
  readonly after: EntryContent;
  readonly difference: { before: Partial<EntryContent>; after: Partial<EntryContent> } | undefined;
}

/** What people (or an import, or a rule) say of datasets and fields. A harvest never comes here. */
@Injectable()
export class Entries {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
  ) {}

  /**
   * Says something of assets, all or nothing. What a wish leaves out stays as it was.
   * @throws {NotFound} {@link InvalidInput} {@link Conflict} when somebody changed an entry meanwhile.
   */
  async describe(actor: Actor, wishes: readonly EntryWish[], origin: EntryOrigin = 'person'): Promise<void> {
    refuseTwice(wishes);
    if (!(await this.plan(this.db.manager, wishes)).some(({ difference }) => difference)) return;
    await this.changes.make(actor, async (change) => {
      const planned = await this.plan(change.tx, wishes);
      const different = planned.filter(({ difference }) => difference);
      await this.write(change, different, origin);
      await record(change, different.length > 0 ? different : planned, origin);
    });
  }

  /** The same within a change that writes other things too, by a person; its levels can come from proposals. */
  async describeWithin(change: Change, wishes: readonly EntryWish[], levelOrigin: LevelOrigin): Promise<void> {
    refuseTwice(wishes);
    const planned = (await this.plan(change.tx, wishes)).filter(({ difference }) => difference);
    if (planned.length === 0) return;
    await this.write(change, planned, 'person', levelOrigin);
    await record(change, planned, 'person');
  }

  /** Entries of some datasets, for a loader. */
  ofDatasets(ids: readonly string[]): Promise<EntryEntity[]> {
    return this.entries(this.db.manager, 'dataset', ids);
  }

  /** Entries of some fields, for a loader. */
  ofFields(ids: readonly string[]): Promise<EntryEntity[]> {
    return this.entries(this.db.manager, 'field', ids);
  }

  /** Says of new assets what is said of old ones. What the new ones have already stays. */
  async carryOver(
    change: Change,
    pairs: readonly { kind: AssetRef['kind']; fromId: string; toId: string }[],
  ): Promise<void> {
    const said = new Map<string, EntryContent>();
    for (const kind of ['dataset', 'field'] as const) {
      const ids = pairs.filter((pair) => pair.kind === kind).flatMap(({ fromId, toId }) => [fromId, toId]);
      for (const entry of await this.entries(change.tx, kind, ids))
        said.set(entry.datasetId ?? entry.fieldId ?? '', entry);
    }
    const wishes = pairs.flatMap(({ kind, fromId, toId }): EntryWish[] => {
      const old = said.get(fromId);
      return old ? [{ asset: { kind, id: toId }, ...carriedOver(old, said.get(toId)) }] : [];
    });
    const planned = (await this.plan(change.tx, wishes)).filter(({ difference }) => difference);
    if (planned.length === 0) return;
    await this.write(change, planned, 'person');
    await record(change, planned, 'person');
  }

  private entries(tx: Tx, kind: AssetRef['kind'], ids: readonly string[]): Promise<EntryEntity[]> {
    return tx
      .getRepository(EntryEntity)
      .createQueryBuilder('entry')
      .where(`entry.${kind}_id = ANY(:ids)`, { ids })
      .getMany();
  }

  private async plan(tx: Tx, wishes: readonly EntryWish[]): Promise<Planned[]> {
    const idsOf = (kind: AssetRef['kind']) =>
      wishes.filter(({ asset }) => asset.kind === kind).map(({ asset }) => asset.id);
    const names = await namesOf(tx, [...idsOf('dataset'), ...idsOf('field')]);
    const entries = [
      ...(await this.entries(tx, 'dataset', idsOf('dataset'))),
      ...(await this.entries(tx, 'field', idsOf('field'))),
    ];
    const entryOf = new Map(entries.map((entry) => [entry.datasetId ?? entry.fieldId, entry]));
    return wishes.map((wish, at) => {
      const path = wishes.length === 1 ? [] : [String(at)];
      const { asset, expectedRevision } = wish;
      const name = names.get(asset.id);
      if (name === undefined) throw new NotFound(asset.kind, asset.id);
      const entry = entryOf.get(asset.id);
      const revision = entry?.revision ?? 0;
      if (expectedRevision !== undefined && expectedRevision !== revision)
        throw new Conflict(
          `What is said of ${name} is not what you read (revision ${expectedRevision}): ` +
            `${entry ? `${entry.changedBy} made revision ${revision}` : 'nothing is said of it'}. Read it again and repeat the change.`,
          { name, expectedRevision, revision },
          [...path, 'expectedRevision'],
        );
      const before = entry ?? NOTHING_SAID;
      const after = mergeEntry(before, wish);
      const faults = entryFaults(after).map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
      if (faults.length > 0) throw new InvalidInput(faults.map(({ message }) => message).join(' '), faults);
      return { wish, name, revision, after, difference: entryDifference(before, after) };
    });
  }

  private async write(
    change: Change,
    planned: readonly Planned[],
    origin: EntryOrigin,
    levelOrigin: LevelOrigin = origin,
  ): Promise<void> {
    const { tx, actor, at } = change;
    for (const kind of ['dataset', 'field'] as const) {
      const ofKind = planned.filter(({ wish }) => wish.asset.kind === kind);
      if (ofKind.length === 0) continue;
      const written = await rows(
        tx,
        `
        INSERT INTO dictionary.entry (${kind}_id, business_name, definition, owner, tags, security_level, origin,
                                      revision, changed_at, changed_by, level_origin, level_by, level_at)
        SELECT wish.id, wish."businessName", wish.definition, wish.owner,
               ARRAY(SELECT jsonb_array_elements_text(wish.tags)), wish."securityLevel", $2::text, wish.revision + 1,
               $3::timestamptz, $4::text, level.origin, level.set_by, level.set_at
          FROM jsonb_to_recordset($1) AS wish (id uuid, "businessName" text, definition text, owner text, tags jsonb,
                                               "securityLevel" text, revision integer)
          LEFT JOIN (VALUES ($5::text, $4::text, $3::timestamptz)) AS level (origin, set_by, set_at)
            ON wish."securityLevel" IS NOT NULL
         ORDER BY wish.id
        ON CONFLICT (${kind}_id) DO UPDATE
          SET business_name = excluded.business_name, definition = excluded.definition, owner = excluded.owner,
              tags = excluded.tags, security_level = excluded.security_level, origin = excluded.origin,
              revision = excluded.revision, changed_at = excluded.changed_at, changed_by = excluded.changed_by,
              level_origin = CASE WHEN excluded.security_level IS DISTINCT FROM entry.security_level
                             THEN excluded.level_origin ELSE entry.level_origin END,
              level_by = CASE WHEN excluded.security_level IS DISTINCT FROM entry.security_level
                         THEN excluded.level_by ELSE entry.level_by END,
              level_at = CASE WHEN excluded.security_level IS DISTINCT FROM entry.security_level
                         THEN excluded.level_at ELSE entry.level_at END
        WHERE entry.revision = excluded.revision - 1
        RETURNING id
        `,
        [
          JSON.stringify(ofKind.map(({ wish, after, revision }) => ({ ...after, id: wish.asset.id, revision }))),
          ...[origin, at, actor.name, levelOrigin],
        ],
      );
      if (written.length < ofKind.length)
        throw new Conflict(
          'Somebody else said something of the same at the same moment. Read it again and repeat the change.',
        );
    }
    await tx.query(REFRESH_SEARCH, [planned.map(({ wish }) => wish.asset.id)]);
    const leveled = planned.filter(({ difference }) => difference && 'securityLevel' in difference.after);
    const idsOf = (kind: AssetRef['kind']) =>
      leveled.filter(({ wish }) => wish.asset.kind === kind).map(({ wish }) => wish.asset.id);
    if (leveled.length > 0) await change.publish(levelsChanged, { datasets: idsOf('dataset'), fields: idsOf('field') });
  }
}

/** One audit entry: of the asset when there is one, else with the list. */
async function record(change: Change, planned: readonly Planned[], origin: EntryOrigin): Promise<void> {
  const [first] = planned;
  if (!first) return;
  const { asset } = first.wish;
  if (planned.length === 1) {
    await change.record('entry.changed', { ...asset, name: first.name }, { origin, ...first.difference });
    return;
  }
  await change.record(
    'entries.changed',
    { kind: 'entries', id: asset.id, name: `${planned.length} assets` },
    { origin, assets: planned.map(({ wish, name, difference }) => ({ ...wish.asset, name, ...difference })) },
  );
}

function refuseTwice(wishes: readonly EntryWish[]): void {
  const at = wishes.findIndex(({ asset }, place) => wishes.findIndex((other) => other.asset.id === asset.id) < place);
  if (at >= 0) throw new InvalidInput('The list names one asset twice. Say all of it at once.', [], [String(at), 'id']);
}

/** URNs of assets by their ids. */
async function namesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows<{ id: string; namespace: string; name: string; column: string | null }>(
    tx,
    `
    SELECT dataset.id, source.namespace, dataset.qualified_name AS name, NULL AS column
      FROM dictionary.dataset
      JOIN sources.source ON source.id = dataset.source_id
     WHERE dataset.id = ANY($1)
     UNION ALL
    SELECT field.id, source.namespace, dataset.qualified_name, field.name
      FROM dictionary.field
      JOIN dictionary.dataset ON dataset.id = field.dataset_id
      JOIN sources.source ON source.id = dataset.source_id
     WHERE field.id = ANY($1)
    `,
    [ids],
  );
  return new Map(
    found.map(({ id, namespace, name, column }) => [id, urnOf({ namespace, name, column: column ?? undefined })]),
  );
}
