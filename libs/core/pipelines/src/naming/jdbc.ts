import { someSystem, type System, systemNamed } from './systems.js';

/** What a JDBC URL says about where tables are. */
export interface JdbcPlace {
  readonly system: System;
  readonly namespace: string;
  readonly database?: string;
  /** Schema of a table that names none. */
  readonly schema?: string;
  /** False when the kind of URL is not known, and its parts are guessed. */
  readonly known: boolean;
}

/** How OceanBase's DataX plugins say cluster and tenant before the URL. */
const OCEANBASE_TENANT = /^\|\|_dsc_ob10_dsc_\|\|.*?\|\|_dsc_ob10_dsc_\|\|/;

/**
 * Where a JDBC URL leads, in OpenLineage's names: `jdbc:mysql://core:3306/bank` is the database `bank` of `mysql://core:3306`. Undefined for
 * a text that is no JDBC URL. User names and passwords are left out.
 *
 * @param as the kind of server, when something else than the URL knows it better (Doris speaks MySQL's protocol)
 */
export function jdbcPlace(url: string, as?: System): JdbcPlace | undefined {
  const [, rest] = /^jdbc:\s*(.+)$/is.exec(url.trim().replace(OCEANBASE_TENANT, '').trim()) ?? [];
  if (rest === undefined) return undefined;
  const word = /^[a-z0-9_-]+/i.exec(rest)?.[0] ?? '';
  const found = systemNamed(word);
  const system = as ?? found ?? someSystem(word || 'jdbc');
  const after = rest.slice(word.length).replace(/^:/, '');
  const parts = partsOfUrl(word.toLowerCase(), after);
  return {
    system,
    known: found !== undefined,
    namespace: namespaceIn(system, parts.host, parts.port),
    ...placeIn(system, parts),
  };
}

/** The namespace of a server. Host names do not differ by case. */
export function namespaceIn(system: System, host: string | undefined, port?: string | number): string {
  const where = host === undefined || host === '' ? 'unknown' : host.includes('$') ? host : host.toLowerCase();
  const redshift = /^([^.]+)\.[^.]+\.([^.]+)\.redshift\.amazonaws\.com/.exec(where);
  const shown = system.scheme === 'redshift' && redshift ? `${redshift[1]}.${redshift[2]}` : where;
  if (system.scheme === 'snowflake') return `snowflake://${shown.replace('.snowflakecomputing.com', '')}`;
  if (system.scheme === 'bigquery') return 'bigquery';
  const number = port === undefined || port === '' ? system.port : port;
  return where === 'unknown' || Number(number) === 0
    ? `${system.scheme}://${shown}`
    : `${system.scheme}://${shown}:${number}`;
}

interface UrlParts {
  readonly host?: string;
  readonly port?: string;
  readonly path: readonly string[];
  readonly properties: ReadonlyMap<string, string>;
}

function placeIn(system: System, { path, properties }: UrlParts): Pick<JdbcPlace, 'database' | 'schema'> {
  const said = (...names: readonly string[]) => names.map((name) => properties.get(name)).find(Boolean);
  const database = said('databasename', 'database', 'db') ?? path[0];
  const schema = said('currentschema', 'searchpath', 'schema')?.split(',')[0];
  if (system.parts === 'schema') {
    const home = schema ?? database ?? system.schema;
    return home === undefined ? {} : { schema: home };
  }
  const home = schema ?? path[1] ?? system.schema;
  return { ...(database !== undefined && { database }), ...(home !== undefined && { schema: home }) };
}

function partsOfUrl(word: string, after: string): UrlParts {
  if (word === 'oracle') return oracleParts(after);
  // jdbc:sybase:Tds:host:port/db, jdbc:clickhouse:http://…, jdbc:jtds:sqlserver://…
  const plain = after.replace(/^(?:tds:|https?:|sqlserver:|thin:|replication:|loadbalance:|sequential:|aurora:)/i, '');
  const [address = '', ...more] = plain.replace(/^\/\//, '').split(/(?=[?;#])/);
  const slash = address.indexOf('/');
  const servers = slash < 0 ? address : address.slice(0, slash);
  // db2 writes its properties behind a colon: //host:50000/bank:currentSchema=DW;
  const [beforeColon = '', ...colonProperties] = (slash < 0 ? '' : address.slice(slash + 1)).split(':');
  return {
    ...serverIn(servers),
    path: beforeColon.split('/').map(decoded).filter(Boolean),
    properties: propertiesIn([...more, ...colonProperties].join(';')),
  };
}

function serverIn(servers: string): { host?: string; port?: string } {
  const withoutUser = servers.slice(servers.lastIndexOf('@') + 1);
  // Of several servers of a cluster the first one gives the name.
  const first = withoutUser.split(',')[0]!.trim();
  const inBrackets = /^(\[[0-9a-f:.]+\])(?::(\d+))?$/i.exec(first);
  if (inBrackets) return { host: inBrackets[1]!, ...(inBrackets[2] !== undefined && { port: inBrackets[2] }) };
  const named = /^\(.*\bhost=([^),]+).*?\)$/i.exec(withoutUser);
  if (named) {
    const port = /\bport=(\d+)/i.exec(withoutUser)?.[1];
    return { host: named[1]!, ...(port !== undefined && { port }) };
  }
  // SQL Server names an instance behind a backslash.
  const [, host = '', port] = /^(.*?)(?::([^:]*))?$/s.exec(first.replace(/\\[^:]*/, '')) ?? [];
  return { ...(host !== '' && { host }), ...(port !== undefined && port !== '' && { port }) };
}

/** `thin:@//host:port/service`, `thin:@host:port:sid`, `thin:@(DESCRIPTION=…)`, `thin:@alias`. */
function oracleParts(after: string): UrlParts {
  const where = after.slice(after.indexOf('@') + 1);
  const properties = new Map<string, string>();
  const within = (name: string) => new RegExp(`\\b${name}\\s*=\\s*([^()\\s]+)`, 'i').exec(where)?.[1];
  if (where.trimStart().startsWith('(')) {
    const service = within('service_name') ?? within('sid');
    const [host, port] = [within('host'), within('port')];
    return {
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      path: service === undefined ? [] : [service],
      properties,
    };
  }
  const [address = ''] = where.replace(/^(tcps?:)?\/\//i, '').split('?');
  const [, host = '', port, service] = /^(\[[^\]]*\]|[^:/]*)(?::([^:/]*))?(?:[:/]([^:/]*))?/.exec(address) ?? [];
  return {
    ...(host !== '' && { host }),
    ...(port !== undefined && port !== '' && { port }),
    path: service === undefined || service === '' ? [] : [service],
    properties,
  };
}

function propertiesIn(text: string): Map<string, string> {
  const pairs = text.split(/[?;&#]/).flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return new Map(pairs);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
