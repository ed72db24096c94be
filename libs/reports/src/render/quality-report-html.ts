import { DIMENSIONS } from '#core/rule-engine';

import { daysOf, localTime } from '../period.js';
import { type QualityReportFacts, type RegisteredRule, STATUSES, totalOf } from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { Html, markup } from './markup.js';
import { named, percent, type Texts, textsIn } from './texts.js';
import { trend } from './trend.js';

const STYLE = `
  :root { color-scheme: light; }
  body { font: 14px/1.5 "Noto Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; color: #1d2129;
         margin: 2rem auto; max-width: 1100px; padding: 0 1rem; }
  h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
  table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #ccd0d8; padding: .3rem .5rem;
         text-align: left; vertical-align: top; overflow-wrap: anywhere; }
  th { background: #f2f4f7; } td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: #5a6270; } dd { margin: 0; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f7f8fa; padding: .5rem; margin: .3rem 0; font-size: 12px; }
  .note, .legend { color: #5a6270; } .legend span { margin-right: 1rem; } .empty { border: 1px solid #d9a400; padding: .7rem; }
  .fail { color: #a52a1e; font-weight: 600; } svg { max-width: 100%; height: auto; } .legend svg { width: 10px; }
  article { break-inside: avoid; border-top: 1px solid #ccd0d8; padding: .5rem 0; }
  @media print { body { margin: 0; max-width: none; font-size: 11px; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
`;

/** The report as one page that needs nothing else: to read, to print, to keep. */
export function qualityReportHtml(facts: QualityReportFacts, language: Language): string {
  const texts = textsIn(language);
  const page = new Page(facts, language, texts);
  const { first, last } = facts.period;
  return markup`<!doctype html>
<html lang="${texts.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title} · ${facts.sourceName} · ${first} ${texts.to} ${last}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
${[page.header(), page.summary(), page.dimensions(), page.trend(), page.failing(), page.incidents(), page.register()]}
</body>
</html>
`.text;
}

class Page {
  constructor(
    private readonly facts: QualityReportFacts,
    private readonly language: Language,
    private readonly texts: Texts,
  ) {}

  header(): Html {
    const { texts, facts } = this;
    const { first, last, timeZone } = facts.period;
    return markup`<h1>${texts.title}</h1>
<dl>
<dt>${texts.source}</dt><dd>${facts.sourceName} (${facts.sourceKind}, ${facts.namespace})</dd>
<dt>${texts.period}</dt><dd>${first} ${texts.to} ${last}</dd>
<dt>${texts.timeZone}</dt><dd>${timeZone}</dd>
<dt>${texts.madeAt}</dt><dd>${this.time(facts.madeAt)}</dd>
<dt>${texts.requestedBy}</dt><dd>${facts.requestedBy}</dd>
<dt>${texts.reportId}</dt><dd>${facts.reportId}</dd>
</dl>
<p class="note">${texts.basis}</p>
${facts.runs === 0 ? markup`<p class="empty">${texts.empty}</p>` : ''}`;
  }

  summary(): Html {
    const { texts, facts } = this;
    const { score, coverage, planned, evaluated } = facts.score;
    return markup`<h2>${texts.summary}</h2>
${this.table(
  [texts.runs, texts.results, ...STATUSES.map((status) => texts.statuses[status])],
  [
    [
      figure('runs', facts.runs),
      figure('results', totalOf(facts.counts)),
      ...STATUSES.map((status) => figure(`status:${status}`, facts.counts[status] ?? 0)),
    ],
  ],
)}
<dl>
<dt>${texts.score}</dt><dd data-figure="score">${percent(score, texts)}</dd>
<dt>${texts.coverage}</dt><dd data-figure="coverage">${percent(coverage, texts)} (${evaluated} / ${planned})</dd>
</dl>
<p class="note">${texts.scoreNote}</p>`;
  }

  dimensions(): Html {
    const { texts, facts } = this;
    const used = DIMENSIONS.filter(
      (dimension) =>
        facts.dimensionCounts[dimension] !== undefined ||
        facts.score.dimensions.some((each) => each.dimension === dimension),
    );
    return markup`<h2>${texts.byDimension}</h2>
${this.table(
  [texts.dimension, texts.score, texts.coverage, ...STATUSES.map((status) => texts.statuses[status])],
  used.map((dimension) => {
    const score = facts.score.dimensions.find((each) => each.dimension === dimension);
    const counts = facts.dimensionCounts[dimension] ?? {};
    return [
      markup`<td>${texts.dimensions[dimension]}</td>`,
      figure(`score:${dimension}`, percent(score?.score ?? null, texts)),
      figure(`coverage:${dimension}`, percent(score?.coverage ?? null, texts)),
      ...STATUSES.map((status) => figure(`${dimension}:${status}`, counts[status] ?? 0)),
    ];
  }),
)}`;
  }

  trend(): Html {
    const { texts, facts } = this;
    const days = daysOf(facts.period);
    return markup`<h2>${texts.trend}</h2>
${trend(days, facts.dayCounts, texts)}
${this.table(
  [texts.day, ...STATUSES.map((status) => texts.statuses[status])],
  days
    .filter((day) => facts.dayCounts[day] !== undefined)
    .map((day) => [
      markup`<td>${day}</td>`,
      ...STATUSES.map((status) => figure(`${day}:${status}`, facts.dayCounts[day]?.[status] ?? 0)),
    ]),
)}`;
  }

  failing(): Html {
    const { texts, facts } = this;
    const failed = facts.rules.filter(({ counts }) => (counts.fail ?? 0) > 0);
    if (failed.length === 0) return markup`<h2>${texts.failing}</h2><p>${texts.noFailures}</p>`;
    return markup`<h2>${texts.failing}</h2>
${this.table(
  [texts.rule, texts.dataset, texts.fields, texts.severity, texts.failures, texts.lastViolations, texts.checked],
  failed.map((rule) => [
    markup`<td>${this.nameOf(rule)}</td>`,
    markup`<td>${rule.datasetName}</td>`,
    markup`<td>${rule.fieldNames.join(', ')}</td>`,
    markup`<td>${rule.severity}</td>`,
    figure(`failures:${rule.ruleId}`, rule.counts.fail ?? 0),
    figure(`violations:${rule.ruleId}`, rule.last?.violations ?? '–'),
    figure(`checked:${rule.ruleId}`, rule.last?.checked ?? '–'),
  ]),
)}`;
  }

  incidents(): Html {
    const { texts, facts } = this;
    if (facts.incidents.length === 0) return markup`<h2>${texts.incidents}</h2><p>${texts.noIncidents}</p>`;
    const headings = [texts.kind, texts.severity, texts.about, texts.openedAt, texts.acknowledgedAt];
    return markup`<h2>${texts.incidents}</h2>
${this.table(
  [...headings, texts.lastFailedAt, texts.resolvedAt, texts.failingRuns, texts.assignee],
  facts.incidents.map((incident) => [
    markup`<td>${texts.incidentKind[incident.kind]}</td>`,
    markup`<td>${incident.severity}</td>`,
    markup`<td>${[
      named(this.language, incident.ruleNameEn, incident.ruleNameZh),
      incident.datasetName ?? facts.sourceName,
    ]
      .filter((name) => name !== '')
      .join(' · ')}</td>`,
    markup`<td>${this.time(incident.openedAt)}</td>`,
    markup`<td>${incident.acknowledgedAt === null ? '' : this.time(incident.acknowledgedAt)}</td>`,
    markup`<td>${this.time(incident.lastFailedAt)}</td>`,
    markup`<td>${incident.resolvedAt === null ? texts.stillOpen : this.time(incident.resolvedAt)}</td>`,
    markup`<td class="number">${incident.failingRuns}</td>`,
    markup`<td>${incident.assignee}</td>`,
  ]),
)}`;
  }

  register(): Html {
    const { texts, facts } = this;
    return markup`<h2>${texts.register}</h2>
${facts.rules.length === 0 ? markup`<p>${texts.noRules}</p>` : facts.rules.map((rule) => this.rule(rule))}`;
  }

  private rule(rule: RegisteredRule): Html {
    const { texts } = this;
    const { last } = rule;
    const notes = [...(rule.enabled ? [] : [texts.switchedOff]), ...(rule.retired ? [texts.retired] : [])];
    const facts = [
      `${texts.version} ${rule.version}`,
      rule.kind,
      texts.dimensions[rule.dimension],
      rule.severity,
      ...(rule.owner === '' ? [] : [`${texts.owner}: ${rule.owner}`]),
      ...notes,
    ];
    return markup`<article>
<strong>${this.nameOf(rule)}</strong> <span class="note">${facts.join(' · ')}</span><br>
${rule.datasetName}${rule.fieldNames.length === 0 ? '' : `: ${rule.fieldNames.join(', ')}`}
${
  last === null
    ? markup`<p class="note">${texts.didNotRun}</p>`
    : markup`<p><span class="${last.status}">${texts.statuses[last.status]}</span> · ${this.time(last.finishedAt)} ·
${texts.version} ${last.version}<br>${this.language === 'zh' ? last.sentenceZh : last.sentenceEn}</p>
${last.statements.map(
  ({ sql, params }) =>
    markup`<pre>${sql}${params.length === 0 ? '' : `\n-- ${texts.parameters}: ${JSON.stringify(params)}`}</pre>`,
)}`
}
</article>`;
  }

  private nameOf = ({ nameEn, nameZh }: RegisteredRule): string => named(this.language, nameEn, nameZh);

  private time(at: Date): string {
    return localTime(at, this.facts.period.timeZone);
  }

  private table(headings: readonly string[], lines: readonly (readonly Html[])[]): Html {
    return markup`<table>
<thead><tr>${headings.map((heading) => markup`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>${lines.map((cells) => markup`<tr>${cells}</tr>\n`)}</tbody>
</table>`;
  }
}

/** A cell whose number can be found again: `data-figure` names it. */
const figure = (name: string, value: string | number): Html =>
  markup`<td class="number" data-figure="${name}">${value}</td>`;
