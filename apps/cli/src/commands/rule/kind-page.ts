import { type Example, type RuleKind } from '#core/rule-engine';
import { Document, visit } from 'yaml';

import { partsLookedAt } from './parts-looked-at.js';
import { type Language } from '../../client/language.js';

/** What a page shows of a kind. */
export type ShownKind = Pick<
  RuleKind,
  'code' | 'title' | 'description' | 'dimension' | 'columns' | 'other' | 'nullPolicy' | 'params' | 'examples'
>;

/** A page of text (Markdown) about one kind, in one language: what it means, its parameters, and examples with their verdicts. */
export function kindPage(kind: ShownKind, language: Language): string {
  const words = WORDS[language];
  return [
    `# ${kind.code}: ${kind.title[language]}`,
    kind.description[language],
    bullets([
      `${words.dimension}: ${DIMENSIONS[kind.dimension][language]}`,
      `${words.columns}: ${columnsOf(kind, language)}`,
      ...(kind.other === 'none' ? [] : [`${words.other}: ${words[kind.other]}`]),
    ]),
    parametersOf(kind, language),
    `## ${words.absentAndEmpty}`,
    bullets(meaningOf(kind, language)),
    `## ${words.examples}`,
    ...kind.examples.map((example) => exampleOf(kind.code, example, language)),
  ].join('\n\n');
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

export const DIMENSIONS: Readonly<Record<RuleKind['dimension'], Readonly<Record<Language, string>>>> = {
  validity: { en: 'validity', zh: '规范性' },
  completeness: { en: 'completeness', zh: '完整性' },
  accuracy: { en: 'accuracy', zh: '准确性' },
  consistency: { en: 'consistency', zh: '一致性' },
  timeliness: { en: 'timeliness', zh: '时效性' },
  accessibility: { en: 'accessibility', zh: '可访问性' },
  uniqueness: { en: 'uniqueness', zh: '唯一性' },
};

const WORDS = {
  en: {
    dimension: 'Dimension',
    columns: 'Columns',
    other: 'Second dataset',
    same_connection: 'needed, in the same source',
    any: 'needed; it may be in another source',
    none: 'of the whole dataset, none named',
    to: 'to',
    parameters: 'Parameters',
    noParameters: 'It has no parameters of its own.',
    head: '| Parameter | What it says | Values | When left out |\n|---|---|---|---|',
    needed: 'it has to be given',
    nothing: '–',
    absentAndEmpty: 'Absent values, empty data, limits',
    nullPolicy:
      '`nullPolicy` says what becomes of absent values (NULL): `ignore`, which is the default, leaves them out; `fail` makes each a violation; `pass` counts them as right.',
    ownNulls:
      'Absent values (NULL) are treated as the text above and the parameters say; `nullPolicy` has no meaning here.',
    onEmpty:
      'When there is nothing to check (no rows, none that the filter lets through, or no value) the verdict is `not_evaluated`, unless `onEmpty` says `pass` or `fail`.',
    bounds:
      '`min` and `max` belong to what is allowed: exactly that much still passes. With `strictMin` or `strictMax` it does not.',
    threshold:
      'One violation is enough to fail. A `threshold` allows some, as a number or as a share, and can warn before it fails.',
    scopes: {
      any: 'A `scope` narrows it to new rows, a partition or a sample; a verdict on a sample says how sure it is.',
      no_sample: 'A `scope` narrows it to new rows or a partition; a sample would not tell.',
      whole: 'It is about the whole dataset: there is no `scope`.',
    },
    value: 'One value is measured. A `threshold` of metric `value` can warn, or say what bounds cannot.',
    examples: 'Examples',
    emptyTable: 'A table without rows.',
    otherTable: 'The second dataset:',
    more: (rows: number) => `… and ${rows} more rows`,
    series: 'Earlier measurements, oldest first:',
    verdict: 'Verdict',
    rows: 'rows',
    checked: 'checked',
    violations: 'violations',
  },
  zh: {
    dimension: '质量维度',
    columns: '字段',
    other: '第二个数据集',
    same_connection: '需要，且在同一数据源',
    any: '需要，可在其他数据源',
    none: '针对整个数据集，不指定字段',
    to: '至',
    parameters: '参数',
    noParameters: '没有专有参数。',
    head: '| 参数 | 含义 | 取值 | 缺省 |\n|---|---|---|---|',
    needed: '必填',
    nothing: '–',
    absentAndEmpty: '空值、空数据与界限',
    nullPolicy: '`nullPolicy` 决定空值（NULL）的处理：`ignore`（缺省）不参与检查；`fail` 视为违规；`pass` 视为合格。',
    ownNulls: '空值（NULL）按上文说明和参数处理，`nullPolicy` 不适用。',
    onEmpty:
      '没有可检查的数据（无行、过滤后无行或无值）时判为 `not_evaluated`（未评估），可用 `onEmpty` 改为 `pass` 或 `fail`。',
    bounds: '`min` 与 `max` 本身属于允许范围；设 `strictMin`、`strictMax` 时不含端点。',
    threshold: '出现一条违规即不通过；`threshold` 可按数量或占比放宽，并可先告警再判不通过。',
    scopes: {
      any: '`scope` 可限定为增量、单个分区或抽样；抽样的判定附带置信区间。',
      no_sample: '`scope` 可限定为增量或单个分区；抽样不能得出结论。',
      whole: '针对整个数据集，不支持 `scope`。',
    },
    value: '度量一个值；度量方式为 `value` 的 `threshold` 可设告警，或表达上下限无法表达的条件。',
    examples: '示例',
    emptyTable: '空表。',
    otherTable: '第二个数据集：',
    more: (rows: number) => `… 另有 ${rows} 行`,
    series: '历次度量（由早到晚）：',
    verdict: '判定',
    rows: '行',
    checked: '检查',
    violations: '违规',
  },
} as const;

function columnsOf({ columns: [fewest, most] }: ShownKind, language: Language): string {
  const words = WORDS[language];
  if (most === 0) return words.none;
  return fewest === most ? String(fewest) : `${fewest} ${words.to} ${most}`;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly 'x-title-zh'?: string;
  readonly 'x-description-zh'?: string;
  readonly 'x-expression'?: boolean;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly default?: unknown;
}

function parametersOf({ params }: ShownKind, language: Language): string {
  const words = WORDS[language];
  const entries = Object.entries(params.properties as Readonly<Record<string, Schema>>);
  if (entries.length === 0) return `## ${words.parameters}\n\n${words.noParameters}`;
  const needed = (params as { required?: readonly string[] }).required ?? [];
  const rows = entries.map(([name, schema]) => {
    const said =
      language === 'zh' ? [schema['x-title-zh'], schema['x-description-zh']] : [schema.title, schema.description];
    const meaning = said.filter((each) => each !== undefined).join(language === 'zh' ? '。' : '. ');
    const otherwise = needed.includes(name) && schema.default === undefined ? words.needed : defaultOf(schema);
    return `| \`${name}\` | ${cell(meaning)} | ${cell(valuesOf(schema, language))} | ${cell(otherwise)} |`;
  });
  return [`## ${words.parameters}`, '', words.head, ...rows].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const defaultOf = ({ default: value }: Schema): string =>
  value === undefined || (Array.isArray(value) && value.length === 0)
    ? '–'
    : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** Types in words for people who know no schemas. */
const TYPE_WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    string: 'text',
    boolean: 'true or false',
    integer: 'whole number',
    array: 'list',
    null: 'nothing',
    object: 'settings',
  },
  zh: {
    ...{ string: '文本', number: '数字', boolean: '是或否（true/false）', integer: '整数', array: '列表', null: '空' },
    ...{ object: '一组设置', condition: '条件', any: '任意' },
  },
};

function valuesOf(
  { type, enum: allowed, anyOf, items, 'x-expression': expression }: Schema,
  language: Language,
): string {
  const word = (of: string) => TYPE_WORDS[language][of] ?? of;
  if (allowed !== undefined) return allowed.map((each) => `\`${String(each)}\``).join(', ');
  if (expression === true) return word('condition');
  if (anyOf !== undefined) return [...new Set(anyOf.map((each) => valuesOf(each, language)))].join(' / ');
  if (type === 'array' && items !== undefined)
    return language === 'zh' ? `列表：${valuesOf(items, language)}` : `list of ${valuesOf(items, language)}`;
  return [type ?? 'any'].flat().map(word).join(' / ');
}

function meaningOf(kind: ShownKind, language: Language): string[] {
  const { nullPolicy, params, examples } = kind;
  const words = WORDS[language];
  const has = (name: string) => name in params.properties;
  const ofValue = examples.some(({ expect }) => expect.metrics?.['value'] !== undefined);
  return [
    nullPolicy ? words.nullPolicy : words.ownNulls,
    words.onEmpty,
    ...(has('strictMin') && has('strictMax') ? [words.bounds] : []),
    ofValue ? words.value : words.threshold,
    words.scopes[partsLookedAt(kind)],
  ];
}

const MOST_ROWS = 12;

function exampleOf(
  kind: string,
  { title, columns, rows, other, series, rule, expect }: Example,
  language: Language,
): string {
  const words = WORDS[language];
  const { status, rows: counted, checked, violations } = expect;
  const counts = [
    [words.rows, counted],
    [words.checked, checked],
    [words.violations, violations],
  ] as const;
  const said = counts
    .filter(([, n]) => n !== undefined)
    .map(([word, n]) => (language === 'zh' ? `${word} ${n}` : `${n} ${n === 1 ? word.replace(/s$/, '') : word}`));
  const metrics = Object.entries(expect.metrics ?? {}).map(([name, value]) => `${name} = ${value}`);
  return [
    `### ${title}`,
    tableOf(columns, rows, words.emptyTable, words.more),
    ...(other === undefined
      ? []
      : [words.otherTable, tableOf(other.columns, other.rows, words.emptyTable, words.more)]),
    ...(series === undefined ? [] : [`${words.series} ${seriesOf(series)}`]),
    `\`\`\`yaml\n${yamlOf({ kind, ...rule })}\n\`\`\``,
    `${words.verdict}: **${status}**${said.length + metrics.length === 0 ? '' : ` (${[...said, ...metrics].join(', ')})`}`,
  ].join('\n\n');
}

/** Lists of plain values on one line. */
function yamlOf(rule: object): string {
  const document = new Document(rule);
  visit(document, {
    Seq: (_, list) => {
      list.flow = true;
    },
  });
  return document.toString({ lineWidth: 100, flowCollectionPadding: false }).trimEnd();
}

const seriesOf = (series: NonNullable<Example['series']>): string => {
  const values = series.map(({ value }) => value);
  return values.length > MOST_ROWS ? `${values.slice(0, MOST_ROWS).join(', ')}, …` : values.join(', ');
};

function tableOf(
  columns: Example['columns'],
  rows: Example['rows'],
  empty: string,
  more: (rows: number) => string,
): string {
  const names = Object.entries(columns).map(([name, family]) => `${cell(name)} (${family})`);
  if (rows.length === 0) return `${empty} ${names.join(', ')}`;
  const shown = rows.slice(0, MOST_ROWS).map((row) => `| ${row.map((value) => cell(written(value))).join(' | ')} |`);
  const left = rows.length - shown.length;
  return [
    `| ${names.join(' | ')} |`,
    `|${names.map(() => '---').join('|')}|`,
    ...shown,
    ...(left > 0 ? ['', more(left)] : []),
  ].join('\n');
}

/** Texts as JSON writes them, so that a blank and an empty text can be seen. */
const written = (value: string | number | boolean | null): string =>
  value === null ? 'NULL' : typeof value === 'string' ? JSON.stringify(value) : String(value);
