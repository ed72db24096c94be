import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaOf } from '../schema.js';
import { readScript } from '../script.js';
import type { SqlDialect } from '../types.js';
import { lines } from './notation.js';

// A case is a pair: SQL, a blank line, and what it must give as comments. `-- # title` begins it; `-- schema: a(x, y)` and
// `-- dialect: duckdb` come before the SQL. The list is complete: what is not in it must not be there. `-- never:` says so loudly.

interface Case {
  readonly title: string;
  readonly dialect: SqlDialect;
  readonly sql: string;
  readonly schema: readonly { readonly schema?: string; readonly name: string; readonly columns: readonly string[] }[];
  readonly expected: readonly string[];
  readonly never: readonly string[];
}

const folder = import.meta.dirname;

function tablesIn(text: string): Case['schema'] {
  return [...text.matchAll(/([^\s(]+)\(([^)]*)\)/g)].map(([, path = '', columns = '']) => {
    const [name = path, schema] = path.split('.').reverse();
    return {
      name,
      ...(schema !== undefined && { schema }),
      columns: columns.split(',').map((column) => column.trim()),
    };
  });
}

function caseOf(block: string, dialect: SqlDialect): Case {
  const [title = '', ...rest] = block.trim().split('\n');
  const directive = (word: string) => rest.find((text) => text.startsWith(`-- ${word}: `))?.slice(word.length + 5);
  const gap = rest.lastIndexOf('');
  const sql = rest.slice(0, gap).filter((text) => !/^-- (schema|dialect): /.test(text));
  const after = rest.slice(gap + 1).map((text) => text.replace(/^-- /, ''));
  return {
    title,
    dialect: (directive('dialect') as SqlDialect | undefined) ?? dialect,
    sql: sql.join('\n'),
    schema: tablesIn(directive('schema') ?? ''),
    expected: after.filter((text) => !text.startsWith('never: ')),
    never: after.filter((text) => text.startsWith('never: ')).map((text) => text.slice('never: '.length)),
  };
}

/** The dialect of a file's cases, where neither its name nor a case says another. */
const DIALECTS: Readonly<Record<string, SqlDialect>> = {
  'duckdb.sql': 'duckdb',
  'mysql-procedures.sql': 'mysql',
  'plsql.sql': 'oracle',
  'tsql.sql': 'tsql',
};

/** `hive-statements.sql` is in the dialect it is called after; other files are in PostgreSQL's unless a case says so. */
const dialectOf = (file: string): SqlDialect =>
  file.endsWith('-statements.sql')
    ? (file.replace('-statements.sql', '') as SqlDialect)
    : (DIALECTS[file] ?? 'postgres');

const casesIn = (file: string): Case[] =>
  readFileSync(join(folder, file), 'utf8')
    .split(/^-- # /m)
    .slice(1)
    .map((block) => caseOf(block, dialectOf(file)));

const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));

it('has cases', () => {
  expect(files.length).toBeGreaterThan(10);
});

describe.each(files)('%s', (file) => {
  it.each(casesIn(file))('$title', ({ sql, dialect, schema, expected, never }) => {
    const given = lines(readScript(sql, { dialect, schema: schemaOf(schema, dialect) }));
    expect(given.toSorted()).toEqual([...expected].sort());
    for (const edge of never) expect(given).not.toContain(edge);
  });
});
