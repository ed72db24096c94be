import { type Dimension, type Status } from '#core/rule-engine';
import { type TrendStep } from '#quality';
import { type Age, type RunVerdict, type SignedState } from '#reconciliation';

import { type ReportedGroups } from '../quality-report.facts.js';
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
  readonly registerTitle: string;
  readonly registerNote: string;
  readonly reconciliationTitle: string;
  readonly reconciliations: string;
  readonly reconciliationNote: string;
  readonly noReconciliations: string;
  readonly leftSide: string;
  readonly rightSide: string;
  readonly reconciliationName: string;
  readonly runsAgree: string;
  readonly runsBreak: string;
  readonly runsError: string;
  readonly lastResult: string;
  readonly asOf: string;
  readonly cutoff: string;
  readonly openBreaks: string;
  readonly writtenOff: string;
  readonly checks: string;
  readonly check: string;
  readonly difference: string;
  readonly signOffs: string;
  readonly signedState: string;
  readonly signedBy: string;
  readonly signedAt: string;
  readonly comment: string;
  readonly neverReconciled: string;
  readonly verdicts: Readonly<Record<RunVerdict, string>>;
  readonly signed: Readonly<Record<SignedState, string>>;
  readonly ages: Readonly<Record<Age, string>>;
  readonly checkKinds: Readonly<Record<string, string>>;
  readonly scope: string;
  readonly wholeCatalog: string;
  readonly domain: string;
  readonly knownAt: string;
  readonly factsSha256: string;
  readonly definition: string;
  readonly effectiveFrom: string;
  readonly effectiveTo: string;
  readonly lastVerdict: string;
  readonly neverRan: string;
  readonly none: string;
  readonly scoreTrend: string;
  readonly until: string;
  readonly change: string;
  readonly changeNote: string;
  readonly evaluated: string;
  readonly planned: string;
  readonly failedS1: string;
  readonly uncapped: string;
  readonly cappedNote: string;
  readonly steps: Readonly<Record<TrendStep, string>>;
  readonly byGroup: Readonly<Record<ReportedGroups, string>>;
  readonly groups: Readonly<Record<ReportedGroups, string>>;
  readonly trendByMonth: string;
  readonly month: string;
  readonly causes: string;
  readonly failedRules: string;
  readonly worstRules: (rules: number) => string;
  readonly incidentsInAll: string;
  readonly incidentsAcknowledged: string;
  readonly incidentsResolved: string;
  readonly meanAcknowledge: string;
  readonly meanResolve: string;
  readonly sources: string;
  readonly figure: string;
  readonly derivation: string;
  readonly derivations: readonly (readonly [string, string])[];
  readonly runLog: string;
  readonly runLogNote: string;
  readonly ruleSet: string;
  readonly digest: string;
  readonly statementsTitle: string;
  readonly statementsNote: string;
  readonly overdue: string;
  readonly yes: string;
  readonly cause: string;
  readonly causeKinds: Readonly<Record<string, string>>;
  readonly waivers: string;
  readonly noWaivers: string;
  readonly reason: string;
  readonly approvedBy: string;
  readonly approvedAt: string;
  readonly validUntil: string;
  readonly endedAt: string;
  readonly leftOut: (rows: number) => string;
  readonly page: (page: number, pages: number) => string;
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
  empty: 'No rule ran in this period, so nothing can be said about its data.',
  noRules: 'There was no rule in this period.',
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
  reconciliationTitle: 'Reconciliation report',
  reconciliations: 'Reconciliations',
  reconciliationNote:
    'Each with its last run of the period that came to a result. An error is never a difference. Breaks are those open at the end of the period, without those written off.',
  noReconciliations: 'No reconciliation is there for this scope.',
  leftSide: 'Left',
  rightSide: 'Right',
  reconciliationName: 'Reconciliation',
  runsAgree: 'Runs that agree',
  runsBreak: 'Runs with breaks',
  runsError: 'Runs that could not be made',
  lastResult: 'Last result',
  asOf: 'As of',
  cutoff: 'Cut-off',
  openBreaks: 'Open breaks',
  writtenOff: 'Written off',
  checks: 'Figures of both sides',
  check: 'Check',
  difference: 'Difference',
  signOffs: 'Sign-off',
  signedState: 'State',
  signedBy: 'Signed by',
  signedAt: 'At',
  comment: 'Comment',
  neverReconciled: 'No result in the period',
  verdicts: { agrees: 'Agrees', breaks: 'Breaks', not_evaluated: 'Nothing to compare', error: 'Could not be made' },
  signed: { unsigned: 'Not signed', awaiting_second: 'Awaits a second person', signed: 'Signed' },
  ages: { days_0_1: '0–1 days', days_2_7: '2–7 days', days_8_30: '8–30 days', days_over_30: 'over 30 days' },
  checkKinds: { row_count: 'Row count', sum: 'Sum', groups: 'Groups', keys: 'Keys' },
  registerTitle: 'Rule register',
  registerNote:
    'Every rule that held at some time of the period, with its version at the end of it (or at the time of knowledge, if that is earlier), and its latest verdict by then.',
  scope: 'About',
  wholeCatalog: 'The whole catalog',
  domain: 'Domain',
  knownAt: 'As known at',
  factsSha256: 'SHA-256 of the facts',
  definition: 'What it asks',
  effectiveFrom: 'In force from',
  effectiveTo: 'In force to',
  lastVerdict: 'Last verdict',
  neverRan: 'never ran',
  none: '(none)',
  scoreTrend: 'Score over time',
  until: 'At',
  change: 'Change',
  changeNote: 'Change: points of a hundred, compared with the moment before the period began.',
  evaluated: 'Evaluated',
  planned: 'Planned',
  failedS1: 'Failed S1',
  uncapped: 'otherwise',
  cappedNote:
    'A failed rule of severity S1 holds the score of a dataset at 59 %; what it would be otherwise stands beside it.',
  steps: { day: 'Day', week: 'Week from', month: 'Month from' },
  byGroup: { source: 'By system', domain: 'By domain', owner: 'By owner', dataset: 'By dataset' },
  groups: { source: 'System', domain: 'Domain', owner: 'Owner', dataset: 'Dataset' },
  trendByMonth: 'Results by month',
  month: 'Month',
  causes: 'Top causes',
  failedRules: 'Rules',
  worstRules: (rules) => `The ${rules} rules that failed most often`,
  incidentsInAll: 'Incidents in the period',
  incidentsAcknowledged: 'Acknowledged',
  incidentsResolved: 'Resolved',
  meanAcknowledge: 'Mean hours to acknowledge',
  meanResolve: 'Mean hours to resolve',
  sources: 'How each number is derived',
  figure: 'Number',
  derivation: 'Derived from',
  derivations: [
    [
      'Results by status, day, month, dimension and run',
      'Stored results of the rules of this report that ended in the period and no later than the time of knowledge, counted. The day is that of the report’s time zone; the dimension is that of the rule’s version that ran.',
    ],
    [
      'Score',
      'For each rule in force at the moment: its latest result that is neither an error nor skipped. Share of rows that obey = 1 − violations ÷ checked; with no row checked, 0 when it fails and else 1. The mean of all, weighted by the severity of the version that ran (S1 5, S2 3, S3 2, S4 1).',
    ],
    [
      'Coverage',
      'Evaluated ÷ planned. Planned: rules in force at the moment (not retired, switched on). Evaluated: those whose latest result that is not skipped is pass, warning or fail.',
    ],
    [
      'Change',
      'Score at the moment less score at the moment before; in tables by group, less the score just before the period began.',
    ],
    ['Failures', 'Results of the rule in the period with the status fail.'],
    ['Violations, checked, finding', 'Of the latest result of the rule in the period.'],
    [
      'Incident times',
      'From the incident’s events before the end of the period. Mean hours: of incidents in this report that were acknowledged or resolved by then, from their opening.',
    ],
    [
      'SHA-256 of results',
      'Of all results of the run, in order of their ids, with the digests of the statements sent; written into the audit’s chain of hashes when the run ended.',
    ],
    [
      'SHA-256 of the facts',
      'Of the facts in the JSON file of this report, with sorted keys. Made again for the same period, scope and time of knowledge, it is the same.',
    ],
  ],
  runLog: 'Run log',
  runLogNote: 'Runs with results in this report. Counts are those of the rules of this report.',
  ruleSet: 'Rule set',
  digest: 'SHA-256 of results',
  statementsTitle: 'Statements of failing rules',
  statementsNote:
    'Exactly what was asked of the source by the latest failing run of a rule. All statements of the period are in the CSV file.',
  overdue: 'Over time',
  yes: 'yes',
  cause: 'Root cause',
  causeKinds: {
    source_entry: 'Entered wrongly at the source',
    etl_defect: 'Defect in processing',
    schema_change: 'Change of schema',
    late_arrival: 'Arrived late',
    standard_missing: 'Standard missing',
    rule_wrong: 'Rule wrong',
    operations: 'Operations',
    other: 'Other',
  },
  waivers: 'Waivers',
  noWaivers: 'No waiver was in force in this period.',
  reason: 'Reason',
  approvedBy: 'Approved by',
  approvedAt: 'Approved',
  validUntil: 'Valid until',
  endedAt: 'Ended',
  leftOut: (rows) => `… and ${rows} more; all of them are in the XLSX and JSON files.`,
  page: (page, pages) => `Page ${page} of ${pages}`,
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
  empty: '报告期内没有执行任何质量规则，因此无法对其数据质量作出结论。',
  noRules: '报告期内没有质量规则。',
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
  reconciliationTitle: '数据核对报告（源到仓核对）',
  reconciliations: '核对项',
  reconciliationNote: '每项取期间内最后一次得出结果的运行。无法执行不等于有差异。差异为期末未关闭且未核销的差异。',
  noReconciliations: '此范围内没有核对项。',
  leftSide: '左侧',
  rightSide: '右侧',
  reconciliationName: '核对项名称',
  runsAgree: '一致次数',
  runsBreak: '有差异次数',
  runsError: '无法执行次数',
  lastResult: '最近结果',
  asOf: '核对时点',
  cutoff: '截止时点',
  openBreaks: '未关闭差异',
  writtenOff: '已核销',
  checks: '两侧数据',
  check: '核对内容',
  difference: '差额',
  signOffs: '签核',
  signedState: '签核状态',
  signedBy: '签核人',
  signedAt: '签核时间',
  comment: '意见',
  neverReconciled: '期间内无结果',
  verdicts: { agrees: '一致', breaks: '有差异', not_evaluated: '无可比数据', error: '无法执行' },
  signed: { unsigned: '未签核', awaiting_second: '待第二人签核', signed: '已签核' },
  ages: { days_0_1: '0–1 天', days_2_7: '2–7 天', days_8_30: '8–30 天', days_over_30: '30 天以上' },
  checkKinds: { row_count: '行数', sum: '合计', groups: '分组合计', keys: '逐键' },
  registerTitle: '规则登记册',
  registerNote:
    '报告期内曾经有效的全部规则，内容为报告期末（知悉时点更早的，以知悉时点为准）的版本及截至该时的最近结论。',
  scope: '范围',
  wholeCatalog: '全部数据资产',
  domain: '主题域',
  knownAt: '知悉时点',
  factsSha256: '事实摘要（SHA-256）',
  definition: '规则定义',
  effectiveFrom: '生效时间',
  effectiveTo: '失效时间',
  lastVerdict: '最近结论',
  neverRan: '从未执行',
  none: '（无）',
  scoreTrend: '质量得分走势',
  until: '截至',
  change: '变动',
  changeNote: '变动为百分点，与报告期开始前一刻相比。',
  evaluated: '已评估',
  planned: '应评估',
  failedS1: 'S1 不通过',
  uncapped: '原得分',
  cappedNote: '数据集有 S1 级规则不通过的，得分以 59 % 为上限，括号内为未封顶的得分。',
  steps: { day: '日期', week: '周（起始日）', month: '月（起始日）' },
  byGroup: { source: '按系统', domain: '按主题域', owner: '按责任人', dataset: '按数据集' },
  groups: { source: '系统', domain: '主题域', owner: '责任人', dataset: '数据集' },
  trendByMonth: '各月结果',
  month: '月份',
  causes: '主要成因',
  failedRules: '规则数',
  worstRules: (rules) => `不通过次数最多的 ${rules} 条规则`,
  incidentsInAll: '报告期内事件数',
  incidentsAcknowledged: '已确认',
  incidentsResolved: '已关闭',
  meanAcknowledge: '平均确认用时（小时）',
  meanResolve: '平均关闭用时（小时）',
  sources: '数字来源说明',
  figure: '数字',
  derivation: '推导方法',
  derivations: [
    [
      '按状态、日、月、维度、批次的结果数',
      '本报告所含规则在报告期内且不晚于知悉时点结束的已存储结果，逐条计数。日期按报告时区，维度按执行时的规则版本。',
    ],
    [
      '质量得分',
      '对该时点有效的每条规则，取其最近一次既非执行错误也非跳过的结果：合格行占比 = 1 − 违规行数 ÷ 检查行数；未检查任何行的，不通过计 0，否则计 1。全部规则按执行时版本的严重程度加权平均（S1 为 5，S2 为 3，S3 为 2，S4 为 1）。',
    ],
    [
      '覆盖率',
      '已评估 ÷ 应评估。应评估：该时点有效（未废止、已启用）的规则；已评估：其最近一次非跳过结果为通过、警告或不通过的规则。',
    ],
    ['变动', '该时点得分减去上一时点得分；分组表中为减去报告期开始前一刻的得分。'],
    ['不通过次数', '该规则在报告期内状态为不通过的结果数。'],
    ['违规行数、检查行数、结论', '取该规则在报告期内的最近一次结果。'],
    ['事件用时', '依据报告期末之前的事件记录；平均用时为本报告中届时已确认或已关闭的事件自发现起的小时数。'],
    ['结果摘要（SHA-256）', '该批次全部结果按编号排序，连同所发语句的摘要计算；批次结束时写入审计哈希链。'],
    ['事实摘要（SHA-256）', '本报告 JSON 文件中事实部分按键排序后计算；以相同期间、范围、知悉时点重新生成，摘要相同。'],
  ],
  runLog: '执行记录',
  runLogNote: '在本报告中有结果的执行批次；计数仅含本报告所含规则。',
  ruleSet: '规则集',
  digest: '结果摘要（SHA-256）',
  statementsTitle: '不通过规则的执行语句',
  statementsNote: '规则最近一次不通过时向数据源发送的原始语句。报告期内全部语句见 CSV 文件。',
  overdue: '超时',
  yes: '是',
  cause: '根本原因',
  causeKinds: {
    source_entry: '源头录入错误',
    etl_defect: '加工缺陷',
    schema_change: '结构变更',
    late_arrival: '数据迟到',
    standard_missing: '标准缺失',
    rule_wrong: '规则有误',
    operations: '运行故障',
    other: '其他',
  },
  waivers: '豁免',
  noWaivers: '报告期内没有生效的豁免。',
  reason: '理由',
  approvedBy: '批准人',
  approvedAt: '批准时间',
  validUntil: '有效期至',
  endedAt: '终止时间',
  leftOut: (rows) => `……另有 ${rows} 行，全部内容见 XLSX 与 JSON 文件。`,
  page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
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
