import { qualifiedName } from '#kernel';

import { folderDataset } from '../naming/files.js';
import { type Store, storeAt, storeOf } from '../naming/store.js';
import { type System, systemNamed } from '../naming/systems.js';
import { textOf, type Value } from '../text/value.js';
import type { Dataset } from '../types.js';

/** `MysqlReader`, `otsreader-internal` → `mysql`, `ots`. */
export const pluginWord = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/-internal$/, '')
    .replace(/(?:reader|writer)$/, '');

/** Plugins that know better than their JDBC URL what kind of server it is. */
const SPEAKS_FOR_ITSELF = new Set(['doris', 'selectdb', 'starrocks', 'oceanbasev10', 'oceanbase']);

/** The kind of server, where the plugin rather than the URL says it. */
export const systemOfPlugin = (word: string): System | undefined =>
  SPEAKS_FOR_ITSELF.has(word) ? systemNamed(word) : undefined;

/** Plugins whose rows come from nowhere or go nowhere. */
export const NOWHERE = new Set(['stream', 'null', 'console', 'print']);

/** Writers of text files: their columns have a place and, without a header, no name. */
export const TEXT_FILES = new Set(['txtfile', 'ftp', 'oss', 's3', 'cos', 'obs', 'localfile']);

type Parameter = Value | undefined;

const hostOf = (address: string | undefined): string => {
  const [first = ''] = (address ?? '')
    .replace(/^[a-z][a-z0-9+]*:\/\//i, '')
    .split('/')[0]!
    .split(/[,;]/);
  return first.trim().toLowerCase() || 'unknown';
};

const named = (scheme: string, address: string | undefined, ...parts: readonly (string | undefined)[]): Dataset[] => {
  const said = parts.filter((part) => part !== undefined);
  return said.length < parts.length
    ? []
    : [{ namespace: `${scheme}://${hostOf(address)}`, name: qualifiedName(...said) }];
};

const firstText = (parameter: Parameter, ...names: readonly string[]): string | undefined =>
  parameter?.field(...names)?.texts[0]?.trim() || undefined;

const zookeeper = (parameter: Parameter): string | undefined =>
  textOf(parameter?.field('hbaseConfig'), 'hbase.zookeeper.quorum') ?? textOf(parameter, 'hbaseConfig');

const files =
  (root: (parameter: Parameter) => string | undefined, ...names: readonly string[]) =>
  (parameter: Parameter): Dataset[] =>
    (parameter?.field(...names)?.texts ?? []).map((path) => folderDataset(path, root(parameter)));

const bucket = (scheme: string) => (parameter: Parameter) => `${scheme}://${textOf(parameter, 'bucket') ?? 'unknown'}`;

/** Plugins without a JDBC URL: what their parameters name. */
const DATASETS: Readonly<Record<string, (parameter: Parameter) => Dataset[]>> = {
  hdfs: files((parameter) => textOf(parameter, 'defaultFS') ?? 'hdfs://unknown', 'path'),
  txtfile: files(() => 'file://unknown', 'path'),
  localfile: files(() => 'file://unknown', 'path'),
  ftp: files(
    (parameter) => `${textOf(parameter, 'protocol') ?? 'ftp'}://${textOf(parameter, 'host') ?? 'unknown'}`,
    'path',
  ),
  oss: files(bucket('oss'), 'object'),
  s3: files(bucket('s3'), 'object', 'path'),
  cos: files(bucket('cos'), 'object'),
  obs: files(bucket('obs'), 'object'),
  odps: (parameter) =>
    named('maxcompute', textOf(parameter, 'odpsServer'), textOf(parameter, 'project'), textOf(parameter, 'table')),
  mongodb: (parameter) =>
    named('mongodb', firstText(parameter, 'address'), textOf(parameter, 'dbName'), textOf(parameter, 'collectionName')),
  cassandra: (parameter) =>
    named(
      'cassandra',
      `${textOf(parameter, 'host') ?? ''}:${textOf(parameter, 'port') ?? '9042'}`,
      textOf(parameter, 'keyspace'),
      textOf(parameter, 'table'),
    ),
  elasticsearch: (parameter) => named('elasticsearch', textOf(parameter, 'endpoint'), textOf(parameter, 'index')),
  ots: (parameter) =>
    named('tablestore', textOf(parameter, 'endpoint'), textOf(parameter, 'instanceName'), textOf(parameter, 'table')),
  kudu: (parameter) =>
    named('kudu', textOf(parameter?.field('kuduConfig'), 'kudu.master_addresses'), textOf(parameter, 'table')),
  kafka: (parameter) =>
    named(
      'kafka',
      firstText(parameter, 'bootstrapServers', 'brokerList', 'bootstrap.servers'),
      textOf(parameter, 'topic'),
    ),
  loghub: (parameter) =>
    named('sls', textOf(parameter, 'endpoint'), textOf(parameter, 'project'), textOf(parameter, 'logstore')),
  datahub: (parameter) =>
    named('datahub', textOf(parameter, 'endpoint'), textOf(parameter, 'project'), textOf(parameter, 'topic')),
  milvus: (parameter) => named('milvus', textOf(parameter, 'endpoint'), textOf(parameter, 'collection')),
  neo4j: (parameter) => named('neo4j', textOf(parameter, 'uri'), textOf(parameter, 'label')),
  gdb: (parameter) =>
    (parameter?.field('labels', 'label')?.texts ?? []).flatMap((label) =>
      named('gdb', `${textOf(parameter, 'host') ?? ''}:${textOf(parameter, 'port') ?? '8182'}`, label),
    ),
  ocs: (parameter) =>
    named('memcached', `${textOf(parameter, 'proxy') ?? ''}:${textOf(parameter, 'port') ?? '11211'}`, 'keys'),
  tsdb: (parameter) => named('tsdb', textOf(parameter, 'endpoint', 'sinkDbType'), 'metrics'),
  opentsdb: (parameter) => named('opentsdb', textOf(parameter, 'endpoint'), 'metrics'),
  hbase: (parameter) => named('hbase', zookeeper(parameter), textOf(parameter, 'table')),
  phoenix: (parameter) =>
    named(
      'hbase',
      zookeeper(parameter) ?? textOf(parameter, 'queryServerAddress'),
      ...(textOf(parameter, 'schema') === undefined ? [] : [textOf(parameter, 'schema')]),
      textOf(parameter, 'table'),
    ),
};

/** What the parameters of a plugin without a JDBC URL name; undefined for a plugin nobody knows. */
export function datasetsOfPlugin(word: string, parameter: Parameter): Dataset[] | undefined {
  const hbase = /^(?:ob)?hbase[0-9x]*(sql)?$/.exec(word);
  return DATASETS[hbase ? (hbase[1] === undefined ? 'hbase' : 'phoenix') : word]?.(parameter);
}

/** The server that a connection, or a plugin with host and database beside each other, means. */
export function storeOfPlugin(word: string, parameter: Parameter, url: string | undefined): Store | undefined {
  const as = systemOfPlugin(word);
  if (url !== undefined) return storeAt(url, textOf(parameter, 'username', 'user'), as);
  const host = textOf(parameter, 'host', 'url');
  return host === undefined || !systemNamed(word) ? undefined : addressed(word, host, parameter);
}

function addressed(word: string, host: string, parameter: Parameter): Store | undefined {
  const [port, database, schema] = ['port', 'database', 'schema'].map((name) => textOf(parameter, name));
  const system = systemNamed(word);
  if (!system) return undefined;
  // ADS calls its database a schema.
  const home = database ?? (system.parts === 'schema' ? schema : undefined);
  return storeOf(system, {
    host,
    ...(port !== undefined && { port }),
    ...(home !== undefined && { database: home }),
    ...(schema !== undefined && { schema }),
  });
}
