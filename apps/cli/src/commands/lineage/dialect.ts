import { extname } from 'node:path';

import { dialectNamed, SQL_DIALECTS, type SqlDialect } from '#core/sql-lineage';

import { CommandFailed, EXIT } from '../../client/exit.js';

/** Endings that belong to one dialect. `.sql` does not: it must be said. */
const BY_ENDING: Readonly<Record<string, SqlDialect>> = {
  '.hql': 'hive',
  '.hive': 'hive',
  '.q': 'hive',
  '.pls': 'oracle',
  '.plsql': 'oracle',
  '.pkb': 'oracle',
  '.pks': 'oracle',
  '.pkg': 'oracle',
  '.bdy': 'oracle',
  '.spc': 'oracle',
  '.prc': 'oracle',
  '.psql': 'postgres',
  '.pgsql': 'postgres',
  '.tsql': 'tsql',
};

const LIST = `${SQL_DIALECTS.join(', ')}; other names (impala, gaussdb, dameng, mssql …) mean the nearest`;

/** The dialect of a flag. @throws {CommandFailed} with the list, for a name that is none. */
export function wantedDialect(name: string): SqlDialect {
  const dialect = dialectNamed(name);
  if (dialect === undefined) throw new CommandFailed(`There is no dialect "${name}". There are: ${LIST}.`, EXIT.input);
  return dialect;
}

/**
 * The dialect of a file: the one asked for, else the one its ending belongs to. It is not guessed: the same text means other columns in
 * another dialect. @throws {CommandFailed} when neither says.
 */
export function dialectOfFile(path: string, wanted: SqlDialect | undefined): SqlDialect {
  const dialect = wanted ?? BY_ENDING[extname(path).toLowerCase()];
  if (dialect === undefined)
    throw new CommandFailed(`Which SQL is ${path}? Name it with --dialect: ${LIST}.`, EXIT.input);
  return dialect;
}

/** The files whose dialect neither a flag nor their ending says. */
export const withoutDialect = (paths: readonly string[], wanted: SqlDialect | undefined): string[] =>
  wanted === undefined ? paths.filter((path) => BY_ENDING[extname(path).toLowerCase()] === undefined) : [];
