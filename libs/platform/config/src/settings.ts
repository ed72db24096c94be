import { Type, type Static } from 'typebox';

/** Where a setting comes from besides the file: the name of its environment variable. */
const fromEnv = (env: string) => ({ 'x-env': env });

/**
 * Every setting of the product. A setting comes from the command line, else the environment, else
 * `plumbline.config.json`, else its default here. `docs/settings.md` is made of this schema.
 */
export const SettingsSchema = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description: 'Address the API listens on.',
      ...fromEnv('PLUMBLINE_HOST'),
    }),
    port: Type.Integer({
      default: 7070,
      minimum: 0,
      maximum: 65535,
      description: 'Port the API listens on; 0 takes any free one.',
      ...fromEnv('PLUMBLINE_PORT'),
    }),
    publicUrl: Type.Optional(
      Type.String({
        format: 'uri',
        description:
          'Address people open in the browser, when a proxy stands before the API. With https:// the session cookie is Secure.',
        ...fromEnv('PLUMBLINE_PUBLIC_URL'),
      }),
    ),
    dataDir: Type.String({
      default: '.plumbline',
      minLength: 1,
      description: 'Folder of the embedded database, the key file and the demo.',
      ...fromEnv('PLUMBLINE_DATA'),
    }),
    databaseUrl: Type.Optional(
      Type.String({
        pattern: '^postgres(ql)?://',
        description: 'A PostgreSQL 18 or newer to use in place of the embedded one.',
        ...fromEnv('DATABASE_URL'),
      }),
    ),
    databasePool: Type.Integer({
      default: 8,
      minimum: 2,
      maximum: 200,
      description: 'Most connections of each process to the database.',
      ...fromEnv('PLUMBLINE_DATABASE_POOL'),
    }),
    postgresPort: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description: 'Port of the embedded PostgreSQL. The first start picks a free one and keeps it.',
        ...fromEnv('PLUMBLINE_POSTGRES_PORT'),
      }),
    ),
    redisUrl: Type.Optional(
      Type.String({
        pattern: '^rediss?://',
        description: 'A Redis for the job queue in place of PostgreSQL.',
        ...fromEnv('REDIS_URL'),
      }),
    ),
    secretKey: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9+/]{43}=$',
        description:
          'Key that encrypts the secrets of sources: 32 bytes in base64. Without it a key file is made in dataDir.',
        ...fromEnv('PLUMBLINE_SECRET_KEY'),
      }),
    ),
    logLevel: Type.Union(
      [
        Type.Literal('fatal'),
        Type.Literal('error'),
        Type.Literal('warn'),
        Type.Literal('info'),
        Type.Literal('debug'),
        Type.Literal('trace'),
        Type.Literal('silent'),
      ],
      { default: 'info', description: 'Least serious message that is logged.', ...fromEnv('PLUMBLINE_LOG_LEVEL') },
    ),
    timeZone: Type.String({
      default: 'Asia/Shanghai',
      minLength: 1,
      description: 'Time zone of reports and of schedules that name none.',
      ...fromEnv('PLUMBLINE_TIME_ZONE'),
    }),
    sessionHours: Type.Number({
      default: 12,
      exclusiveMinimum: 0,
      maximum: 720,
      description: 'Hours after which a session ends.',
      ...fromEnv('PLUMBLINE_SESSION_HOURS'),
    }),
    graphqlDepth: Type.Integer({
      default: 16,
      minimum: 3,
      description: 'Deepest GraphQL query answered. Tools that read the schema ask 15 deep.',
      ...fromEnv('PLUMBLINE_GRAPHQL_DEPTH'),
    }),
    graphqlCost: Type.Integer({
      default: 20000,
      minimum: 100,
      description: 'Most fields, counted with the sizes of lists, that one GraphQL query may ask for.',
      ...fromEnv('PLUMBLINE_GRAPHQL_COST'),
    }),
    graphiql: Type.Boolean({
      default: false,
      description: 'Serve GraphiQL at /graphiql and allow introspection without signing in.',
      ...fromEnv('PLUMBLINE_GRAPHIQL'),
    }),
    bodyLimitKb: Type.Integer({
      default: 1024,
      minimum: 16,
      description: 'Largest request body, in kilobytes.',
      ...fromEnv('PLUMBLINE_BODY_LIMIT_KB'),
    }),
    openLineageLimitKb: Type.Integer({
      default: 10_240,
      minimum: 16,
      maximum: 1_048_576,
      description: 'Largest body of OpenLineage events, unpacked, in kilobytes.',
      ...fromEnv('PLUMBLINE_OPENLINEAGE_LIMIT_KB'),
    }),
    openLineageMode: Type.Union([Type.Literal('strict'), Type.Literal('lenient')], {
      default: 'strict',
      description:
        'Refuse OpenLineage events that the specification does not allow, or keep what can be understood of them.',
      ...fromEnv('PLUMBLINE_OPENLINEAGE_MODE'),
    }),
    lineageGraphMb: Type.Integer({
      default: 512,
      minimum: 0,
      maximum: 65_536,
      description:
        'Most memory for the lineage graph in each API process, in megabytes; 28 bytes an edge while it is read. A larger graph is walked in the database, more slowly; 0 always does that.',
      ...fromEnv('PLUMBLINE_LINEAGE_GRAPH_MB'),
    }),
    concurrency: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 64,
      description: 'Jobs that one worker runs at once in each queue.',
      ...fromEnv('PLUMBLINE_CONCURRENCY'),
    }),
    lockSeconds: Type.Integer({
      default: 15,
      minimum: 2,
      maximum: 600,
      description: 'A job whose worker has been silent for so long is given to another worker.',
      ...fromEnv('PLUMBLINE_LOCK_SECONDS'),
    }),
    levelTemplate: Type.Union([Type.Literal('jrt-0197'), Type.Literal('jrt-0171'), Type.Literal('gbt-43697')], {
      default: 'jrt-0197',
      description: 'Template by which categories of sensitive data get their security level.',
      ...fromEnv('PLUMBLINE_LEVEL_TEMPLATE'),
    }),
    unknownLevel: Type.Union(
      [Type.Literal('L1'), Type.Literal('L2'), Type.Literal('L3'), Type.Literal('L4'), Type.Literal('L5')],
      {
        default: 'L3',
        description:
          'Security level that a column is treated as whose level nobody has said: from L3 on, statistics keep none of its values.',
        ...fromEnv('PLUMBLINE_UNKNOWN_LEVEL'),
      },
    ),
    sampleDays: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 3_650,
      description: 'Days for which some rows that break a rule are kept, sealed and masked; 0 keeps none.',
      ...fromEnv('PLUMBLINE_SAMPLE_DAYS'),
    }),
    trustedFolders: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        'Folders, besides the demo’s, that sources of files may read. In the environment: separated by colons.',
      ...fromEnv('PLUMBLINE_TRUSTED_FOLDERS'),
    }),
  },
  { additionalProperties: false },
);

export type Settings = Static<typeof SettingsSchema>;
