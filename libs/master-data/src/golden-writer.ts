import { Injectable } from '@nestjs/common';
import { checkIdentifier } from '#core/identifiers';
import { type Cluster, Clustering, searchForm, suffixOf, Survivors } from '#core/record-matcher';
import { rows, type Tx } from '#platform/database';

import { type BuildPlan } from './build-plan.js';
import { Sealing } from './sealing.js';

/** What a build changed, in golden records. */
export interface GoldenCounts {
  created: number;
  /** With other values, or other members. */
  changed: number;
  gone: number;
}

interface SourceRecord {
  readonly key: string;
  readonly keyHash: Buffer;
  readonly datasetId: string;
  readonly rowHash: Buffer;
  readonly rowKey: Buffer;
  readonly content: Buffer;
  readonly changedAt: Date | null;
}

interface Gathered {
  readonly survivors: Survivors<{ readonly row: SourceRecord; readonly fieldId: string }>;
  readonly sources: Set<string>;
  keyHash: Buffer;
  members: number;
}

/** Source records read at once, and golden records written at once. */
const PORTION = 5_000;
const CLUSTERS_AT_ONCE = 1_000;
/** Added to the rank of a malformed identifier: it survives only where nobody has a right one. */
const MALFORMED = 10_000;

/** Makes golden records out of source records: gathers what is the same, lets values survive, writes what changed. */
@Injectable()
export class GoldenWriter {
  constructor(private readonly sealing: Sealing) {}

  /** Judges the keys anew that stand in the temporary table "affected". */
  async write(tx: Tx, plan: BuildPlan, at: Date, signal: AbortSignal): Promise<GoldenCounts> {
    const counts: GoldenCounts = { created: 0, changed: 0, gone: 0 };
    const clustering = new Clustering(
      ({ key }: SourceRecord) => key,
      (): Gathered => ({ survivors: new Survivors(), sources: new Set(), keyHash: Buffer.alloc(0), members: 0 }),
      (gathered, record) => this.gather(plan, gathered, record),
    );
    let ready: Cluster<Gathered>[] = [];
    const flush = async (least: number) => {
      while (ready.length >= Math.max(least, 1)) {
        await this.keep(tx, plan, at, ready.slice(0, CLUSTERS_AT_ONCE), counts);
        ready = ready.slice(CLUSTERS_AT_ONCE);
      }
    };
    for (let last: SourceRecord | undefined; ;) {
      signal.throwIfAborted();
      const portion = await this.next(tx, plan.entityId, last);
      ready.push(...clustering.push(portion));
      await flush(CLUSTERS_AT_ONCE);
      if (portion.length < PORTION) break;
      last = portion.at(-1);
    }
    ready.push(...clustering.end());
    await flush(1);
    counts.gone = await this.closeGone(tx, plan.entityId, at);
    return counts;
  }

  private next(tx: Tx, entityId: string, last: SourceRecord | undefined): Promise<SourceRecord[]> {
    return rows<SourceRecord>(
      tx,
      `
      SELECT encode(record.key_hash, 'hex') AS key, record.key_hash AS "keyHash", record.dataset_id AS "datasetId",
             record.row_hash AS "rowHash", record.row_key AS "rowKey", record.content, record.changed_at AS "changedAt"
        FROM affected
        JOIN master_data.source_record AS record
          ON record.entity_id = $1 AND record.key_hash = affected.key_hash AND record.recorded_to = 'infinity'
       WHERE $2::bytea IS NULL OR (record.key_hash, record.dataset_id, record.row_hash) > ($2, $3::uuid, $4::bytea)
       ORDER BY record.key_hash, record.dataset_id, record.row_hash LIMIT ${PORTION}
      `,
      [entityId, last?.keyHash ?? null, last?.datasetId ?? null, last?.rowHash ?? null],
    );
  }

  private gather(plan: BuildPlan, gathered: Gathered, record: SourceRecord): void {
    gathered.keyHash = record.keyHash;
    gathered.members++;
    gathered.sources.add(plan.sourceOf.get(record.datasetId) ?? '');
    const rank = plan.priorities.get(record.datasetId) ?? MALFORMED;
    const tieBreak = `${record.datasetId} ${record.rowHash.toString('hex')}`;
    for (const [attributeId, fieldId, text] of this.sealing.openContent(record.rowHash, record.content)) {
      const attribute = plan.attributes.find(({ id }) => id === attributeId);
      if (!attribute) continue;
      const check = attribute.identifierFormat === null ? null : checkIdentifier(attribute.identifierFormat, text);
      gathered.survivors.offer(
        {
          attributeId,
          value: check?.valid ? check.normalised : text.trim(),
          priority: check?.valid === false ? rank + MALFORMED : rank,
          changedAt: record.changedAt?.getTime() ?? null,
          tieBreak,
        },
        { row: record, fieldId },
      );
    }
  }

  private async keep(
    tx: Tx,
    plan: BuildPlan,
    at: Date,
    clusters: readonly Cluster<Gathered>[],
    counts: GoldenCounts,
  ): Promise<void> {
    const { entityId, key } = plan;
    const records = clusters.map(({ state: { survivors, sources, keyHash, members } }) => {
      const identifier = survivors.best(key.id)?.candidate.value ?? '';
      return {
        ...{ keyHash, members, sources: sources.size },
        identifier: this.sealing.sealIdentifier(keyHash, identifier),
        suffix4: this.sealing.suffixHash(entityId, suffixOf(identifier, 4)),
        suffix6: this.sealing.suffixHash(entityId, suffixOf(identifier, 6)),
      };
    });
    const of = <K extends keyof (typeof records)[number]>(name: K) => records.map((one) => one[name]);
    const written = await rows<{ id: string; added: boolean }>(
      tx,
      `
      WITH kept AS (
        INSERT INTO master_data.golden_record AS golden
               (entity_id, key_hash, identifier, suffix4_hash, suffix6_hash, members, sources, created_at, changed_at)
        SELECT $1, *, $2, $2 FROM unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[], $7::int[], $8::int[])
        ON CONFLICT (entity_id, key_hash) DO UPDATE
          SET members = excluded.members, sources = excluded.sources, changed_at = $2, gone_at = NULL
          WHERE (golden.members, golden.sources, golden.gone_at) IS DISTINCT FROM (excluded.members, excluded.sources, NULL)
        RETURNING id, xmax = 0 AS added
      ) SELECT id, added FROM kept
      `,
      [entityId, at, of('keyHash'), of('identifier'), of('suffix4'), of('suffix6'), of('members'), of('sources')],
    );
    const touched = await this.keepValues(tx, plan, at, clusters);
    const created = new Set(written.filter(({ added }) => added).map(({ id }) => id));
    counts.created += created.size;
    counts.changed += new Set([...written.map(({ id }) => id), ...touched].filter((id) => !created.has(id))).size;
  }

  /** Closes values that are no more and adds those that are new; gives the golden records it touched. */
  private async keepValues(
    tx: Tx,
    { entityId }: BuildPlan,
    at: Date,
    clusters: readonly Cluster<Gathered>[],
  ): Promise<string[]> {
    const values = clusters.flatMap(({ state: { survivors, keyHash } }) =>
      [...survivors.all()].map(({ candidate: { attributeId, value }, from: { row, fieldId } }) => ({
        ...{ keyHash, attributeId, fieldId, datasetId: row.datasetId, rowHash: row.rowHash, rowKey: row.rowKey },
        value: this.sealing.sealValue(keyHash, attributeId, value),
        valueHash: this.sealing.valueHash(attributeId, value),
        searchHash: this.sealing.searchHash(entityId, searchForm(value)),
        changedAt: row.changedAt,
      })),
    );
    const of = <K extends keyof (typeof values)[number]>(name: K) => values.map((one) => one[name]);
    // NOT IN is looked up in a hash of the page's values, whatever the planner believes of their number.
    const closed = await rows<{ recordId: string }>(
      tx,
      `
      WITH page AS MATERIALIZED (
        SELECT id, key_hash FROM master_data.golden_record WHERE entity_id = $1 AND key_hash = ANY($3)
      ), closed AS (
        UPDATE master_data.golden_value AS kept SET recorded_to = $2
          FROM page
         WHERE kept.record_id = page.id AND kept.recorded_to = 'infinity'
           AND (page.key_hash, kept.attribute_id, kept.value_hash, kept.dataset_id, kept.field_id, kept.row_hash)
               NOT IN (SELECT * FROM unnest($4::bytea[], $5::uuid[], $6::bytea[], $7::uuid[], $8::uuid[], $9::bytea[]))
        RETURNING kept.record_id
      ) SELECT DISTINCT record_id AS "recordId" FROM closed
      `,
      [
        ...[entityId, at, clusters.map(({ state }) => state.keyHash), of('keyHash'), of('attributeId')],
        ...[of('valueHash'), of('datasetId'), of('fieldId'), of('rowHash')],
      ],
    );
    const added = await rows<{ recordId: string }>(
      tx,
      `
      WITH added AS (
        INSERT INTO master_data.golden_value (record_id, attribute_id, value, value_hash, search_hash, dataset_id, field_id,
                                              row_hash, row_key, observed_at, source_changed_at, recorded_from)
        SELECT golden.id, value.attribute_id, value.value, value.value_hash, value.search_hash, value.dataset_id, value.field_id,
               value.row_hash, value.row_key, $2, value.changed_at, $2
          FROM unnest($3::bytea[], $4::uuid[], $5::bytea[], $6::bytea[], $7::bytea[], $8::uuid[], $9::uuid[], $10::bytea[],
                      $11::bytea[], $12::timestamptz[])
               AS value (key_hash, attribute_id, value, value_hash, search_hash, dataset_id, field_id, row_hash, row_key, changed_at)
          JOIN master_data.golden_record AS golden ON golden.entity_id = $1 AND golden.key_hash = value.key_hash
        ON CONFLICT (record_id, attribute_id) WHERE recorded_to = 'infinity' DO NOTHING
        RETURNING record_id
      ) SELECT DISTINCT record_id AS "recordId" FROM added
      `,
      [
        ...[entityId, at, of('keyHash'), of('attributeId'), of('value'), of('valueHash'), of('searchHash')],
        ...[of('datasetId'), of('fieldId'), of('rowHash'), of('rowKey'), of('changedAt')],
      ],
    );
    const touched = [...new Set([...closed, ...added].map(({ recordId }) => recordId))];
    await tx.query(`UPDATE master_data.golden_record SET changed_at = $2 WHERE id = ANY($1) AND changed_at <> $2`, [
      touched,
      at,
    ]);
    return touched;
  }

  /** Golden records that no source has a row of any more keep their id and their history. */
  private async closeGone(tx: Tx, entityId: string, at: Date): Promise<number> {
    const gone = await rows(
      tx,
      `
      WITH gone AS (
        UPDATE master_data.golden_record AS golden SET members = 0, sources = 0, gone_at = $2, changed_at = $2
          FROM affected
         WHERE golden.entity_id = $1 AND golden.key_hash = affected.key_hash AND golden.gone_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM master_data.source_record AS record
                            WHERE record.entity_id = $1 AND record.key_hash = affected.key_hash
                              AND record.recorded_to = 'infinity')
        RETURNING golden.id
      ), closed AS (
        UPDATE master_data.golden_value SET recorded_to = $2
         WHERE recorded_to = 'infinity' AND record_id IN (SELECT id FROM gone)
      ) SELECT id FROM gone
      `,
      [entityId, at],
    );
    return gone.length;
  }
}
