import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#kernel';
import { SETTINGS, type Settings } from '#platform/config';
import { row, rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { JUDGED, SUMS } from './judged-rules.js';

/** Days that are summed up at one call, so that a catalog with years of history does not wait for all of them. */
const DAYS_AT_ONCE = 60;
/** A day is over some minutes after midnight: results are kept within seconds, also those of a slow clock. */
const GRACE_MS = 10 * 60_000;
const MONTHS_AHEAD_MS = 92 * 86_400_000;

/** Keeps the tables of results in order: months made ahead, days that are over summed up. Harmless when done twice. */
@Injectable()
export class ResultUpkeep {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Makes the tables of this month and the next three, and of months that results came for unexpectedly. */
  async makeMonths(): Promise<number> {
    return this.db.transaction(async (tx) => {
      // Whoever reads results goes before: this is tried again within the hour.
      await tx.query(`SET LOCAL lock_timeout = '5s'`);
      const now = this.clock.now();
      const unexpected = await rows<{ at: Date }>(
        tx,
        `SELECT min(finished_at) AS at FROM quality.result_other GROUP BY date_trunc('month', finished_at AT TIME ZONE 'UTC')`,
      );
      const spans = [[now, new Date(now.getTime() + MONTHS_AHEAD_MS)], ...unexpected.map(({ at }) => [at, at])];
      let made = 0;
      for (const span of spans)
        made += (await row<{ made: number }>(tx, `SELECT quality.make_result_months($1, $2) AS made`, span))?.made ?? 0;
      return made;
    });
  }

  /** Keeps the sums of scores of days that are over and have none, the latest first. Gives how many days it kept. */
  async sumUpDays(): Promise<number> {
    const missing = await rows<{ at: Date }>(
      this.db,
      `
      SELECT at
        FROM (SELECT (day + 1)::timestamp AT TIME ZONE $1 - interval '1 millisecond' AS at
                FROM generate_series((SELECT min(day) FROM quality.rule_day), ($2::timestamptz AT TIME ZONE $1)::date, '1 day') AS each,
                     CAST(each AS date) AS day) AS ended
       WHERE at < $2 AND NOT EXISTS (SELECT 1 FROM quality.score_moment AS moment WHERE moment.at = ended.at)
       ORDER BY at DESC LIMIT ${DAYS_AT_ONCE}
      `,
      [this.settings.timeZone, new Date(this.clock.now().getTime() - GRACE_MS)],
    );
    for (const { at } of missing) await this.sumUp(at);
    return missing.length;
  }

  private async sumUp(at: Date): Promise<void> {
    await this.db.transaction(async (tx) => {
      // Results that come meanwhile wait, and take these sums away again when they are older than the moment.
      await tx.query(`LOCK TABLE quality.score_moment IN SHARE ROW EXCLUSIVE MODE`);
      const [added] = await rows(
        tx,
        `INSERT INTO quality.score_moment (at) VALUES ($1) ON CONFLICT DO NOTHING RETURNING at`,
        [at],
      );
      if (added === undefined) return;
      await tx.query(
        `
        ${JUDGED}
        INSERT INTO quality.score_point (at, scope, scope_id, dimension, planned, evaluated, failed_s1, weight, weighted)
        SELECT at,
               CASE WHEN GROUPING(source_id) = 0 THEN 'source' WHEN GROUPING(dataset_id) = 0 THEN 'dataset'
                    WHEN GROUPING(owner) = 0 THEN 'owner' ELSE 'all' END,
               coalesce(source_id::text, dataset_id::text, owner, ''), coalesce(dimension, ''), ${SUMS}
          FROM judged
         GROUP BY GROUPING SETS ((at), (at, dimension), (at, source_id), (at, source_id, dimension), (at, dataset_id),
                                 (at, dataset_id, dimension), (at, owner), (at, owner, dimension))
        `,
        [[at], null, null, null, null, null],
      );
    });
  }
}
