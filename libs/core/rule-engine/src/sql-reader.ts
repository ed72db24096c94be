import { type Dialect } from '#core/connector-kit';
import { messageOf } from '#kernel';

/** Reads the SQL that people write into rules. A one-method interface, so that only who uses such rules loads a parser. */
export interface SqlReader {
  /** Why a text must not be run, as the end of a sentence; undefined for one statement that only reads. */
  refusal(text: string, dialect: Dialect): string | undefined;
}

const PARSERS: Readonly<Record<Dialect, string>> = { postgres: 'postgresql', mysql: 'mysql', duckdb: 'duckdb' };

const QUERIES = ['select', 'union', 'intersect', 'except', 'values', 'subquery'];

/** Parts of a syntax tree that change something, wherever they stand: PostgreSQL lets a CTE delete rows. */
const CHANGES =
  /^(insert|update|delete|merge|truncate|truncate_table|copy|command|execute|call|set_statement|use|attach|detach|pragma|load_data|grant|revoke|(create|drop|alter|rename)(_.*)?)$/;

/**
 * Loads the parser and gives a reader that takes one SELECT (with CTEs, set operations, VALUES) and refuses everything else: several
 * statements, what changes data or structure (in a CTE as well), CALL, SELECT INTO, and locks such as FOR UPDATE. It does not judge
 * functions: `pg_sleep` or `lo_import` are for the rights of the database user, and the connection's transaction is read-only besides.
 */
export async function sqlReader(): Promise<SqlReader> {
  const { parse } = await import('@polyglot-sql/sdk');
  return {
    refusal(text, dialect) {
      if (text.includes('\0')) return 'it has a character that no database stores';
      // MySQL and MariaDB run what stands in such a comment; a parser does not see it.
      if (/\/\*M?!/i.test(text)) return 'it has a comment that MySQL runs';
      let result: ReturnType<typeof parse>;
      try {
        result = parse(text, PARSERS[dialect] as Parameters<typeof parse>[1]);
      } catch (error) {
        return `it cannot be read: ${messageOf(error)}`;
      }
      if (!result.success) return `it cannot be read: ${result.error}`;
      const statements = result.ast as readonly unknown[];
      if (statements.length !== 1) return `it is ${statements.length} statements, and one is allowed`;
      const [kind = ''] = Object.keys(statements[0] as object);
      if (!QUERIES.includes(kind))
        return `it is ${kind.replaceAll('_', ' ').toUpperCase()}, and only a query is allowed`;
      return changeIn(statements[0]);
    },
  };
}

function changeIn(root: unknown): string | undefined {
  const stack: unknown[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    if (Array.isArray(node)) {
      stack.push(...(node as unknown[]).filter((each) => each !== undefined));
      continue;
    }
    for (const [name, part] of Object.entries(node)) {
      if (part === null || part === undefined || typeof part !== 'object') continue;
      if (name === 'into') return 'it writes what it selects INTO somewhere';
      if (name === 'locks') {
        if (Array.isArray(part) && part.length > 0) return 'it locks rows';
        continue;
      }
      if (CHANGES.test(name) && !Array.isArray(part)) return `it contains ${name.replaceAll('_', ' ').toUpperCase()}`;
      stack.push(part);
    }
  }
  return undefined;
}
