import { defineConnector } from '#core/connector-kit';

import { namespaceOf } from './names.js';
import { settings } from './settings.js';

/** MariaDB, MySQL and what speaks their protocol with their information_schema. */
export const mysql = defineConnector({
  kind: 'mysql',
  title: { en: 'MariaDB, MySQL', zh: 'MariaDB、MySQL' },
  description: {
    en: 'A MariaDB or MySQL server, or one database of it. The user needs no more than SELECT and SHOW VIEW.',
    zh: '一个 MariaDB 或 MySQL 服务器，或其中一个数据库。所用账号只需要 SELECT 与 SHOW VIEW 权限。',
  },
  settings,
  dialect: 'mysql',
  capabilities: ['viewSql', 'queryLog', 'explain', 'scopeDigests', 'routines'],
  namespace: ({ host, port }) => namespaceOf(host, port),
  async open(settings) {
    const { MysqlConnection } = await import('./mysql-connection.js');
    return new MysqlConnection(settings);
  },
});
