import { type Static, Type } from 'typebox';

export const settings = Type.Object(
  {
    host: Type.String({ minLength: 1, title: 'Host', 'x-title-zh': '主机' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 5432, title: 'Port', 'x-title-zh': '端口' }),
    database: Type.String({ minLength: 1, title: 'Database', 'x-title-zh': '数据库' }),
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
    partitions: Type.Boolean({
      default: false,
      title: 'List partitions as tables of their own',
      'x-title-zh': '将分区单独列为表',
    }),
    queryLog: Type.Enum(['off', 'pg_stat_statements'], {
      default: 'off',
      title: 'Lineage from the log of queries',
      'x-title-zh': '从查询日志解析血缘',
      description:
        'pg_stat_statements: after each harvest, the statements that move data are kept without their values, and read for lineage. The extension must be there, and the user needs pg_read_all_stats.',
      'x-description-zh':
        'pg_stat_statements：每次采集后读取其中搬运数据的语句（去除取值后保存）并解析血缘。需安装该扩展，账号需有 pg_read_all_stats。',
    }),
    connectTimeoutMs: Type.Integer({
      minimum: 100,
      default: 10_000,
      title: 'Time to wait for a connection (ms)',
      'x-title-zh': '连接超时（毫秒）',
    }),
    lockTimeoutMs: Type.Integer({
      minimum: 0,
      default: 5_000,
      title: 'Time to wait for a lock (ms)',
      'x-title-zh': '锁等待超时（毫秒）',
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

export type PostgresSettings = Static<typeof settings>;
