import { DIMENSIONS } from '#core/rule-engine';

import { daysOf } from '../period.js';
import {
  type Counts,
  GROUPS,
  type QualityReportFacts,
  type RegisteredRule,
  type ReportedGroup,
  type ReportedGroups,
  type ReportHead,
  STATUSES,
  sumOf,
  totalOf,
} from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { type Block, type Cell, type ReportDocument, type Section, text } from './document.js';
import { headOf } from './head.js';
import { incidentSection, waiverSection } from './incident-section.js';
import { Words } from './words.js';

/** A longer period is told by months: nobody reads a line for each day of a year. */
const MOST_DAYS = 62;
const WORST_RULES = 100;
const SHOWN_STATEMENTS = 100;

/** The quality report (数据质量报告). */
export function qualityDocument(facts: QualityReportFacts, head: ReportHead, language: Language): ReportDocument {
  const words = new Words(language, facts.period.timeZone);
  const { texts } = words;
  const parts = new Parts(facts, head, words);
  return {
    lang: texts.lang,
    title: texts.title,
    about: `${words.aboutOf(head)} · ${facts.period.first} ${texts.to} ${facts.period.last}`,
    head: [
      ...headOf(head, facts.period, facts.knownAt, words),
      ...(facts.runs.length === 0 ? [{ text: texts.empty, tone: 'notice' as const }] : []),
    ],
    sections: [
      parts.summary(),
      parts.trend(),
      parts.dimensions(),
      ...GROUPS.flatMap((group) => parts.group(group)),
      parts.days(),
      parts.causes(),
      incidentSection(facts, head, words),
      waiverSection(facts, words),
      parts.register(),
      parts.sources(),
      parts.runs(),
      parts.statements(),
    ],
  };
}

class Parts {
  constructor(
    private readonly facts: QualityReportFacts,
    private readonly head: ReportHead,
    private readonly words: Words,
  ) {}

  summary(): Section {
    const { facts, words } = this;
    const { texts } = words;
    const { score, coverage, planned, evaluated } = facts.score;
    return {
      heading: texts.summary,
      short: texts.summary,
      blocks: [
        {
          facts: [
            [texts.score, words.share(score, 'score')],
            [
              texts.coverage,
              {
                ...words.share(coverage, 'coverage'),
                text: `${words.share(coverage).text} (${evaluated} / ${planned})`,
              },
            ],
          ],
        },
        {
          table: {
            columns: [texts.runs, texts.results, ...this.statusTitles()].map((title) => ({ title, width: 1 })),
            rows: [
              [
                words.count(facts.runs.length, 'runs'),
                words.count(totalOf(facts.counts), 'results'),
                ...this.statusCells(facts.counts, 'status'),
              ],
            ],
          },
        },
        { text: texts.scoreNote, tone: 'note' },
      ],
    };
  }

  trend(): Section {
    const { facts, words } = this;
    const { texts } = words;
    return {
      heading: texts.scoreTrend,
      short: texts.scoreTrend,
      blocks: [
        { line: facts.trend.points.map(({ from, score }) => ({ name: from, share: score })) },
        {
          table: {
            columns: [
              { title: texts.steps[facts.trend.step], width: 2 },
              { title: texts.until, width: 2 },
              ...[texts.score, texts.change, texts.coverage, texts.evaluated, texts.planned].map((title) => ({
                title,
                width: 1.2,
              })),
            ],
            rows: facts.trend.points.map((point) => [
              text(point.from),
              words.time(point.at),
              words.share(point.score, `score:${point.from}`),
              words.change(point.change),
              words.share(point.coverage, `coverage:${point.from}`),
              words.count(point.evaluated, `evaluated:${point.from}`),
              words.count(point.planned, `planned:${point.from}`),
            ]),
          },
        },
      ],
    };
  }

  dimensions(): Section {
    const { facts, words } = this;
    const { texts } = words;
    const used = DIMENSIONS.filter(
      (dimension) =>
        facts.dimensionCounts[dimension] !== undefined ||
        facts.score.dimensions.some((each) => each.dimension === dimension),
    );
    return {
      heading: texts.byDimension,
      short: texts.byDimension,
      blocks: [
        {
          table: {
            columns: [
              { title: texts.dimension, width: 1.6 },
              ...[texts.score, texts.change, texts.coverage, ...this.statusTitles()].map((title) => ({
                title,
                width: 1.1,
              })),
            ],
            rows: used.map((dimension) => {
              const score = facts.score.dimensions.find((each) => each.dimension === dimension);
              return [
                text(texts.dimensions[dimension]),
                words.share(score?.score ?? null, `score:${dimension}`),
                words.change(difference(score?.score ?? null, facts.dimensionsBefore[dimension] ?? null)),
                words.share(score?.coverage ?? null, `coverage:${dimension}`),
                ...this.statusCells(facts.dimensionCounts[dimension] ?? {}, dimension),
              ];
            }),
          },
        },
        { text: texts.changeNote, tone: 'note' },
      ],
    };
  }

  /** None for a single source, or where nobody wrote down domains. */
  group(group: ReportedGroups): Section[] {
    const { facts, words, head } = this;
    const { texts } = words;
    const found = facts.groups[group];
    if (group === 'source' && head.report.sourceId !== null) return [];
    if (found.every(({ key }) => key === '')) return [];
    const nameOf = ({ key, name }: ReportedGroup): string =>
      group === 'source' ? (head.sources[key] ?? key) : name === '' ? texts.none : name;
    return [
      {
        heading: texts.byGroup[group],
        short: texts.byGroup[group],
        blocks: [
          {
            table: {
              leftOut: texts.leftOut,
              columns: [
                { title: texts.groups[group], width: 4 },
                ...[texts.score, texts.change, texts.coverage, texts.evaluated, texts.planned, texts.failedS1].map(
                  (title) => ({
                    ...{ title, width: 1.3 },
                  }),
                ),
              ],
              rows: found.map((each) => [
                text(nameOf(each)),
                {
                  ...words.share(each.score, `score:${group}:${each.key}`),
                  ...(each.capped && {
                    text: `${words.share(each.score).text} (${texts.uncapped} ${words.share(each.uncapped).text})`,
                  }),
                },
                words.change(difference(each.score, each.before)),
                words.share(each.coverage, `coverage:${group}:${each.key}`),
                words.count(each.evaluated, `evaluated:${group}:${each.key}`),
                words.count(each.planned, `planned:${group}:${each.key}`),
                words.count(each.failedS1, `failedS1:${group}:${each.key}`),
              ]),
            },
          },
          ...(found.some(({ capped }) => capped) ? [{ text: texts.cappedNote, tone: 'note' as const }] : []),
        ],
      },
    ];
  }

  days(): Section {
    const { facts, words } = this;
    const { texts } = words;
    const days = daysOf(facts.period);
    const byMonth = days.length > MOST_DAYS;
    const names = byMonth ? [...new Set(days.map((day) => day.slice(0, 7)))] : days;
    const counts = byMonth ? byMonths(facts.dayCounts) : facts.dayCounts;
    return {
      heading: byMonth ? texts.trendByMonth : texts.trend,
      short: byMonth ? texts.trendByMonth : texts.trend,
      blocks: [
        { days: { names, counts } },
        {
          table: {
            columns: [byMonth ? texts.month : texts.day, ...this.statusTitles()].map((title) => ({ title, width: 1 })),
            rows: names
              .filter((name) => counts[name] !== undefined)
              .map((name) => [text(name), ...this.statusCells(counts[name] ?? {}, name)]),
          },
        },
      ],
    };
  }

  causes(): Section {
    const { facts, words } = this;
    const { texts } = words;
    const failed = facts.rules
      .filter(({ counts }) => (counts.fail ?? 0) > 0)
      .sort((a, b) => (b.counts.fail ?? 0) - (a.counts.fail ?? 0) || a.severity.localeCompare(b.severity));
    if (failed.length === 0)
      return { heading: texts.causes, short: texts.causes, blocks: [{ text: texts.noFailures }] };
    const causes = Map.groupBy(
      facts.incidents.filter(({ cause }) => cause !== null),
      ({ cause }) => cause ?? '',
    );
    const kinds = [...Map.groupBy(failed, ({ kind }) => kind)]
      .map(([kind, rules]) => ({
        kind,
        rules: rules.length,
        fails: sumOf(rules.map(({ counts }) => counts)).fail ?? 0,
      }))
      .sort((a, b) => b.fails - a.fails);
    return {
      heading: texts.causes,
      short: texts.causes,
      blocks: [
        {
          table: {
            columns: [
              { title: texts.kind, width: 4 },
              { title: texts.failedRules, width: 1 },
              { title: texts.failures, width: 1 },
            ],
            rows: kinds.map(({ kind, rules, fails }) => [
              text(words.kindOf(kind)),
              words.count(rules, `failedRules:${kind}`),
              words.count(fails, `failures:${kind}`),
            ]),
          },
        },
        ...(causes.size === 0
          ? []
          : [
              {
                table: {
                  columns: [
                    { title: texts.cause, width: 4 },
                    { title: texts.incidents, width: 1 },
                  ],
                  rows: [...causes]
                    .sort(([, a], [, b]) => b.length - a.length)
                    .map(([cause, of]) => [
                      text(texts.causeKinds[cause] ?? cause),
                      words.count(of.length, `cause:${cause}`),
                    ]),
                },
              },
            ]),
        { text: texts.worstRules(Math.min(WORST_RULES, failed.length)) },
        {
          table: {
            columns: [
              { title: texts.rule, width: 3 },
              { title: texts.dataset, width: 3 },
              { title: texts.fields, width: 2 },
              ...[texts.severity, texts.failures, texts.lastViolations, texts.checked].map((title) => ({
                title,
                width: 1.2,
              })),
            ],
            rows: failed
              .slice(0, WORST_RULES)
              .map((rule) => [
                text(words.nameOf(rule)),
                text(rule.datasetName),
                text(rule.fieldNames.join(', ')),
                text(rule.severity),
                words.count(rule.counts.fail ?? 0, `failures:${rule.ruleId}`),
                words.count(rule.last?.violations ?? null, `violations:${rule.ruleId}`),
                words.count(rule.last?.checked ?? null, `checked:${rule.ruleId}`),
              ]),
          },
        },
      ],
    };
  }

  register(): Section {
    const { facts, words } = this;
    const { texts } = words;
    if (facts.rules.length === 0)
      return { heading: texts.register, short: texts.register, blocks: [{ text: texts.noRules }] };
    return {
      heading: texts.register,
      short: texts.register,
      blocks: [
        {
          table: {
            leftOut: texts.leftOut,
            columns: [
              { title: texts.rule, width: 3 },
              { title: texts.dataset, width: 3 },
              { title: texts.fields, width: 2 },
              { title: texts.kind, width: 2 },
              { title: texts.dimension, width: 1.3 },
              { title: texts.severity, width: 1 },
              { title: texts.version, width: 0.9 },
              { title: texts.owner, width: 1.4 },
              { title: texts.status, width: 1.4 },
              { title: texts.finding, width: 3.4 },
              { title: texts.finishedAt, width: 1.8 },
            ],
            rows: facts.rules.map((rule) => this.rule(rule)),
          },
        },
      ],
    };
  }

  private rule(rule: RegisteredRule): readonly Cell[] {
    const { words } = this;
    const { texts } = words;
    const notes = [...(rule.enabled ? [] : [texts.switchedOff]), ...(rule.retired ? [texts.retired] : [])];
    return [
      text([words.nameOf(rule), ...notes.map((note) => `(${note})`)].join(' ')),
      text(rule.datasetName),
      text(rule.fieldNames.join(', ')),
      text(words.kindOf(rule.kind)),
      text(texts.dimensions[rule.dimension]),
      text(rule.severity),
      words.count(rule.version),
      text(rule.owner),
      {
        text: rule.last === null ? texts.didNotRun : texts.statuses[rule.last.status],
        figure: `last:${rule.ruleId}`,
        ...(rule.last?.status === 'fail' && { tone: 'fail' as const }),
      },
      text(rule.last === null ? '' : words.language === 'zh' ? rule.last.sentenceZh : rule.last.sentenceEn),
      words.time(rule.last?.finishedAt ?? null),
    ];
  }

  /** How each number came about, for whoever wants to derive it again. */
  sources(): Section {
    const { texts } = this.words;
    return {
      heading: texts.sources,
      short: texts.sources,
      blocks: [
        {
          table: {
            columns: [
              { title: texts.figure, width: 1.5 },
              { title: texts.derivation, width: 5 },
            ],
            rows: texts.derivations.map((line) => line.map(text)),
          },
        },
      ],
    };
  }

  runs(): Section {
    const { facts, words } = this;
    const { texts } = words;
    return {
      heading: texts.runLog,
      short: texts.runLog,
      blocks: [
        { text: texts.runLogNote, tone: 'note' },
        {
          table: {
            leftOut: texts.leftOut,
            columns: [
              { title: texts.runId, width: 2.6 },
              { title: texts.ruleSet, width: 1.6 },
              { title: texts.startedAt, width: 1.8 },
              { title: texts.finishedAt, width: 1.8 },
              { title: texts.requestedBy, width: 1.4 },
              ...this.statusTitles().map((title) => ({ title, width: 0.8 })),
              { title: texts.digest, width: 3.4 },
            ],
            rows: facts.runs.map((run) => [
              text(run.runId),
              text(run.ruleSetName ?? ''),
              words.time(run.requestedAt),
              words.time(run.finishedAt),
              text(run.requestedBy),
              ...this.statusCells(run.counts, `run:${run.runId}`),
              text(run.digest ?? ''),
            ]),
          },
        },
      ],
    };
  }

  /** What was asked for the rules that failed last, exactly. */
  statements(): Section {
    const { facts, words } = this;
    const { texts } = words;
    const blocks = facts.rules
      .filter(({ last }) => last !== null && last.status === 'fail')
      .slice(0, SHOWN_STATEMENTS)
      .map((rule): Block => ({
        title: `${words.nameOf(rule)} · ${rule.datasetName}`,
        code: (rule.last?.statements ?? [])
          .map(({ sql, params }) =>
            params.length === 0 ? sql : `${sql}\n-- ${texts.parameters}: ${JSON.stringify(params)}`,
          )
          .join('\n'),
      }));
    return {
      heading: texts.statementsTitle,
      short: texts.sql,
      blocks: [{ text: texts.statementsNote, tone: 'note' }, ...blocks],
    };
  }

  private statusTitles(): readonly string[] {
    return STATUSES.map((status) => this.words.texts.statuses[status]);
  }

  private statusCells(counts: Counts, of: string): readonly Cell[] {
    return STATUSES.map((status) => this.words.count(counts[status] ?? 0, `${of}:${status}`));
  }
}

function byMonths(days: Readonly<Record<string, Counts>>): Readonly<Record<string, Counts>> {
  const months = Map.groupBy(Object.entries(days), ([day]) => day.slice(0, 7));
  return Object.fromEntries([...months].map(([month, of]) => [month, sumOf(of.map(([, counts]) => counts))]));
}

const difference = (now: number | null, before: number | null): number | null =>
  now === null || before === null ? null : now - before;
