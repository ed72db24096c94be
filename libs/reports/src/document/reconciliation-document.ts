import { type Status } from '#core/rule-engine';

import {
  type ReconciliationReportFacts,
  type ReportedReconciliation,
  type ReportHead,
} from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { type Block, type Cell, type ReportDocument, type Table, text } from './document.js';
import { headOf } from './head.js';
import { Words } from './words.js';

type Last = NonNullable<ReportedReconciliation['last']>;

/** The reconciliation report (数据核对报告): what both sides said, breaks by age, and who signed. */
export function reconciliationDocument(
  facts: ReconciliationReportFacts,
  head: ReportHead,
  language: Language,
): ReportDocument {
  const words = new Words(language, facts.period.timeZone);
  const { texts } = words;
  const all = facts.reconciliations;
  const section = (heading: string, table: Table): ReportDocument['sections'][number] => ({
    heading,
    short: heading,
    blocks: table.rows.length === 0 ? [{ text: texts.noReconciliations }] : [{ table }],
  });
  const note: Block = { text: texts.reconciliationNote, tone: 'note' };
  const summary = section(`${texts.reconciliations} (${all.length})`, summaryTable(all, head, words));
  return {
    lang: texts.lang,
    title: texts.reconciliationTitle,
    about: `${words.aboutOf(head)} · ${facts.period.first} ${texts.to} ${facts.period.last}`,
    head: headOf(head, facts.period, facts.knownAt, words),
    sections: [
      { ...summary, short: texts.reconciliations, blocks: [note, ...summary.blocks] },
      section(texts.checks, checksTable(all, words)),
      section(texts.openBreaks, breaksTable(all, words)),
      section(texts.signOffs, signOffTable(all, words)),
    ],
  };
}

function summaryTable(all: readonly ReportedReconciliation[], head: ReportHead, words: Words): Table {
  const { texts } = words;
  const side = (name: string, sourceId: string) => text([head.sources[sourceId] ?? '', name].join(' · '));
  return {
    leftOut: texts.leftOut,
    columns: [
      { title: texts.reconciliationName, width: 2.4 },
      { title: texts.owner, width: 1.4 },
      { title: texts.leftSide, width: 3 },
      { title: texts.rightSide, width: 3 },
      { title: texts.runsAgree, width: 1.1 },
      { title: texts.runsBreak, width: 1.1 },
      { title: texts.runsError, width: 1.1 },
      { title: texts.lastResult, width: 1.4 },
      { title: texts.asOf, width: 1.8 },
      { title: texts.cutoff, width: 1.8 },
      { title: texts.openBreaks, width: 1.1 },
    ],
    rows: all.map((each) => [
      text(each.name),
      text(each.owner),
      side(each.leftName, each.leftSourceId),
      side(each.rightName, each.rightSourceId),
      words.count(each.runs.agrees, `agrees:${each.reconciliationId}`),
      words.count(each.runs.breaks, `breaks:${each.reconciliationId}`),
      words.count(each.runs.error, `errors:${each.reconciliationId}`),
      verdict(each.last, words),
      moment(each.last?.asOf, words),
      moment(each.last?.cutoff, words),
      words.count(each.openBreaks, `open:${each.reconciliationId}`),
    ]),
  };
}

function checksTable(all: readonly ReportedReconciliation[], words: Words): Table {
  const { texts } = words;
  return {
    leftOut: texts.leftOut,
    columns: [
      { title: texts.reconciliationName, width: 2.4 },
      { title: texts.check, width: 2.4 },
      { title: texts.leftSide, width: 2 },
      { title: texts.rightSide, width: 2 },
      { title: texts.difference, width: 2 },
      { title: texts.status, width: 1.4 },
    ],
    rows: all.flatMap(({ name, last }) =>
      (last?.checks ?? []).map((check) => [
        text(name),
        text([texts.checkKinds[check.kind] ?? check.kind, check.of].filter((part) => part !== '').join(': ')),
        // Exact decimals stay texts: a spreadsheet's numbers have 15 digits.
        text(check.left ?? '–'),
        text(check.right ?? '–'),
        text(check.difference ?? '–'),
        {
          text: texts.statuses[check.status as Status] ?? check.status,
          ...(check.status === 'fail' && { tone: 'fail' as const }),
        },
      ]),
    ),
  };
}

function breaksTable(all: readonly ReportedReconciliation[], words: Words): Table {
  const { texts } = words;
  const ages = Object.keys(texts.ages) as (keyof typeof texts.ages)[];
  return {
    leftOut: texts.leftOut,
    columns: [
      { title: texts.reconciliationName, width: 3 },
      ...ages.map((age) => ({ title: texts.ages[age], width: 1.4 })),
      { title: texts.openBreaks, width: 1.4 },
      { title: texts.writtenOff, width: 1.4 },
    ],
    rows: all.map((each) => [
      text(each.name),
      ...ages.map((age) => words.count(each.openBreaksByAge[age])),
      words.count(each.openBreaks),
      words.count(each.writtenOff),
    ]),
  };
}

function signOffTable(all: readonly ReportedReconciliation[], words: Words): Table {
  const { texts } = words;
  return {
    leftOut: texts.leftOut,
    columns: [
      { title: texts.reconciliationName, width: 2.4 },
      { title: texts.signedState, width: 1.8 },
      { title: texts.signedBy, width: 1.8 },
      { title: texts.signedAt, width: 1.8 },
      { title: texts.comment, width: 3 },
      { title: texts.runId, width: 2.4 },
    ],
    rows: all.flatMap(({ name, last }) => {
      if (last === null) return [];
      const head = [text(name), text(texts.signed[last.signed])];
      if (last.signatures.length === 0) return [[...head, text(''), text(''), text(''), text(last.runId)]];
      return last.signatures.map(({ byWhom, at, comment }) => [
        ...head,
        text(byWhom),
        moment(at, words),
        text(comment),
        text(last.runId),
      ]);
    }),
  };
}

const verdict = (last: Last | null, { texts }: Words): Cell =>
  last === null
    ? { text: texts.neverReconciled }
    : { text: texts.verdicts[last.verdict], ...(last.verdict === 'breaks' && { tone: 'fail' }) };

const moment = (at: string | null | undefined, words: Words): Cell => words.time(at ? new Date(at) : null);
