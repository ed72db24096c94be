/** A job or a dataset as OpenLineage names it. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** One text for one name, whatever stands in it. */
export const nameKeyOf = ({ namespace, name }: Named): string => JSON.stringify([namespace, name]);

/** Schemes that producers write for the one in OpenLineage's naming. */
const SCHEMES: Readonly<Record<string, string>> = {
  postgresql: 'postgres',
  mariadb: 'mysql',
  sqlserver: 'mssql',
  s3a: 's3',
  s3n: 's3',
  gcs: 'gs',
};

/** Ports that may be left out. Hive has two services with two ports, so that a missing one says nothing. */
const PORTS: Readonly<Record<string, string>> = {
  postgres: '5432',
  mysql: '3306',
  oracle: '1521',
  mssql: '1433',
  redshift: '5439',
  db2: '50000',
  oceanbase: '2881',
  hdfs: '8020',
};

const OBJECT_STORES = new Set(['s3', 'gs', 'oss', 'cos', 'obs']);

/**
 * How a namespace is spelled when everybody spells it alike: scheme and host in small letters, the naming's own scheme,
 * the usual port written out, no `jdbc:`, no user.
 *
 * @example
 * normalNamespace('jdbc:PostgreSQL://DW.Internal'); // 'postgres://dw.internal:5432'
 */
export function normalNamespace(namespace: string): string {
  const written = namespace.trim().replace(/^jdbc:/i, '');
  if (/^file:?\/*$/i.test(written)) return 'file';
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(written);
  if (!match) return written;
  const [, scheme = '', authority = '', rest = ''] = match;
  const kind = SCHEMES[scheme.toLowerCase()] ?? scheme.toLowerCase();
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const port = PORTS[kind];
  const bare = host.replace(/\.(?=:\d+$|$)/, '');
  const full = port === undefined || bare === '' || /:\d+$/.test(bare) ? bare : `${bare.replace(/:$/, '')}:${port}`;
  return `${kind}://${full}${rest.replace(/\/+$/, '')}`;
}

/** A dataset's name as everybody would spell it: paths without a slash at the end. */
export function normalName({ namespace, name }: Named): Named {
  const normal = normalNamespace(namespace);
  const scheme = /^[^:]+/.exec(normal)?.[0] ?? '';
  if (scheme === 'hdfs' || scheme === 'file')
    return { namespace: normal, name: name.length > 1 ? name.replace(/\/+$/, '') || '/' : name };
  if (OBJECT_STORES.has(scheme)) return { namespace: normal, name: name.replace(/^\/+(?=.)|(?<=.)\/+$/g, '') };
  return { namespace: normal, name };
}
