import { InvalidInput } from '#kernel';

import { EXIT } from '../../client/exit.js';
import { type Language } from '../../client/language.js';
import { plain, writeLine, writeRows } from '../../client/output.js';
import { type ToldResult } from './results/told-result.js';
import { type Tried } from './run-rules-on.js';

const SIGNS = { pass: '✓', warn: '!', fail: '✗', error: '?', not_evaluated: '–', skipped: '–' } as const;
const STATUS_ZH = {
  pass: '通过',
  warn: '告警',
  fail: '不通过',
  error: '出错',
  not_evaluated: '未评估',
  skipped: '跳过',
} as const;

/** A rule in a few words: its name, or kind and columns. */
export const shortName = ({ named: { name, rule } }: Tried): string =>
  name ?? `${rule.kind}${rule.columns && rule.columns.length > 0 ? `(${rule.columns.join(', ')})` : ''}`;

/** One rule for a person: the verdict in a sentence, rows that break it, and the SQL when it is wanted. */
export function showTried(
  tried: Tried,
  { sql, language }: { readonly sql: boolean; readonly language: Language },
): void {
  if (tried.ran === undefined) return;
  const { target, outcome } = tried.ran;
  const { status, sentence } = outcome.verdict;
  const word = language === 'zh' ? STATUS_ZH[status] : status;
  writeLine(`${SIGNS[status]} ${word}  ${plain(target.name)}  ${plain(shortName(tried))}`);
  writeLine(`  ${plain(sentence[language])}`);
  if (sql) for (const statement of outcome.statements) showStatement(statement);
  const { failing } = outcome;
  if (failing !== undefined && failing.rows.length > 0)
    writeRows(
      { json: false },
      failing.rows,
      Object.fromEntries(
        failing.columns.map(({ name }, at) => [`  ${plain(name)}`, (row: readonly unknown[]) => `  ${plain(row[at])}`]),
      ),
    );
}

function showStatement({ sql, params }: { readonly sql: string; readonly params: readonly string[] }): void {
  for (const line of sql.split('\n')) writeLine(`    ${line}`);
  if (params.length > 0)
    writeLine(`    -- ${params.map((value, at) => `$${at + 1} = ${plain(JSON.stringify(value))}`).join(', ')}`);
}

/** The same for a program. */
export function triedAsJson(tried: Tried): object {
  const { named, ran } = tried;
  const { rule, ...about } = named;
  if (ran === undefined) return { ...about, rule, status: 'skipped', reason: 'no table of this dataset was given' };
  const { target, outcome } = ran;
  const { verdict, statements, failing, error } = outcome;
  return {
    ...about,
    dataset: target.name,
    rule,
    ...verdict,
    statements: statements.map(({ purpose, sql, params }) => ({ purpose, sql, params })),
    ...(failing && { failing: { columns: failing.columns.map(({ name }) => name), rows: failing.rows } }),
    ...(error === undefined ? {} : { errorIs: error instanceof InvalidInput ? 'rule' : 'run' }),
  };
}

/** The same for other tools: verdicts and counts, and none of the data. */
export const toldOfTried = (all: readonly Tried[], language: Language): ToldResult[] =>
  all.map((tried) => {
    const { named, ran } = tried;
    const { id, source, rule, dataset } = named;
    const about = {
      ...{ name: shortName(tried), kind: rule.kind, columns: rule.columns ?? [], severity: rule.severity ?? 'S3' },
      ...(id !== undefined && { key: id }),
      ...(source !== undefined && { source }),
    };
    if (ran === undefined) {
      const sentence =
        language === 'zh'
          ? '未提供该数据集的文件，规则未执行。'
          : 'No file of this dataset was given, so the rule was not run.';
      return { ...about, dataset: dataset ?? '', status: 'skipped', metrics: {}, sentence };
    }
    const { status, rows, checked, violations, metrics, sentence, code } = ran.outcome.verdict;
    return {
      ...about,
      ...{ dataset: ran.target.name, status, metrics, sentence: sentence[language] },
      ...(rows !== undefined && { rows }),
      ...(checked !== undefined && { checked }),
      ...(violations !== undefined && { violations }),
      ...(code !== undefined && { errorCode: code }),
    };
  });

/**
 * How the command ends: 1 when a rule could not be run for a reason outside of it, 2 when one cannot be used on these columns, 3 when
 * one failed, 0 otherwise.
 */
export function exitCodeOf(all: readonly Tried[]): number {
  const errors = all.flatMap(({ ran }) => (ran?.outcome.verdict.status === 'error' ? [ran.outcome.error] : []));
  if (errors.some((error) => !(error instanceof InvalidInput))) return EXIT.failed;
  if (errors.length > 0) return EXIT.input;
  return all.some(({ ran }) => ran?.outcome.verdict.status === 'fail') ? EXIT.bad : EXIT.ok;
}

/** How many rules had which verdict. */
export function summary(all: readonly Tried[]): string {
  const counts = new Map<string, number>();
  for (const { ran } of all) {
    const status = ran?.outcome.verdict.status ?? 'left out';
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return `${all.length} ${all.length === 1 ? 'rule' : 'rules'}: ${[...counts].map(([status, n]) => `${n} ${status}`).join(', ')}.`;
}
