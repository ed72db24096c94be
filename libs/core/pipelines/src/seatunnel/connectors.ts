import { qualifiedName } from '#kernel';

import { folderDataset } from '../naming/files.js';
import { datasetIn, type Store, storeAt, storeOf, tableNamed } from '../naming/store.js';
import { systemNamed } from '../naming/systems.js';
import { dotted } from '../text/hocon.js';
import type { Value } from '../text/value.js';
import type { Dataset } from '../types.js';

/** Plugins whose rows come from nowhere or go nowhere. */
export const NOWHERE: ReadonlySet<string> = new Set(['fakesource', 'console', 'assert', 'socketsource']);

export const said = (plugin: Value, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const text = dotted(plugin, name)?.texts[0]?.trim();
    if (text) return text;
  }
  return undefined;
};

/** `MySQL-CDC` → `mysql`; `Jdbc` → `jdbc`. */
export const connectorWord = (plugin: string): string => plugin.trim().toLowerCase().replace(/-cdc$/, '');

/** The database server that a plugin with tables means; undefined for files, queues and what is not known. */
export function storeOfConnector(word: string, plugin: Value): Store | undefined {
  const user = said(plugin, 'user', 'username');
  const database = said(plugin, 'database');
  const schema = said(plugin, 'schema');
  const url = said(plugin, 'url', 'base-url', 'base_url', 'jdbc-url', 'jdbc_url');
  const system = word === 'jdbc' ? undefined : systemNamed(word);
  const schemaToo = schema !== undefined ? { schema } : {};
  if (word === 'hive') {
    const host = said(plugin, 'metastore_uri');
    const { schema: _, ...store } = storeOf('hive', { ...(host !== undefined && { host }), port: '9083' });
    return { ...store, schema: 'default' };
  }
  const host =
    said(plugin, 'fenodes', 'nodeUrls', 'nodeurls', 'host', 'hostname', 'hosts', 'load-url') ??
    said(plugin, 'uri', 'endpoint');
  if (url !== undefined && /^jdbc:/i.test(url)) {
    const store = storeAt(
      url,
      user,
      word === 'doris' || word === 'starrocks' || word === 'selectdb' ? system : undefined,
    );
    if (store && database !== undefined)
      return store.system.parts === 'schema' ? { ...store, schema: database } : { ...store, database, ...schemaToo };
    return store;
  }
  if (!system || host === undefined) return undefined;
  const port = said(plugin, 'port');
  return storeOf(system, {
    host,
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    ...schemaToo,
  });
}

/** `db.table` of SeaTunnel in a store: what it names first is the database also where the server has schemas. */
export const pathIn = (store: Store, path: string): Dataset => datasetIn(store, tableNamed(path, store.dialect));

const hostOf = (address: string | undefined): string =>
  (address ?? '')
    .replace(/^[a-z][a-z0-9+]*:\/\//i, '')
    .split('/')[0]!
    .split(/[,;]/)[0]!
    .replace(/^.*@/, '')
    .trim()
    .toLowerCase() || 'unknown';

const named = (scheme: string, address: string | undefined, ...parts: readonly (string | undefined)[]): Dataset[] => {
  const present = parts.filter((part) => part !== undefined);
  return present.length < parts.length
    ? []
    : [{ namespace: `${scheme}://${hostOf(address)}`, name: qualifiedName(...present) }];
};

const FILES: Readonly<Record<string, (plugin: Value) => string | undefined>> = {
  hdfsfile: (plugin) => said(plugin, 'fs.defaultFS') ?? 'hdfs://unknown',
  localfile: () => 'file://unknown',
  s3file: (plugin) => said(plugin, 'bucket'),
  ossfile: (plugin) => said(plugin, 'bucket'),
  ossjindofile: (plugin) => said(plugin, 'bucket'),
  cosfile: (plugin) => said(plugin, 'bucket'),
  obsfile: (plugin) => said(plugin, 'bucket'),
  ftpfile: (plugin) => `ftp://${said(plugin, 'host') ?? 'unknown'}`,
  sftpfile: (plugin) => `sftp://${said(plugin, 'host') ?? 'unknown'}`,
};

const OTHERS: Readonly<Record<string, (plugin: Value) => Dataset[]>> = {
  kafka: (plugin) =>
    (said(plugin, 'topic') ?? '')
      .split(',')
      .filter(Boolean)
      .flatMap((topic) => named('kafka', said(plugin, 'bootstrap.servers'), topic.trim())),
  pulsar: (plugin) => named('pulsar', said(plugin, 'client.service-url'), said(plugin, 'topic')),
  rocketmq: (plugin) => named('rocketmq', said(plugin, 'name.srv.addr'), said(plugin, 'topic', 'topics')),
  rabbitmq: (plugin) => named('rabbitmq', said(plugin, 'host'), said(plugin, 'queue_name')),
  elasticsearch: (plugin) => named('elasticsearch', said(plugin, 'hosts'), said(plugin, 'index')),
  easysearch: (plugin) => named('easysearch', said(plugin, 'hosts'), said(plugin, 'index')),
  mongodb: (plugin) =>
    named('mongodb', said(plugin, 'uri', 'hosts'), said(plugin, 'database'), said(plugin, 'collection')),
  redis: (plugin) =>
    named('redis', `${said(plugin, 'host') ?? ''}:${said(plugin, 'port') ?? '6379'}`, said(plugin, 'key', 'keys')),
  hbase: (plugin) => named('hbase', said(plugin, 'zookeeper_quorum'), said(plugin, 'table')),
  kudu: (plugin) =>
    named('kudu', said(plugin, 'kudu_masters', 'kudu_master'), said(plugin, 'table_name', 'kudu_table')),
  cassandra: (plugin) => named('cassandra', said(plugin, 'host'), said(plugin, 'keyspace'), said(plugin, 'table')),
  maxcompute: (plugin) =>
    named('maxcompute', said(plugin, 'endpoint'), said(plugin, 'project'), said(plugin, 'table_name')),
  iceberg: (plugin) =>
    named(
      'iceberg',
      said(plugin, 'iceberg.catalog.config.uri', 'uri', 'catalog_name'),
      said(plugin, 'namespace'),
      said(plugin, 'table', 'iceberg.table'),
    ),
  paimon: (plugin) => {
    const [database, table] = [said(plugin, 'database'), said(plugin, 'table')];
    const warehouse = said(plugin, 'warehouse');
    return warehouse === undefined || database === undefined || table === undefined
      ? []
      : [folderDataset(`${warehouse.replace(/\/$/, '')}/${database}.db/${table}`)];
  },
  hudi: (plugin) => {
    const path = said(plugin, 'table_dfs_path', 'table.path');
    return path === undefined ? [] : [folderDataset(path)];
  },
  influxdb: (plugin) => named('influxdb', said(plugin, 'url'), said(plugin, 'database'), said(plugin, 'measurement')),
  neo4j: (plugin) => named('neo4j', said(plugin, 'uri'), said(plugin, 'database')),
  http: (plugin) =>
    named('http', said(plugin, 'url'), (said(plugin, 'url') ?? '').replace(/^[a-z]+:\/\/[^/]*/i, '') || '/'),
};

/** What a plugin for files, queues and the like names; undefined for a plugin nobody knows. */
export function datasetsOfConnector(word: string, plugin: Value): Dataset[] | undefined {
  const root = FILES[word];
  if (root)
    return (dotted(plugin, 'path')?.texts ?? []).map((path) => folderDataset(path, root(plugin) ?? 'file://unknown'));
  return OTHERS[word]?.(plugin);
}
