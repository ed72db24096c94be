import { type Period } from '../period.js';
import { type ReportHead } from '../quality-report.facts.js';
import { type Block, text } from './document.js';
import { type Words } from './words.js';

/** What stands above every report. */
export function headOf(head: ReportHead, period: Period, knownAt: Date, words: Words): readonly Block[] {
  const { texts } = words;
  return [
    {
      facts: [
        [texts.scope, text(words.aboutOf(head))],
        [texts.period, text(`${period.first} ${texts.to} ${period.last}`)],
        [texts.timeZone, text(period.timeZone)],
        [texts.knownAt, words.time(knownAt)],
        [texts.madeAt, words.time(head.madeAt)],
        [texts.requestedBy, text(head.report.requestedBy)],
        [texts.reportId, text(head.report.id)],
        [texts.factsSha256, text(head.factsSha256)],
      ],
    },
    { text: texts.basis, tone: 'note' },
  ];
}
