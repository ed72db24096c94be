import { InvalidInput } from '#kernel';

// What can hold a dollar sign that is no parameter: texts, quoted names, comments, names such as `a$1`.
const TOKENS =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|--(?=\s)[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}\p{N}_][\p{L}\p{N}_$]*|\$(\d+)/gsu;

/**
 * Puts values in the place of `$1`, `$2` …. They become literals that read the same under every mode of the session: a text is
 * written by its bytes.
 */
export function withValues(sql: string, values: readonly unknown[]): string {
  if (values.length === 0) return sql;
  return sql.replaceAll(TOKENS, (token: string, number: string | undefined) => {
    if (number === undefined) return token;
    const at = Number(number) - 1;
    if (at < 0 || at >= values.length)
      throw new InvalidInput(`The statement has a parameter ${token}, and ${values.length} values were given.`);
    return literalOf(values[at]);
  });
}

/** A value as a literal. */
export function literalOf(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'NULL';
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'bigint':
      return value.toString();
    case 'number':
      if (Number.isFinite(value)) return String(value);
      throw new InvalidInput(`${value} cannot be a parameter: MariaDB and MySQL have no such number.`);
    case 'string':
      return `_utf8mb4 X'${Buffer.from(value, 'utf8').toString('hex')}'`;
    default:
      if (value === null) return 'NULL';
      if (value instanceof Date) return `'${value.toISOString().slice(0, -1).replace('T', ' ')}'`;
      if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
      throw new InvalidInput(`A ${typeof value} cannot be a parameter.`);
  }
}
