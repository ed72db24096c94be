import { dataOf, kindOf, type Node } from '../parse/tree.js';
import type { Reading } from '../resolve/reading.js';
import type { TableName } from '../types.js';

const FILES =
  /^(s3|s3cluster|gcs|oss|cosn|url|file|hdfs|hdfscluster|azureblobstorage|iceberg\w*|deltalake\w*|hudi|files)$/;
const SAME_SERVERS = /^(cluster|clusterallreplicas)$/;

/** A plain constant or name among a call's arguments. */
function textOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (kindOf(node) === 'literal') return String(dataOf<{ value?: unknown }>(node).value);
  if (kindOf(node) === 'identifier') return dataOf<{ name: string }>(node).name;
  if (kindOf(node) !== 'column') return undefined;
  const { name, table } = dataOf<{ name: { name: string }; table?: { name: string } | null }>(node);
  return [table?.name, name.name].filter((part) => part !== undefined).join('.');
}

/** What `INSERT INTO FUNCTION f(…)` writes to: a file, a table of the cluster, or a table of another server by its address. */
export function functionTarget(node: Node, reading: Reading): TableName {
  const { name = '', args = [] } = dataOf<{ name?: string; args?: readonly Node[] }>(node);
  const called = name.toLowerCase();
  const texts = args.map(textOf);
  const [first] = texts;
  if (FILES.test(called) && first !== undefined) return { name: first, path: true };
  if (SAME_SERVERS.test(called) && texts[1] !== undefined) {
    const [table = '', schema] = [...(texts[1].includes('.') ? texts[1].split('.') : [texts[1], texts[2] ?? '']), '']
      .slice(0, 2)
      .reverse();
    return reading.catalog.resolve({ ...(schema !== undefined && schema !== '' && { schema }), name: table });
  }
  // No more than three: behind the host, the database and the table come the user and the password.
  return {
    name: `${called}://${texts
      .slice(0, 3)
      .filter((text) => text !== undefined)
      .join('/')}`,
    path: true,
  };
}
