import { Injectable } from '@nestjs/common';
import { checkIdentifier } from '#core/identifiers';
import { type Cluster, Clustering, searchForm, suffixOf, Survivors } from '#core/record-matcher';
import { byteaArray, rows, type Tx } from '#platform/database';

import { type BuildPlan } from './build-plan.js';
import { type GoldenContent, type KeptValue, Sealing } from './sealing.js';

/** What a build changed, in golden records. */
export interface GoldenCounts {
  created: number;
  /** With other values, or other members. */
  changed: number;
  gone: number;
}

interface SourceRecord {
  readonly keyHash: Buffer;
  readonly datasetId: string;
  readonly rowHash: Buffer;
  readonly content: Buffer;
  readonly changedAt: Date | null;
}

interface Gathered {
  readonly survivors: Survivors<Pick<KeptValue, 'fieldId' | 'rowKey'>>;
  readonly sources: Set<string>;
  keyHash: Buffer;
  members: number;
}

/** A golden record as it should be. */
interface Judged extends GoldenContent {
  readonly keyHash: Buffer;
  readonly contentHash: Buffer;
  readonly members: number;
  readonly sources: number;
}

/** A golden record as it is, if it should be otherwise; its content only if that should be. */
interface Known {
  readonly id: string;
  readonly keyHash: Buffer;
  readonly isRight: boolean;
  readonly content: Buffer | null;
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
      ({ keyHash }: SourceRecord) => keyHash.toString('hex'),
      (): Gathered => ({ survivors: new Survivors(), sources: new Set(), keyHash: Buffer.alloc(0), members: 0 }),
      (gathered, record) => this.gather(plan, gathered, record),
    );
    let ready: Cluster<Gathered>[] = [];
    const flush = async (least: number) => {
      while (ready.length >= Math.max(least, 1)) {
        const judged = ready.slice(0, CLUSTERS_AT_ONCE).map(({ state }) => this.judge(plan, at, state));
        await this.keep(tx, plan.entityId, at, judged, counts);
        ready = ready.slice(CLUSTERS_AT_ONCE);
      }
    };
    // With a cursor the rows are put in order once, not once for each portion.
    await tx.query(
      `
      DECLARE affected_row NO SCROLL CURSOR FOR
      SELECT record.key_hash AS "keyHash", record.dataset_id AS "datasetId", record.row_hash AS "rowHash", record.content,
             record.changed_at AS "changedAt"
        FROM affected
        JOIN master_data.source_record AS record
          ON record.entity_id = $1 AND record.key_hash = affected.key_hash AND record.recorded_to = 'infinity'
       ORDER BY record.key_hash, record.dataset_id, record.row_hash
      `,
      [plan.entityId],
    );
    for (let more = true; more;) {
      signal.throwIfAborted();
      const portion = await rows<SourceRecord>(tx, `FETCH ${PORTION} FROM affected_row`);
      ready.push(...clustering.push(portion));
      await flush(CLUSTERS_AT_ONCE);
      more = portion.length === PORTION;
    }
    ready.push(...clustering.end());
    await flush(1);
    counts.gone = await this.closeGone(tx, plan.entityId, at, signal);
    return counts;
  }

  private gather(plan: BuildPlan, gathered: Gathered, record: SourceRecord): void {
    gathered.keyHash = record.keyHash;
    gathered.members++;
    gathered.sources.add(plan.sourceOf.get(record.datasetId) ?? '');
    const rank = plan.priorities.get(record.datasetId) ?? MALFORMED;
    const tieBreak = `${record.datasetId} ${record.rowHash.toString('hex')}`;
    const { key: rowKey, values } = this.sealing.openRow(record.rowHash, record.content);
    for (const [attributeId, fieldId, text] of values) {
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
        { fieldId, rowKey },
      );
    }
  }

  private judge({ key, attributes }: BuildPlan, at: Date, { survivors, sources, keyHash, members }: Gathered): Judged {
    const values = attributes.flatMap(({ id }): KeptValue[] => {
      const best = survivors.best(id);
      if (!best) return [];
      const { attributeId, value, changedAt } = best.candidate;
      return [{ attributeId, value, ...best.from, changedAt, since: at.getTime() }];
    });
    const identifier = survivors.best(key.id)?.candidate.value ?? '';
    const contentHash = this.sealing.goldenHash(keyHash, values);
    return { keyHash, identifier, values, contentHash, members, sources: sources.size };
  }

  private async keep(
    tx: Tx,
    entityId: string,
    at: Date,
    judged: readonly Judged[],
    counts: GoldenCounts,
  ): Promise<void> {
    const known = await this.known(tx, entityId, judged);
    const recounted = known.filter(({ isRight, content }) => !isRight && content === null);
    if (recounted.length > 0) await this.recount(tx, at, judged, recounted);
    const byKey = new Map(known.map((one) => [one.keyHash.toString('hex'), one]));
    const former: { recordId: string; content: Buffer }[] = [];
    const written = judged.flatMap((record) => {
      const before = byKey.get(record.keyHash.toString('hex'));
      if (!before) return [record];
      if (before.content === null) return [];
      const { values } = this.sealing.openGolden(record.keyHash, before.content);
      const kept = record.values.map((value) => values.find((old) => isSame(old, value)) ?? value);
      for (const old of values)
        if (!kept.includes(old))
          former.push({ recordId: before.id, content: this.sealing.sealFormer(record.keyHash, old) });
      return [{ ...record, values: kept }];
    });
    if (written.length > 0) await this.put(tx, entityId, at, written);
    if (former.length > 0) await this.putFormer(tx, at, former);
    counts.created += judged.length - known.length;
    counts.changed += known.filter(({ isRight }) => !isRight).length;
  }

  private known(tx: Tx, entityId: string, judged: readonly Judged[]): Promise<Known[]> {
    return rows<Known>(
      tx,
      `
      SELECT golden.id, golden.key_hash AS "keyHash",
             (golden.content_hash, golden.members, golden.sources) = (judged.content_hash, judged.members, judged.sources)
               AND golden.gone_at IS NULL AS "isRight",
             CASE WHEN golden.content_hash <> judged.content_hash THEN golden.content END AS content
        FROM unnest($2::bytea[], $3::bytea[], $4::int[], $5::int[]) AS judged (key_hash, content_hash, members, sources)
        -- One by one through the index: a join would look through all records for each page.
       CROSS JOIN LATERAL (SELECT * FROM master_data.golden_record AS golden
                            WHERE golden.entity_id = $1 AND golden.key_hash = judged.key_hash LIMIT 1) AS golden
      `,
      [
        ...[entityId, byteaArray(judged.map(({ keyHash }) => keyHash))],
        ...[byteaArray(judged.map(({ contentHash }) => contentHash)), judged.map(({ members }) => members)],
        judged.map(({ sources }) => sources),
      ],
    );
  }

  /** Other members say the same. */
  private async recount(tx: Tx, at: Date, judged: readonly Judged[], known: readonly Known[]): Promise<void> {
    const byKey = new Map(judged.map((one) => [one.keyHash.toString('hex'), one]));
    const counted = known.map(({ keyHash }) => byKey.get(keyHash.toString('hex')));
    await tx.query(
      `
      UPDATE master_data.golden_record AS golden
         SET members = counted.members, sources = counted.sources, changed_at = $2, gone_at = NULL
        FROM unnest($1::uuid[], $3::int[], $4::int[]) AS counted (id, members, sources)
       WHERE golden.id = counted.id
      `,
      [known.map(({ id }) => id), at, counted.map((one) => one?.members), counted.map((one) => one?.sources)],
    );
  }

  /** Adds golden records, or gives those that are there other values. */
  private async put(tx: Tx, entityId: string, at: Date, written: readonly Judged[]): Promise<void> {
    const foundBy = this.foundBy(entityId, written);
    await tx.query(
      `
      INSERT INTO master_data.golden_record AS golden
             (entity_id, key_hash, content, content_hash, found_by, members, sources, created_at, changed_at, gone_at)
      SELECT $1, key_hash, content, content_hash, found_by::bigint[], members, sources, $2::timestamptz,
             $2::timestamptz, CASE WHEN members = 0 THEN $2::timestamptz END
        FROM unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::int[], $8::int[])
             AS written (key_hash, content, content_hash, found_by, members, sources)
      ON CONFLICT (entity_id, key_hash) DO UPDATE
        SET content = excluded.content, content_hash = excluded.content_hash, found_by = excluded.found_by,
            members = excluded.members, sources = excluded.sources, changed_at = excluded.changed_at, gone_at = excluded.gone_at
      `,
      [
        ...[entityId, at, byteaArray(written.map(({ keyHash }) => keyHash))],
        byteaArray(written.map((record) => this.sealing.sealGolden(record.keyHash, record))),
        byteaArray(written.map(({ contentHash }) => contentHash)),
        ...[foundBy, written.map(({ members }) => members), written.map(({ sources }) => sources)],
      ],
    );
  }

  /** Numbers to find each record by, as PostgreSQL writes arrays. Many share a gender or an occupation. */
  private foundBy(entityId: string, written: readonly Judged[]): string[] {
    const prints = new Map<string, string>();
    const printOf = (value: string) => {
      const print = prints.get(value) ?? this.sealing.searchPrint(entityId, searchForm(value));
      prints.set(value, print);
      return print;
    };
    return written.map(({ identifier, values }) => {
      if (values.length === 0) return '{}';
      const suffixes = [4, 6].map((length) => this.sealing.suffixPrint(entityId, suffixOf(identifier, length)));
      return `{${[...suffixes, ...values.map(({ value }) => printOf(value))].join()}}`;
    });
  }

  private async putFormer(
    tx: Tx,
    at: Date,
    former: readonly { readonly recordId: string; readonly content: Buffer }[],
  ): Promise<void> {
    await tx.query(
      `
      INSERT INTO master_data.former_value (record_id, content, recorded_to)
      SELECT record_id, content, $1 FROM unnest($2::uuid[], $3::bytea[]) AS former (record_id, content)
      `,
      [at, former.map(({ recordId }) => recordId), byteaArray(former.map(({ content }) => content))],
    );
  }

  /** Golden records that no source has a row of any more keep their id and their history. */
  private async closeGone(tx: Tx, entityId: string, at: Date, signal: AbortSignal): Promise<number> {
    await tx.query(
      `
      DECLARE gone_record NO SCROLL CURSOR FOR
      SELECT golden.key_hash AS "keyHash", golden.content
        FROM affected
        JOIN master_data.golden_record AS golden
          ON golden.entity_id = $1 AND golden.key_hash = affected.key_hash AND golden.gone_at IS NULL
       WHERE NOT EXISTS (SELECT 1 FROM master_data.source_record AS record
                          WHERE record.entity_id = $1 AND record.key_hash = affected.key_hash
                            AND record.recorded_to = 'infinity')
      `,
      [entityId],
    );
    let count = 0;
    for (;;) {
      signal.throwIfAborted();
      const gone = await rows<{ keyHash: Buffer; content: Buffer }>(tx, `FETCH ${CLUSTERS_AT_ONCE} FROM gone_record`);
      if (gone.length === 0) return count;
      const judged = gone.map(({ keyHash, content }): Judged => {
        const { identifier } = this.sealing.openGolden(keyHash, content);
        const contentHash = this.sealing.goldenHash(keyHash, []);
        return { keyHash, identifier, values: [], contentHash, members: 0, sources: 0 };
      });
      await this.keep(tx, entityId, at, judged, { created: 0, changed: 0, gone: 0 });
      count += gone.length;
    }
  }
}

/** The same value of the same place, whenever it was first read. */
const isSame = (a: KeptValue, b: KeptValue): boolean =>
  a.attributeId === b.attributeId && a.value === b.value && a.fieldId === b.fieldId && a.rowKey === b.rowKey;
