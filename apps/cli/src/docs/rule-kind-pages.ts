import { type TypeFamily } from '#core/connector-kit';
import {
  type DatasetFacts,
  type Example,
  quoteFor,
  ruleKinds,
  writeRule,
  type WrittenDialect,
  WRITTEN_DIALECTS,
} from '#core/rule-engine';

import { DIMENSIONS, kindPage, type ShownKind } from '../commands/rule/kind-page.js';

/** How the dialects are called, those first that are run. */
const ENGINES: readonly (readonly [WrittenDialect, string])[] = [
  ['postgres', 'PostgreSQL'],
  ['mysql', 'MariaDB, MySQL'],
  ['duckdb', 'DuckDB'],
  ['clickhouse', 'ClickHouse (rendered, not run)'],
  ['spark', 'Spark (rendered, not run)'],
  ['hive', 'Hive (rendered, not run)'],
  ['trino', 'Trino (rendered, not run)'],
  ['oracle', 'Oracle (rendered, not run)'],
  ['sqlserver', 'SQL Server (rendered, not run)'],
];

const NOW = new Date('2026-06-30T00:00:00Z');

/** The pages of `docs/rule-kinds`, by their file names. */
export function ruleKindPages(): ReadonlyMap<string, string> {
  const kinds = ruleKinds();
  return new Map([['README.md', indexOf(kinds)], ...kinds.map((kind) => [`${kind.code}.md`, pageOf(kind)] as const)]);
}

function indexOf(kinds: readonly ShownKind[]): string {
  const rows = kinds.map(
    ({ code, title, dimension, description }) =>
      `| [${code}](${code}.md) | ${title.zh} | ${title.en} | ${DIMENSIONS[dimension].en} ${DIMENSIONS[dimension].zh} | ${description.en.replaceAll('|', '\\|')} |`,
  );
  return [
    '# Kinds of rules 规则类型',
    '',
    'Written from the kinds themselves: `node dist/apps/cli/src/docs/print-rule-kinds.js`. What all rules have in common is in [rules.md](../rules.md).',
    '',
    '| Kind | 名称 | Title | Dimension 维度 | What it says |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** English first; the Chinese text is the same, without the SQL. */
function pageOf(kind: ShownKind): string {
  const english = kindPage(kind, 'en');
  const chinese = kindPage(kind, 'zh')
    .replace(/^# .*$/m, `# ${kind.title.zh}`)
    .replaceAll(/^#/gm, '##');
  // The examples are the same in both languages, and stand once.
  const withoutExamples = chinese.slice(0, chinese.indexOf('\n### 示例'));
  const [before, examples] = [
    english.slice(0, english.indexOf('\n## Examples')),
    english.slice(english.indexOf('\n## Examples')),
  ];
  return `${[before, withoutExamples, examples.trimStart(), sqlOf(kind)].map((part) => part.trim()).join('\n\n')}\n`;
}

function sqlOf(kind: ShownKind): string {
  const example = kind.examples.find(({ rule }) => rule.where === undefined) ?? kind.examples[0];
  if (example === undefined) return '';
  const parts = ENGINES.filter(([dialect]) => WRITTEN_DIALECTS.includes(dialect)).map(([dialect, name]) => {
    const statements = statementsOf(kind, example, dialect);
    return `<details><summary>${name}</summary>\n\n${statements}\n\n</details>`;
  });
  return [`## SQL`, `Of the example “${example.title}”.`, ...parts].join('\n\n');
}

function statementsOf(kind: ShownKind, example: Example, dialect: WrittenDialect): string {
  if (kind.code.startsWith('sql_')) return 'The SQL of the rule, as it is written there.';
  const facts = (of: Pick<Example, 'columns'>, name: string): DatasetFacts => ({
    name,
    relation: quoteFor(dialect, name),
    columns: Object.entries(of.columns).map(([column, typeFamily]) => ({
      name: column,
      typeFamily,
      nativeType: typeFamily satisfies TypeFamily,
    })),
  });
  const other = kind.other === 'none' ? undefined : facts(example.other ?? example, 'other_data');
  try {
    const written = writeRule(
      { kind: kind.code, ...example.rule },
      {
        target: facts(example, 'data'),
        ...(other && { other: { ...other, dialect: 'postgres' as const, sameConnection: true } }),
        ...(example.series && { series: example.series }),
      },
      { dialect, now: NOW },
    );
    if (written.length === 0) return 'No statement: it is judged by what the catalog knows.';
    return written
      .map(
        ({ sql, params }) =>
          `\`\`\`sql\n${sql}${params.length === 0 ? '' : `\n-- ${params.map((value, at) => `$${at + 1} = ${value}`).join(', ')}`}\n\`\`\``,
      )
      .join('\n\n');
  } catch (error) {
    return `Not on this engine: ${error instanceof Error ? error.message : String(error)}`;
  }
}
