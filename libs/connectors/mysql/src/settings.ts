import { type Static, Type } from 'typebox';

export const settings = Type.Object(
  {
    host: Type.String({ minLength: 1, title: 'Host', 'x-title-zh': '主机' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 3306, title: 'Port', 'x-title-zh': '端口' }),
    database: Type.Optional(
      Type.String({
        minLength: 1,
        title: 'Database',
        'x-title-zh': '数据库',
        description: 'Only this one; every database that the user may see when left out.',
        'x-description-zh': '只读取该数据库；不填则读取账号可见的全部数据库。',
      }),
    ),
    user: Type.String({ minLength: 1, title: 'User', 'x-title-zh': '用户' }),
    password: Type.Optional(Type.String({ title: 'Password', 'x-title-zh': '密码', secret: true })),
    tls: Type.Enum(['disable', 'prefer', 'require', 'verify-full'], {
      default: 'prefer',
      title: 'Encryption',
      'x-title-zh': '加密方式',
      description:
        'prefer: encrypt when the server can. require: encrypt, whoever answers. verify-full: encrypt, and check the ' +
        "server's certificate and name.",
      'x-description-zh': 'prefer：服务器支持则加密；require：必须加密；verify-full：必须加密并校验证书与主机名。',
    }),
    tlsCa: Type.Optional(
      Type.String({
        title: 'Certificate authority (PEM)',
        'x-title-zh': 'CA 证书（PEM）',
        'x-lines': true,
        description: 'For verify-full, when the authority is not one that the system trusts.',
        'x-description-zh': '仅用于 verify-full；系统不信任该 CA 时填写。',
      }),
    ),
    queryLog: Type.Enum(['off', 'general_log', 'slow_log'], {
      default: 'off',
      title: 'Lineage from the log of queries',
      'x-title-zh': '从查询日志解析血缘',
      description:
        'After each harvest, the statements of this log that move data are kept without their values, and read for lineage. The server must write it to a table (log_output), and the user needs SELECT on mysql.general_log or mysql.slow_log.',
      'x-description-zh':
        '每次采集后读取该日志中搬运数据的语句（去除取值后保存）并解析血缘。服务器须将日志写入表（log_output），账号须有 mysql.general_log 或 mysql.slow_log 的 SELECT 权限。',
    }),
    connectTimeoutMs: Type.Integer({
      minimum: 100,
      default: 10_000,
      title: 'Time to wait for a connection (ms)',
      'x-title-zh': '连接超时（毫秒）',
    }),
    lockTimeoutMs: Type.Integer({
      minimum: 1_000,
      default: 5_000,
      title: 'Time to wait for a lock (ms, whole seconds)',
      'x-title-zh': '锁等待超时（毫秒，按整秒）',
    }),
    maxConnections: Type.Integer({
      minimum: 1,
      maximum: 10,
      default: 2,
      title: 'Connections at the same time',
      'x-title-zh': '最大并发连接数',
    }),
  },
  { additionalProperties: false },
);

export type MysqlSettings = Static<typeof settings>;
