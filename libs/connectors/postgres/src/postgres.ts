import { defineConnector } from '#core/connector-kit';

import { namespaceOf } from './names.js';
import { settings } from './settings.js';

/** PostgreSQL and what speaks its protocol with its catalog. */
export const postgres = defineConnector({
  kind: 'postgres',
  title: { en: 'PostgreSQL', zh: 'PostgreSQL' },
  description: {
    en: 'One database of a PostgreSQL server. The user needs no more than the right to connect and to read.',
    zh: '一个 PostgreSQL 数据库。所用账号只需要连接与读取权限。',
  },
  settings,
  dialect: 'postgres',
  capabilities: ['viewSql', 'queryLog', 'explain', 'scopeDigests', 'routines'],
  namespace: ({ host, port }) => namespaceOf(host, port),
  async open(settings) {
    const { PostgresConnection } = await import('./postgres-connection.js');
    return new PostgresConnection(settings);
  },
});
