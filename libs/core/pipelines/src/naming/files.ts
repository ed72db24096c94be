import type { Dataset } from '../types.js';

const SCHEME = /^([a-z][a-z0-9+]*):\/\/([^/]*)(\/.*)?$/i;
const HIVE_FOLDER = /(?:^|\/)([^/]+)\.db\/([^/]+)$/;
const WAREHOUSE_FOLDER = /\/warehouse\/([^/.]+)$/;

/**
 * A file or folder, in OpenLineage's names: folders of partitions and patterns of files are taken off, and a folder of Hive's warehouse is
 * known by its table's name as well.
 *
 * @param root where the path is, for instance `hdfs://nn1:8020`; a path with a scheme says it itself
 */
export function folderDataset(path: string, root = 'file://unknown'): Dataset {
  const whole = SCHEME.exec(path.trim());
  const namespace = whole
    ? `${whole[1]!.toLowerCase().replace(/^s3[an]$/, 's3')}://${whole[2] || 'unknown'}`
    : rootOf(root);
  const partitions: string[] = [];
  let folder = (whole ? (whole[3] ?? '/') : path.trim()).replace(/\/{2,}/g, '/');
  for (;;) {
    const [, before, last] = /^(.*)\/([^/]*)$/.exec(folder) ?? [];
    if (before === undefined || last === undefined) break;
    const partition = /^([\p{L}\p{N}_]+)=/u.exec(last);
    if (partition) partitions.unshift(partition[1]!);
    else if (last !== '' && !/[*?]/.test(last)) break;
    if (before === '') break;
    folder = before;
  }
  const object = /^(?:s3|oss|cosn?|obs|gs)$/.test(namespace.split(':')[0]!);
  const name = object ? folder.replace(/^\//, '') : folder;
  const hive = HIVE_FOLDER.exec(folder);
  const inWarehouse = hive ? undefined : WAREHOUSE_FOLDER.exec(folder);
  const table = hive ? `${hive[1]}.${hive[2]}` : inWarehouse && `default.${inWarehouse[1]}`;
  return {
    namespace,
    name: name === '' ? '/' : name,
    ...(partitions.length > 0 && { partitions }),
    ...(table && { symlinks: [{ namespace: 'hive://unknown', name: table }] }),
  };
}

function rootOf(root: string): string {
  const [, scheme, host] = SCHEME.exec(root.trim()) ?? [];
  return scheme === undefined ? `file://${root || 'unknown'}` : `${scheme.toLowerCase()}://${host || 'unknown'}`;
}
