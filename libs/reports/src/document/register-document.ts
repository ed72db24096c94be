import { type RegisteredRule, type RegisterFacts, type ReportHead } from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { type ReportDocument, type Table, text } from './document.js';
import { headOf } from './head.js';
import { Words } from './words.js';

/** The rule register (规则登记册): every rule with its version, owner, effective dates, what it asks and its last verdict. */
export function registerDocument(facts: RegisterFacts, head: ReportHead, language: Language): ReportDocument {
  const words = new Words(language, facts.period.timeZone);
  const { texts } = words;
  return {
    lang: texts.lang,
    title: texts.registerTitle,
    about: `${words.aboutOf(head)} · ${facts.period.last}`,
    head: headOf(head, facts.period, facts.knownAt, words),
    sections: [
      {
        heading: `${texts.register} (${facts.rules.length})`,
        short: texts.register,
        blocks: [
          { text: texts.registerNote, tone: 'note' },
          ...(facts.rules.length === 0 ? [{ text: texts.noRules }] : [{ table: table(facts.rules, head, words) }]),
        ],
      },
    ],
  };
}

function table(rules: readonly RegisteredRule[], head: ReportHead, words: Words): Table {
  const { texts } = words;
  return {
    leftOut: texts.leftOut,
    columns: [
      { title: texts.rule, width: 3 },
      { title: texts.dataset, width: 3 },
      { title: texts.fields, width: 2 },
      { title: texts.dimension, width: 1.4 },
      { title: texts.severity, width: 1 },
      { title: texts.definition, width: 3.6 },
      { title: texts.owner, width: 1.6 },
      { title: texts.version, width: 0.9 },
      { title: texts.effectiveFrom, width: 1.8 },
      { title: texts.effectiveTo, width: 1.8 },
      { title: texts.lastVerdict, width: 1.4 },
      { title: texts.finishedAt, width: 1.8 },
      { title: texts.ruleId, width: 2.4 },
    ],
    rows: rules.map((rule) => [
      text(words.nameOf(rule)),
      text([head.sources[rule.sourceId] ?? '', rule.datasetName].filter((part) => part !== '').join(' · ')),
      text(rule.fieldNames.join(', ')),
      text(texts.dimensions[rule.dimension]),
      text(rule.severity),
      text([words.definitionOf(rule), rule.description].filter((part) => part !== '').join(' — ')),
      text(rule.owner),
      words.count(rule.version, `version:${rule.ruleId}`),
      words.time(rule.effectiveFrom),
      rule.retiredAt === null ? text(rule.enabled ? '' : texts.switchedOff) : words.time(rule.retiredAt),
      {
        text: rule.last === null ? texts.neverRan : texts.statuses[rule.last.status],
        figure: `verdict:${rule.ruleId}`,
        ...(rule.last?.status === 'fail' && { tone: 'fail' as const }),
      },
      words.time(rule.last?.finishedAt ?? null),
      text(rule.ruleId),
    ]),
  };
}
