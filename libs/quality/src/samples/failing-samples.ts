import { Inject, Injectable } from '@nestjs/common';
import { Changes } from '#audit';
import {
  type Actor,
  AppError,
  Clock,
  decodeCursor,
  encodeCursor,
  NotFound,
  type Page,
  type PageRequest,
} from '#kernel';
import { type Settings, SETTINGS } from '#platform/config';
import { row, rows, type Tx } from '#platform/database';
import { Vault } from '#platform/secrets';
import { FieldSecrecy } from '#statistics';
import { DataSource } from 'typeorm';

import { keyColumnsOf } from '../bind-rule.js';
import { DatasetFacts } from '../dataset-facts.js';
import { type FailingSample } from './failing-sample.js';
import { showingOf, shownValue } from './showing.js';

/** What is said of a sample without opening it. */
export interface SampleFacts {
  readonly resultId: string;
  readonly columns: readonly string[];
  readonly masked: readonly string[];
  readonly withheld: readonly string[];
  readonly rowCount: number;
  readonly expiresAt: Date;
}

/** Somebody saw a sample. */
export interface SampleAccess {
  readonly id: string;
  readonly resultId: string;
  readonly ruleId: string;
  readonly at: Date;
  readonly actorName: string;
}

export interface AccessFilter {
  readonly resultId?: string;
  readonly ruleId?: string;
}

/** Nothing is kept of the rows that broke the rule, or no more. */
export class NoSample extends AppError {
  readonly code = 'NO_FAILING_SAMPLE';

  constructor(resultId: string) {
    super(
      'There are no rows to show for this result: none were kept, or their time is over. Run the rule again to see which rows break it now.',
      { resultId },
      ['resultId'],
    );
  }
}

const DAY_MS = 86_400_000;
const SWEPT_AT_ONCE = 5_000;
const ownerOf = (resultId: string): string => `quality.failing_sample ${resultId}`;

/** Rows that broke rules: kept sealed, for a time, and shown only to people whose names are written down. */
@Injectable()
export class FailingSamples {
  constructor(
    private readonly db: DataSource,
    private readonly changes: Changes,
    private readonly vault: Vault,
    private readonly clock: Clock,
    private readonly facts: DatasetFacts,
    private readonly secrecy: FieldSecrecy,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Keeps samples with the results they belong to. */
  async keep(
    tx: Tx,
    kept: readonly { readonly resultId: string; readonly ruleId: string; readonly sample: FailingSample }[],
  ): Promise<void> {
    const { sampleDays } = this.settings;
    if (kept.length === 0 || sampleDays === 0) return;
    const now = this.clock.now();
    const records = kept.map(({ resultId, ruleId, sample }) => ({
      ...{ result_id: resultId, rule_id: ruleId, row_count: sample.rows.length },
      ...{ columns: sample.columns, masked: sample.masked, withheld: sample.withheld },
      sealed: this.vault
        .seal(JSON.stringify({ fieldIds: sample.fieldIds, rows: sample.rows }), ownerOf(resultId))
        .toString('hex'),
    }));
    await tx.query(
      `
      INSERT INTO quality.failing_sample (result_id, rule_id, columns, masked, withheld, row_count, sealed, made_at, expires_at)
      SELECT result_id, rule_id, columns, masked, withheld, row_count, decode(sealed, 'hex'), $2, $3
        FROM jsonb_to_recordset($1) AS kept (
               result_id uuid, rule_id uuid, columns text[], masked text[], withheld text[], row_count integer, sealed text
             )
      `,
      [JSON.stringify(records), now, new Date(now.getTime() + sampleDays * DAY_MS)],
    );
  }

  /** Of some results, without opening anything. */
  factsOf(resultIds: readonly string[]): Promise<SampleFacts[]> {
    return rows(
      this.db,
      `
      SELECT result_id AS "resultId", columns, masked, withheld, row_count AS "rowCount", expires_at AS "expiresAt"
        FROM quality.failing_sample WHERE result_id = ANY ($1) AND expires_at > $2
      `,
      [resultIds, this.clock.now()],
    );
  }

  /**
   * Shows a sample, and writes down who saw it. What has become more secret since is masked as it would be today.
   * @throws {NotFound} {@link NoSample} {SecretLost}
   */
  async open(actor: Actor, resultId: string): Promise<FailingSample> {
    const { ruleId, datasetId, name, ...kept } = await this.kept(resultId);
    // Before the transaction, which holds a connection: what is asked here takes others.
    const sample = await this.asOfToday(datasetId, kept);
    await this.changes.make(actor, async (change) => {
      await change.tx.query(
        `
        INSERT INTO quality.sample_access (result_id, rule_id, at, actor_kind, actor_id, actor_name)
        VALUES ($1, $2, $3, $4, $5, $6)
        `,
        [resultId, ruleId, change.at, actor.kind, actor.id, actor.name],
      );
      await change.record(
        'failing-sample.opened',
        { kind: 'rule', id: ruleId, name },
        { resultId, rows: sample.rows.length, columns: sample.columns },
      );
    });
    return sample;
  }

  private async kept(
    resultId: string,
  ): Promise<FailingSample & { readonly ruleId: string; readonly datasetId: string; readonly name: string }> {
    const result = await row<{ ruleId: string; datasetId: string; name: string }>(
      this.db,
      `
      SELECT result.rule_id AS "ruleId", result.dataset_id AS "datasetId",
             coalesce(nullif(version.name_zh, ''), version.name_en) AS name
        FROM quality.result JOIN quality.rule_version AS version ON version.id = result.version_id
       WHERE result.id = $1
      `,
      [resultId],
    );
    if (!result) throw new NotFound('rule result', resultId, ['resultId']);
    const kept = await row<Pick<FailingSample, 'columns' | 'masked' | 'withheld'> & { sealed: Buffer }>(
      this.db,
      `SELECT columns, masked, withheld, sealed FROM quality.failing_sample WHERE result_id = $1 AND expires_at > $2`,
      [resultId, this.clock.now()],
    );
    if (!kept) throw new NoSample(resultId);
    const { sealed, ...about } = kept;
    const opened = JSON.parse(this.vault.open(sealed, ownerOf(resultId), 'rows that broke a rule')) as Pick<
      FailingSample,
      'fieldIds' | 'rows'
    >;
    return { ...result, ...about, ...opened };
  }

  /** Who saw samples, newest first. */
  async accesses({ resultId, ruleId }: AccessFilter, { first, after }: PageRequest): Promise<Page<SampleAccess>> {
    const where = `($1::uuid IS NULL OR result_id = $1) AND ($2::uuid IS NULL OR rule_id = $2)`;
    const of = [resultId ?? null, ruleId ?? null];
    const counted = await row<{ total: number }>(
      this.db,
      `SELECT count(*)::int AS total FROM quality.sample_access WHERE ${where}`,
      of,
    );
    const [at = null, id = null] = after === undefined ? [] : decodeCursor('sample-accesses', after);
    const found = await rows<SampleAccess>(
      this.db,
      `
      SELECT id, result_id AS "resultId", rule_id AS "ruleId", at, actor_name AS "actorName" FROM quality.sample_access
       WHERE ${where} AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
       ORDER BY at DESC, id DESC LIMIT $5
      `,
      [...of, at, id, first + 1],
    );
    return { items: found.slice(0, first), hasNext: found.length > first, total: counted?.total ?? 0 };
  }

  /** Takes away what has been kept long enough; gives how many samples that were. */
  async sweep(): Promise<number> {
    let gone = 0;
    for (;;) {
      const swept = await rows(
        this.db,
        `
        WITH old AS (
          SELECT result_id FROM quality.failing_sample WHERE expires_at <= $1 ORDER BY expires_at LIMIT ${SWEPT_AT_ONCE}
             FOR UPDATE SKIP LOCKED
        ), gone AS (
          DELETE FROM quality.failing_sample USING old WHERE failing_sample.result_id = old.result_id RETURNING 1
        )
        SELECT 1 FROM gone
        `,
        [this.clock.now()],
      );
      gone += swept.length;
      if (swept.length < SWEPT_AT_ONCE) return gone;
    }
  }

  private async asOfToday(datasetId: string, sample: FailingSample): Promise<FailingSample> {
    const dataset = (await this.facts.ofIds([datasetId])).get(datasetId);
    const secrecy = await this.secrecy.of(sample.fieldIds);
    const keys = dataset ? keyColumnsOf(dataset) : [];
    const today = sample.columns.map((name, at) => {
      const field = dataset?.fields.find(({ id }) => id === sample.fieldIds[at]);
      // Of a field that is gone nobody knows any more how secret it is.
      const showing = field ? showingOf(field, keys.includes(name), secrecy.get(field.id)) : 'withheld';
      return { name, showing, secrecy: secrecy.get(sample.fieldIds[at]!), wasMasked: sample.masked.includes(name) };
    });
    return {
      ...sample,
      masked: today.filter(({ showing, wasMasked }) => wasMasked || showing === 'masked').map(({ name }) => name),
      withheld: [...sample.withheld, ...today.filter(({ showing }) => showing === 'withheld').map(({ name }) => name)],
      rows: sample.rows.map((cells) =>
        cells.map((cell, at) => {
          const { showing, secrecy: known, wasMasked } = today[at]!;
          return wasMasked && showing !== 'withheld' ? cell : shownValue(cell, showing, known);
        }),
      ),
    };
  }
}

export const accessCursor = ({ at, id }: SampleAccess): string =>
  encodeCursor('sample-accesses', [at.toISOString(), id]);
