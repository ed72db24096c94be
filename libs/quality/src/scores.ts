import { Inject, Injectable } from '@nestjs/common';
import { type Dimension } from '#core/rule-engine';
import { Clock, decodeCursor, encodeCursor, InvalidInput, type Page, type PageRequest } from '#kernel';
import { SETTINGS, type Settings } from '#platform/config';
import { rows } from '#platform/database';
import { DataSource } from 'typeorm';

import { JUDGED, SUMS } from './judged-rules.js';
import {
  type GroupScore,
  isAsset,
  type QualityScore,
  type Score,
  type ScoreGroup,
  scoreOf,
  type ScoreScope,
  type Sums,
  type TrendPoint,
  type TrendStep,
} from './score.js';

export interface TrendWish {
  /** First and last day, as 2026-06-01. */
  readonly from: string;
  readonly to: string;
  /** Whose days they are; the catalog's (the setting `timeZone`), of which sums are kept, when not given. */
  readonly timeZone?: string;
  /** The last point is of no later than this; of now when not given. */
  readonly until?: Date;
  readonly step: TrendStep;
  readonly dimension?: Dimension;
  /** The day whose end the points are compared with; the first point when not given. */
  readonly baseline?: string;
}

interface Group extends Sums {
  readonly dimension: Dimension | null;
  readonly datasetId: string | null;
  readonly datasetName: string | null;
}

interface Moment extends Sums {
  readonly from: string;
  readonly at: Date;
  /** Whether the sums were kept when the moment was over. */
  readonly kept: boolean;
}

/** Live moments that one statement tells at once. */
const AT_ONCE = 31;
const MOST_POINTS = 1_200;

/** How good data is, as far as its rules say, now or at any time before. */
@Injectable()
export class Scores {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  ofSource(sourceId: string, at?: Date): Promise<QualityScore> {
    return this.of({ sourceId }, at);
  }

  ofDataset(datasetId: string, at?: Date): Promise<QualityScore> {
    return this.of({ datasetIds: [datasetId] }, at);
  }

  /** With its dimensions and datasets. */
  async of(scope: ScoreScope, at: Date = this.clock.now()): Promise<QualityScore> {
    const groups = await rows<Group>(
      this.db,
      `
      ${JUDGED}, summed AS (
        SELECT dimension, dataset_id, min(qualified_name) AS name, ${SUMS}
          FROM judged GROUP BY GROUPING SETS ((), (dimension), (dataset_id))
      )
      SELECT dimension, dataset_id AS "datasetId", name AS "datasetName", ${OF_SUMS}
        FROM summed ORDER BY dimension NULLS FIRST, name
      `,
      await this.paramsOf(scope, [at]),
    );
    const none: Sums = { planned: 0, evaluated: 0, failedS1: 0, uncapped: null };
    const whole = groups.find(({ dimension, datasetId }) => dimension === null && datasetId === null) ?? none;
    return {
      ...scoreOf(whole, isAsset(scope)),
      at,
      dimensions: groups.flatMap((group) =>
        group.dimension === null ? [] : [{ ...scoreOf(group, false), dimension: group.dimension }],
      ),
      datasets: groups.flatMap((group) =>
        group.datasetId === null || group.datasetName === null
          ? []
          : [{ ...scoreOf(group, true), datasetId: group.datasetId, datasetName: group.datasetName }],
      ),
    };
  }

  /** The scores of each rule, field, owner … within a scope, the worst first; those without a score come last. */
  async by(group: ScoreGroup, scope: ScoreScope, page: PageRequest, at: Date = this.clock.now()) {
    const { first, after } = page;
    const [score = null, key = null] = after === undefined ? [] : decodeCursor('scores', after);
    const { key: keyed, names, join } = GROUPS[group];
    const found = await rows<Sums & { key: string; nameEn: string; nameZh: string; total: number }>(
      this.db,
      `
      ${JUDGED}, summed AS (
        SELECT ${keyed} AS key, ${SUMS} FROM judged ${join} GROUP BY ${keyed}
      ), scored AS (
        SELECT key, ${OF_SUMS}, (count(*) OVER ())::int AS total FROM summed
      )
      SELECT scored.*, ${names} FROM scored ${NAMED[group]}
       WHERE $8::text IS NULL OR (coalesce(uncapped, 2), key) > ($7::float8, $8)
       ORDER BY coalesce(uncapped, 2), key LIMIT $9
      `,
      [...(await this.paramsOf(scope, [at])), score, key, first + 1],
    );
    const ofAsset = group === 'rule' || group === 'field' || group === 'dataset';
    const items = found.slice(0, first).map(({ key: id, nameEn, nameZh, total: _, ...sums }): GroupScore => ({
      ...{ key: id, nameEn, nameZh },
      ...scoreOf(sums, ofAsset),
    }));
    const result: Page<GroupScore> = { items, hasNext: found.length > first, total: found[0]?.total ?? 0 };
    return result;
  }

  /** The scores at some moments, in their order. */
  async at(scope: ScoreScope, moments: readonly Date[], dimension?: Dimension): Promise<Score[]> {
    const sums = await this.live(await this.paramsOf(scope, []), moments, dimension);
    return moments.map((at) => scoreOf(sums.get(at.getTime())!, isAsset(scope) && dimension === undefined));
  }

  /** The score over time: one point for each day, week (from Monday) or month. @throws {InvalidInput} */
  async trend(scope: ScoreScope, wish: TrendWish): Promise<TrendPoint[]> {
    const params = await this.paramsOf(scope, []);
    const moments = await this.moments(scope, params, wish);
    const missing = moments.filter(({ kept }) => !kept).map(({ at }) => at);
    const live = await this.live(params, missing, wish.dimension);
    const ofAsset = isAsset(scope) && wish.dimension === undefined;
    const baseline = wish.baseline === undefined ? undefined : await this.baselineOf(scope, wish);
    const points = moments.map(({ from, at, kept, ...sums }) => ({
      ...{ from, at },
      ...scoreOf(kept ? sums : live.get(at.getTime())!, ofAsset),
    }));
    const base = baseline === undefined ? (points[0]?.score ?? null) : baseline;
    return points.map((point, index) => ({
      ...point,
      change: difference(point.score, points[index - 1]?.score ?? null),
      sinceBaseline: difference(point.score, base),
    }));
  }

  private async baselineOf(scope: ScoreScope, { baseline = '', dimension }: TrendWish): Promise<number | null> {
    const [point] = await this.trend(scope, {
      ...{ from: baseline, to: baseline, step: 'day' },
      ...(dimension !== undefined && { dimension }),
    });
    return point?.score ?? null;
  }

  /** The last moment of each step that has begun, with the sums that were kept of it. */
  private async moments(scope: ScoreScope, params: readonly unknown[], wish: TrendWish): Promise<Moment[]> {
    const { from, to, step, dimension } = wish;
    for (const [at, day] of Object.entries({ from, to, baseline: wish.baseline ?? from }))
      if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)))
        throw new InvalidInput(`${JSON.stringify(day)} is no day; write it as 2026-06-30.`, [], [at]);
    if (from > to) throw new InvalidInput('The trend ends before it begins.', [], ['to']);
    if ((Date.parse(to) - Date.parse(from)) / 86_400_000 > MOST_POINTS)
      throw new InvalidInput(`A trend has at most ${MOST_POINTS} days.`, [], ['from']);
    const kept = keptScope(scope, params[1] as string[] | null);
    return rows<Moment>(
      this.db,
      `
      WITH step AS (
        SELECT first, least((first + $4::interval)::timestamp AT TIME ZONE $3 - interval '1 millisecond', $5) AS at
          FROM generate_series(date_trunc($6, $1::timestamp), $2::timestamp, $4::interval) AS first
         WHERE first AT TIME ZONE $3 <= $5
      )
      SELECT to_char(first, 'YYYY-MM-DD') AS from, step.at, $7::text IS NOT NULL AND moment.at IS NOT NULL AS kept,
             summed.planned, summed.evaluated, summed.failed_s1 AS "failedS1",
             (summed.weighted / nullif(summed.weight, 0))::float8 AS uncapped
        FROM step
        LEFT JOIN quality.score_moment AS moment ON moment.at = step.at
       CROSS JOIN LATERAL (
              SELECT coalesce(sum(planned), 0)::int AS planned, coalesce(sum(evaluated), 0)::int AS evaluated,
                     coalesce(sum(failed_s1), 0)::int AS failed_s1, sum(weight) AS weight, sum(weighted) AS weighted
                FROM quality.score_point AS point
               WHERE moment.at IS NOT NULL AND point.scope = $7 AND point.scope_id = ANY ($8) AND point.dimension = $9
                 AND point.at = step.at
            ) AS summed
       ORDER BY first
      `,
      [
        ...[from, to, wish.timeZone ?? this.settings.timeZone, `1 ${step}`, wish.until ?? this.clock.now(), step],
        ...[kept?.scope ?? null, kept?.ids ?? [], dimension ?? ''],
      ],
    );
  }

  /** The sums at some moments, told from days and results, by the moment's time. */
  private async live(params: readonly unknown[], moments: readonly Date[], dimension?: Dimension) {
    const sums = new Map<number, Sums>(
      moments.map((at) => [at.getTime(), { planned: 0, evaluated: 0, failedS1: 0, uncapped: null }]),
    );
    for (let from = 0; from < moments.length; from += AT_ONCE) {
      const found = await rows<Sums & { at: Date }>(
        this.db,
        `
        ${JUDGED}, summed AS (
          SELECT at, ${SUMS} FROM judged WHERE $7::text IS NULL OR dimension = $7 GROUP BY at
        )
        SELECT at, ${OF_SUMS} FROM summed
        `,
        [moments.slice(from, from + AT_ONCE), ...params, dimension ?? null],
      );
      for (const { at, ...each } of found) sums.set(at.getTime(), each);
    }
    return sums;
  }

  /** `$1` to `$6` of {@link JUDGED}; without moments, from `$2`. */
  private async paramsOf(scope: ScoreScope, moments: readonly Date[]): Promise<unknown[]> {
    const { sourceId = null, datasetIds, fieldId = null, ruleIds = null, owner = null, domain } = scope;
    const ofDomain = domain === undefined ? undefined : await this.datasetsOfDomain(domain);
    const both = datasetIds && ofDomain ? datasetIds.filter((id) => ofDomain.includes(id)) : (datasetIds ?? ofDomain);
    return [...(moments.length > 0 ? [moments] : []), sourceId, both ?? null, fieldId, ruleIds, owner];
  }

  /** The datasets with rules of the sources of a domain. */
  async datasetsOfDomain(domain: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.db,
      `
      SELECT dataset.id FROM dictionary.dataset JOIN sources.source ON source.id = dataset.source_id
       WHERE source.domain = $1 AND EXISTS (SELECT 1 FROM quality.rule WHERE rule.dataset_id = dataset.id)
       ORDER BY dataset.id
      `,
      [domain],
    );
    return found.map(({ id }) => id);
  }
}

export const scoreCursor = ({ uncapped, key }: GroupScore): string =>
  encodeCursor('scores', [String(uncapped ?? 2), key]);

const OF_SUMS = `
  planned, evaluated, failed_s1 AS "failedS1", (weighted / nullif(weight, 0))::float8 AS uncapped`;

const difference = (score: number | null, before: number | null): number | null =>
  score === null || before === null ? null : score - before;

/** Which kept sums tell a scope, or none. */
function keptScope(scope: ScoreScope, datasetIds: readonly string[] | null) {
  const { sourceId, fieldId, ruleIds, owner } = scope;
  if (fieldId !== undefined || ruleIds !== undefined) return undefined;
  const asked = [sourceId, datasetIds ?? undefined, owner].filter((each) => each !== undefined).length;
  if (asked === 0) return { scope: 'all', ids: [''] };
  if (asked > 1) return undefined;
  if (sourceId !== undefined) return { scope: 'source', ids: [sourceId] };
  if (owner !== undefined) return { scope: 'owner', ids: [owner] };
  return { scope: 'dataset', ids: datasetIds };
}

/** How judged rules fall into groups: the key, and what it is called. */
const GROUPS: Readonly<Record<ScoreGroup, { readonly key: string; readonly join: string; readonly names: string }>> = {
  rule: {
    key: 'rule_id::text',
    join: '',
    names: `coalesce(nullif(named.name_en, ''), named.name_zh) AS "nameEn", coalesce(nullif(named.name_zh, ''), named.name_en) AS "nameZh"`,
  },
  dimension: { key: 'dimension', join: '', names: 'key AS "nameEn", key AS "nameZh"' },
  field: {
    key: 'field.id::text',
    join: 'CROSS JOIN LATERAL unnest(field_ids) AS field (id)',
    names: `named.name AS "nameEn", named.name AS "nameZh"`,
  },
  dataset: {
    key: 'dataset_id::text',
    join: '',
    names: `named.qualified_name AS "nameEn", named.qualified_name AS "nameZh"`,
  },
  domain: {
    key: 'of_domain.domain',
    join: 'JOIN sources.source AS of_domain ON of_domain.id = judged.source_id',
    names: 'key AS "nameEn", key AS "nameZh"',
  },
  owner: { key: 'owner', join: '', names: 'key AS "nameEn", key AS "nameZh"' },
  source: { key: 'source_id::text', join: '', names: 'named.name AS "nameEn", named.name AS "nameZh"' },
};

const NAMED: Readonly<Record<ScoreGroup, string>> = {
  rule: 'JOIN quality.current_rule AS named ON named.id = key::uuid',
  dimension: '',
  field: `JOIN (SELECT field.id, dataset.qualified_name || '.' || field.name AS name
                  FROM dictionary.field JOIN dictionary.dataset ON dataset.id = field.dataset_id) AS named ON named.id = key::uuid`,
  dataset: 'JOIN dictionary.dataset AS named ON named.id = key::uuid',
  domain: '',
  owner: '',
  source: 'JOIN sources.source AS named ON named.id = key::uuid',
};
