import { createHash } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { type Dimension } from '#core/rule-engine';
import { type ScoreScope, Scores, type TrendStep } from '#quality';
import { ReconciliationFacts } from '#reconciliation';

import { daysOf } from './period.js';
import {
  type Counts,
  GROUPS,
  type QualityReportFacts,
  type ReconciliationReportFacts,
  type RegisteredRule,
  type RegisterFacts,
  type ReportedGroup,
  type ReportedGroups,
  type ReportFacts,
  sumOf,
} from './quality-report.facts.js';
import { type Bounds, QualityReportStore } from './quality-report.store.js';
import { type Report } from './report.js';

/** Gathers what a report says. The same report gathers the same facts, however much later. */
@Injectable()
export class GatherFacts {
  constructor(
    private readonly store: QualityReportStore,
    private readonly scores: Scores,
    private readonly reconciliations: ReconciliationFacts,
  ) {}

  of(report: Report, signal: AbortSignal): Promise<ReportFacts> {
    switch (report.kind) {
      case 'quality':
        return this.quality(report, signal);
      case 'register':
        return this.register(report);
      case 'reconciliation':
        return this.reconciliation(report);
      default:
        return report.kind satisfies never;
    }
  }

  private async register(report: Report): Promise<RegisterFacts> {
    const bounds = await this.store.boundsOf(report, report.knownAt);
    const rules = await this.store.rules(report, bounds, new Date(0));
    return {
      ...{ kind: 'register', period: periodOf(report), knownAt: report.knownAt },
      rules: rules.map((rule) => ({ ...rule, counts: {} })),
    };
  }

  private async reconciliation(report: Report): Promise<ReconciliationReportFacts> {
    const { knownAt, sourceId, domain, owner } = report;
    const { start, end } = await this.store.boundsOf(report, knownAt);
    const all = await this.reconciliations.reportFacts({ from: start, to: end, knownAt });
    return {
      ...{ kind: 'reconciliation', period: periodOf(report), knownAt },
      reconciliations: all
        .filter((each) => sourceId === null || [each.leftSourceId, each.rightSourceId].includes(sourceId))
        .filter((each) => domain === null || [each.leftDomain, each.rightDomain].includes(domain))
        .filter((each) => owner === null || each.owner === owner)
        .map(({ leftSourceName: _, rightSourceName: __, ...each }) => each),
    };
  }

  private async quality(report: Report, signal: AbortSignal): Promise<QualityReportFacts> {
    const period = periodOf(report);
    const bounds = await this.store.boundsOf(period, report.knownAt);
    const known = await this.store.rules(report, bounds, bounds.start);
    signal.throwIfAborted();
    const ruleIds = known.map(({ ruleId }) => ruleId);
    const counted = await this.store.counts(ruleIds, bounds, period.timeZone);
    signal.throwIfAborted();
    const byRule: Record<string, Counts[]> = {};
    const byDimension: Partial<Record<Dimension, Counts[]>> = {};
    for (const { id, ruleId, dimension } of await this.store.versionsOf(Object.keys(counted.versions))) {
      (byRule[ruleId] ??= []).push(counted.versions[id] ?? {});
      (byDimension[dimension] ??= []).push(counted.versions[id] ?? {});
    }
    const rules = known.map((rule): RegisteredRule => ({ ...rule, counts: sumOf(byRule[rule.ruleId] ?? []) }));
    const scope = scopeOf(report);
    const last = new Date(bounds.end.getTime() - 1); // the bound itself belongs to what comes after
    const before = new Date(bounds.start.getTime() - 1);
    const { datasets: _, ...score } = await this.scores.of(scope, last);
    const earlier = await this.scores.of(scope, before);
    const groups = {} as Record<ReportedGroups, readonly ReportedGroup[]>;
    for (const group of GROUPS) {
      signal.throwIfAborted();
      groups[group] = await this.group(group, scope, last, before);
    }
    return {
      ...{ kind: 'quality', period, knownAt: report.knownAt, score, groups, rules },
      runs: (await this.store.runs(Object.keys(counted.runs), bounds.end)).map((run) => ({
        ...run,
        counts: counted.runs[run.runId] ?? {},
      })),
      counts: sumOf(Object.values(counted.days)),
      dimensionsBefore: Object.fromEntries(earlier.dimensions.map(({ dimension, score: value }) => [dimension, value])),
      trend: await this.trend(scope, report, bounds),
      dimensionCounts: Object.fromEntries(
        Object.entries(byDimension).map(([dimension, counts]) => [dimension, sumOf(counts)]),
      ),
      dayCounts: counted.days,
      waivers: await this.store.waivers(ruleIds, bounds),
      incidents: await this.store.incidents(
        ruleIds,
        [...new Set(rules.map(({ sourceId }) => sourceId))].concat(report.sourceId ?? []),
        bounds,
      ),
    };
  }

  private async trend(scope: ScoreScope, { first, last, timeZone }: Report, { end }: Bounds) {
    const step = stepFor(daysOf({ first, last }).length);
    const points = await this.scores.trend(scope, {
      ...{ from: first, to: last, step, timeZone, until: new Date(end.getTime() - 1) },
    });
    return { step, points: points.map(({ sinceBaseline: _, ...point }) => point) };
  }

  private async group(group: ReportedGroups, scope: ScoreScope, at: Date, before: Date): Promise<ReportedGroup[]> {
    const [now, then] = [await this.all(group, scope, at), await this.all(group, scope, before)];
    const scoresThen = new Map(then.map(({ key, score }) => [key, score]));
    return now.map(({ nameEn, nameZh: _, ...score }) => ({
      ...score,
      // Those of sources can be changed; the report's head has them.
      name: group === 'source' ? '' : nameEn,
      before: scoresThen.get(score.key) ?? null,
    }));
  }

  private async all(group: ReportedGroups, scope: ScoreScope, at: Date) {
    const { items } = await this.scores.by(group, scope, { first: MOST_GROUPS }, at);
    return items;
  }
}

/** More groups than that are no table that anybody reads. */
const MOST_GROUPS = 2_000;

const stepFor = (days: number): TrendStep => (days <= 31 ? 'day' : days <= 120 ? 'week' : 'month');

const periodOf = ({ first, last, timeZone }: Report) => ({ first, last, timeZone });

const scopeOf = ({ sourceId, datasetIds, owner }: Report): ScoreScope => ({
  asGroup: true,
  ...(sourceId !== null && { sourceId }),
  ...(datasetIds !== null && { datasetIds }),
  ...(owner !== null && { owner }),
});

/** SHA-256 (hex) of facts as JSON with sorted keys. */
export const factsDigest = (facts: ReportFacts): string =>
  createHash('sha256').update(JSON.stringify(facts, sortedKeys)).digest('hex');

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
