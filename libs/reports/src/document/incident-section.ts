import { type QualityReportFacts, type ReportedIncident, type ReportHead } from '../quality-report.facts.js';
import { named } from '../render/texts.js';
import { type Section, text } from './document.js';
import { type Words } from './words.js';

const HOUR_MS = 3_600_000;

/** Incidents of the period, and how long they took. */
export function incidentSection(facts: QualityReportFacts, head: ReportHead, words: Words): Section {
  const { texts } = words;
  const { incidents } = facts;
  if (incidents.length === 0)
    return { heading: texts.incidents, short: texts.incidents, blocks: [{ text: texts.noIncidents }] };
  const { acknowledge, resolve } = timesOf(incidents);
  const about = (incident: ReportedIncident): string =>
    [
      named(words.language, incident.ruleNameEn, incident.ruleNameZh),
      incident.datasetName ?? head.sources[incident.sourceId] ?? '',
    ]
      .filter((name) => name !== '')
      .join(' · ');
  return {
    heading: texts.incidents,
    short: texts.incidents,
    blocks: [
      {
        facts: [
          [texts.incidentsInAll, words.count(incidents.length, 'incidents')],
          [
            texts.incidentsAcknowledged,
            words.count(incidents.filter((each) => each.acknowledgedAt).length, 'acknowledged'),
          ],
          [texts.incidentsResolved, words.count(incidents.filter((each) => each.resolvedAt).length, 'resolved')],
          [texts.stillOpen, words.count(incidents.filter((each) => !each.resolvedAt).length, 'stillOpen')],
          [texts.overdue, words.count(incidents.filter(({ overdue }) => overdue).length, 'overdue')],
          [texts.meanAcknowledge, words.hours(acknowledge, 'hoursToAcknowledge')],
          [texts.meanResolve, words.hours(resolve, 'hoursToResolve')],
        ],
      },
      {
        table: {
          leftOut: texts.leftOut,
          columns: [
            { title: texts.kind, width: 1 },
            { title: texts.severity, width: 1 },
            { title: texts.about, width: 4 },
            { title: texts.openedAt, width: 1.8 },
            { title: texts.acknowledgedAt, width: 1.8 },
            { title: texts.lastFailedAt, width: 1.8 },
            { title: texts.resolvedAt, width: 1.8 },
            { title: texts.failingRuns, width: 1 },
            { title: texts.overdue, width: 1 },
            { title: texts.cause, width: 1.4 },
            { title: texts.assignee, width: 1.4 },
          ],
          rows: incidents.map((incident) => [
            text(texts.incidentKind[incident.kind]),
            text(incident.severity),
            text(about(incident)),
            words.time(incident.openedAt),
            words.time(incident.acknowledgedAt),
            words.time(incident.lastFailedAt),
            incident.resolvedAt === null ? text(texts.stillOpen) : words.time(incident.resolvedAt),
            words.count(incident.failingRuns, `failingRuns:${incident.incidentId}`),
            text(incident.overdue ? texts.yes : ''),
            text(incident.cause === null ? '' : (texts.causeKinds[incident.cause] ?? incident.cause)),
            text(incident.assignee),
          ]),
        },
      },
    ],
  };
}

/** Waivers in force, with who asked, who agreed, and until when. */
export function waiverSection({ waivers }: QualityReportFacts, words: Words): Section {
  const { texts } = words;
  const rows = waivers.map((waiver) => [
    text(words.nameOf(waiver)),
    text(waiver.reason),
    text(waiver.requestedBy),
    text(waiver.decidedBy),
    words.time(waiver.decidedAt),
    words.time(waiver.until),
    words.time(waiver.endedAt),
  ]);
  const columns = [
    { title: texts.rule, width: 3 },
    { title: texts.reason, width: 4 },
    { title: texts.requestedBy, width: 1.5 },
    { title: texts.approvedBy, width: 1.5 },
    { title: texts.approvedAt, width: 1.8 },
    { title: texts.validUntil, width: 1.8 },
    { title: texts.endedAt, width: 1.8 },
  ];
  return {
    heading: texts.waivers,
    short: texts.waivers,
    blocks: [rows.length === 0 ? { text: texts.noWaivers } : { table: { columns, rows, leftOut: texts.leftOut } }],
  };
}

/** Mean hours from opening to acknowledging and to resolving, of those that came so far. */
export function timesOf(incidents: readonly ReportedIncident[]) {
  const mean = (ends: readonly (readonly [Date, Date | null])[]): number | null => {
    const hours = ends.flatMap(([from, to]) => (to === null ? [] : [(to.getTime() - from.getTime()) / HOUR_MS]));
    return hours.length === 0 ? null : hours.reduce((sum, each) => sum + each, 0) / hours.length;
  };
  return {
    acknowledge: mean(incidents.map(({ openedAt, acknowledgedAt }) => [openedAt, acknowledgedAt])),
    resolve: mean(incidents.map(({ openedAt, resolvedAt }) => [openedAt, resolvedAt])),
  };
}
