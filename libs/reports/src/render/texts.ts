import { type Dimension, type Status } from '#core/rule-engine';

import { type Language } from '../report.js';

/** Every text of the quality report. */
export interface Texts {
  readonly lang: string;
  readonly title: string;
  readonly source: string;
  readonly period: string;
  readonly to: string;
  readonly timeZone: string;
  readonly madeAt: string;
  readonly requestedBy: string;
  readonly reportId: string;
  readonly basis: string;
  readonly empty: string;
  readonly noRules: string;
  readonly noIncidents: string;
  readonly noFailures: string;
  readonly summary: string;
  readonly runs: string;
  readonly results: string;
  readonly score: string;
  readonly coverage: string;
  readonly notMeasured: string;
  readonly scoreNote: string;
  readonly byDimension: string;
  readonly dimension: string;
  readonly trend: string;
  readonly trendNote: string;
  readonly day: string;
  readonly failing: string;
  readonly failures: string;
  readonly lastViolations: string;
  readonly incidents: string;
  readonly register: string;
  readonly rule: string;
  readonly version: string;
  readonly kind: string;
  readonly dataset: string;
  readonly fields: string;
  readonly severity: string;
  readonly owner: string;
  readonly status: string;
  readonly rows: string;
  readonly checked: string;
  readonly violations: string;
  readonly ratio: string;
  readonly finding: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly sql: string;
  readonly parameters: string;
  readonly resultId: string;
  readonly runId: string;
  readonly ruleId: string;
  readonly switchedOff: string;
  readonly retired: string;
  readonly didNotRun: string;
  readonly about: string;
  readonly incidentKind: Readonly<Record<'data' | 'operations', string>>;
  readonly openedAt: string;
  readonly acknowledgedAt: string;
  readonly lastFailedAt: string;
  readonly resolvedAt: string;
  readonly stillOpen: string;
  readonly failingRuns: string;
  readonly assignee: string;
  readonly statuses: Readonly<Record<Status, string>>;
  readonly dimensions: Readonly<Record<Dimension, string>>;
}

const en: Texts = {
  lang: 'en',
  title: 'Data quality report',
  source: 'Source',
  period: 'Period',
  to: 'to',
  timeZone: 'Time zone',
  madeAt: 'Made at',
  requestedBy: 'Requested by',
  reportId: 'Report number',
  basis: 'Every number comes from stored results of rule runs. No data was read for this report.',
  empty: 'No rule ran on this source in this period, so nothing can be said about its data.',
  noRules: 'There was no rule on this source in this period.',
  noIncidents: 'No incident was open in this period.',
  noFailures: 'No rule failed in this period.',
  summary: 'Summary',
  runs: 'Runs',
  results: 'Results',
  score: 'Score',
  coverage: 'Coverage',
  notMeasured: 'not measured',
  scoreNote:
    'At the end of the period. Score: the share of rows that obey, weighted by severity (S1 5, S2 3, S3 2, S4 1). ' +
    'Coverage: rules whose latest run measured something, of all rules; a run that failed lowers it, and not the score.',
  byDimension: 'By dimension',
  dimension: 'Dimension',
  trend: 'Results by day',
  trendNote: 'Number of results by status',
  day: 'Day',
  failing: 'Rules that failed',
  failures: 'Failures',
  lastViolations: 'Violations at the last run',
  incidents: 'Incidents',
  register: 'Rule register',
  rule: 'Rule',
  version: 'Version',
  kind: 'Kind',
  dataset: 'Dataset',
  fields: 'Fields',
  severity: 'Severity',
  owner: 'Owner',
  status: 'Status',
  rows: 'Rows',
  checked: 'Checked',
  violations: 'Violations',
  ratio: 'Share of violations',
  finding: 'Finding',
  startedAt: 'Started',
  finishedAt: 'Finished',
  sql: 'SQL',
  parameters: 'Parameters',
  resultId: 'Result number',
  runId: 'Run number',
  ruleId: 'Rule number',
  switchedOff: 'switched off',
  retired: 'retired',
  didNotRun: 'did not run in this period',
  about: 'About',
  incidentKind: { data: 'Data', operations: 'Operations' },
  openedAt: 'Opened',
  acknowledgedAt: 'Acknowledged',
  lastFailedAt: 'Last failed',
  resolvedAt: 'Resolved',
  stillOpen: 'still open',
  failingRuns: 'Failing runs',
  assignee: 'Assigned to',
  statuses: {
    pass: 'Pass',
    warn: 'Warning',
    fail: 'Fail',
    error: 'Error',
    not_evaluated: 'Nothing to check',
    skipped: 'Skipped',
  },
  dimensions: {
    validity: 'Validity',
    completeness: 'Completeness',
    accuracy: 'Accuracy',
    consistency: 'Consistency',
    timeliness: 'Timeliness',
    accessibility: 'Accessibility',
    uniqueness: 'Uniqueness',
  },
};

const zh: Texts = {
  lang: 'zh-CN',
  title: '数据质量报告',
  source: '数据源',
  period: '报告期',
  to: '至',
  timeZone: '时区',
  madeAt: '生成时间',
  requestedBy: '申请人',
  reportId: '报告编号',
  basis: '本报告全部数字均来自已存储的规则执行结果，生成时未读取业务数据。',
  empty: '报告期内该数据源没有执行任何质量规则，因此无法对其数据质量作出结论。',
  noRules: '报告期内该数据源没有质量规则。',
  noIncidents: '报告期内没有未关闭的质量事件。',
  noFailures: '报告期内没有规则不通过。',
  summary: '总体情况',
  runs: '执行批次',
  results: '规则结果数',
  score: '质量得分',
  coverage: '覆盖率',
  notMeasured: '未测量',
  scoreNote:
    '截至报告期末。质量得分为合格行占比，按严重程度加权（S1 为 5，S2 为 3，S3 为 2，S4 为 1）；' +
    '覆盖率为最近一次执行得出结论的规则占全部规则的比例，执行错误降低覆盖率，不影响得分。',
  byDimension: '按质量维度',
  dimension: '质量维度',
  trend: '每日结果趋势',
  trendNote: '各状态结果数',
  day: '日期',
  failing: '不通过的规则',
  failures: '不通过次数',
  lastViolations: '最近一次违规行数',
  incidents: '质量事件',
  register: '规则清单',
  rule: '规则',
  version: '版本',
  kind: '类型',
  dataset: '数据集',
  fields: '字段',
  severity: '严重程度',
  owner: '责任人',
  status: '状态',
  rows: '总行数',
  checked: '检查行数',
  violations: '违规行数',
  ratio: '违规占比',
  finding: '结论',
  startedAt: '开始时间',
  finishedAt: '结束时间',
  sql: 'SQL 语句',
  parameters: '参数',
  resultId: '结果编号',
  runId: '批次编号',
  ruleId: '规则编号',
  switchedOff: '已停用',
  retired: '已废止',
  didNotRun: '报告期内未执行',
  about: '对象',
  incidentKind: { data: '数据', operations: '运行' },
  openedAt: '发现时间',
  acknowledgedAt: '确认时间',
  lastFailedAt: '最近不通过',
  resolvedAt: '关闭时间',
  stillOpen: '未关闭',
  failingRuns: '不通过批次',
  assignee: '处理人',
  statuses: {
    pass: '通过',
    warn: '警告',
    fail: '不通过',
    error: '执行错误',
    not_evaluated: '未评估',
    skipped: '跳过',
  },
  dimensions: {
    validity: '规范性',
    completeness: '完整性',
    accuracy: '准确性',
    consistency: '一致性',
    timeliness: '时效性',
    accessibility: '可访问性',
    uniqueness: '唯一性',
  },
};

const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };

export const textsIn = (language: Language): Texts => TEXTS[language];

/** The name in the report's language, or else in the other. */
export const named = (language: Language, nameEn: string | null, nameZh: string | null): string =>
  (language === 'zh' ? nameZh || nameEn : nameEn || nameZh) ?? '';

/** 0.98765 as 98.77 %; a share that is not quite whole is never shown as whole. */
export function percent(share: number | null, texts: Texts): string {
  if (share === null) return texts.notMeasured;
  const shown = (share * 100).toFixed(2);
  if (share < 1 && shown === '100.00') return '99.99 %';
  return `${shown} %`;
}
