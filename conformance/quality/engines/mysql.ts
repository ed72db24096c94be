import { mysql } from '#connectors/mysql';
import { quoteIdentifier } from '#core/connector-kit';
import { startMariaDb } from '#mariadb-server';
import { createConnection } from 'mysql2/promise';

import { type CaseCell, type CaseType } from '../case.js';
import { type Engine, factsOf, oncePerTable } from './engine.js';

const TYPES: Readonly<Record<CaseType, string>> = {
  // With the server's usual collation, in which 'a' equals 'A ': our rules compare bytes all the same.
  string: 'text',
  int: 'int',
  bigint: 'bigint',
  double: 'double',
  decimal: 'decimal(38,10)',
  boolean: 'tinyint(1)',
  date: 'date',
  timestamp: 'datetime(6)',
  timestamptz: 'timestamp(6)',
};

/** A MariaDB of its own, in a temporary folder. */
export async function openMySql(): Promise<Engine> {
  const server = await startMariaDb();
  const login = { host: '127.0.0.1', port: server.port, user: 'root' };
  const client = await createConnection({ ...login, charset: 'utf8mb4' });
  await client.query(`SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'`);
  await client.query('CREATE DATABASE conformance');
  const connection = await mysql.open({ ...login, tls: 'disable' });
  return {
    connection,
    table: oncePerTable(async (table, n) => {
      const name = `case_${n}`;
      const relation = connection.relation('conformance', name);
      const columns = table.columns.map(
        (column) => `${quoteIdentifier('mysql', column.name)} ${TYPES[column.type]} NULL`,
      );
      await client.query(`CREATE TABLE ${relation} (${columns.join(', ')})`);
      if (table.rows.length > 0)
        await client.query(`INSERT INTO ${relation} VALUES ?`, [
          table.rows.map((row) => row.map((cell, at) => written(cell, table.columns[at]!.type))),
        ]);
      return factsOf(relation, name, table, (type) => TYPES[type]);
    }),
    cannotHold: ({ columns, rows }) =>
      rows.some((row) => row.some((cell, at) => columns[at]!.type === 'double' && /inf|nan/i.test(String(cell))))
        ? 'a double of MariaDB is neither infinite nor NaN'
        : undefined,
    async close() {
      await connection.close();
      await client.end();
      await server.stop();
    },
  };
}

/** MariaDB knows neither the word true nor, in its literals, zones. */
function written(cell: CaseCell | undefined, type: CaseType): string | null {
  if (cell == null) return null;
  const text = String(cell);
  if (type === 'boolean') return text === 'true' ? '1' : '0';
  const [, local, fraction = '', zone] = /^(.*?)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)$/.exec(text) ?? [];
  if (type !== 'timestamptz' || local === undefined) return text;
  return `${new Date(`${local.replace(' ', 'T')}${zone}`).toISOString().slice(0, 19).replace('T', ' ')}${fraction}`;
}
