import { type Fields, isFields } from '../args.js';
import { HAS_TEMPLATE } from '../conditions.js';
import { type Conversion, type Findings, NotUnderstood } from '../imported.js';
import { configOf, thresholdOf } from './config.js';
import { convertTest } from './convert-test.js';
import { Args } from '../args.js';

export const isManifest = (value: unknown): value is Fields =>
  isFields(value) && isFields(value['nodes']) && isFields(value['metadata']);

/** Reads the tests of a compiled project: generic ones by what they are called with, singular ones by their SQL. */
export function importManifest(manifest: Fields, findings: Findings): void {
  const nodes = manifest['nodes'] as Fields;
  const all = { ...nodes, ...(isFields(manifest['sources']) ? manifest['sources'] : {}) };
  for (const [id, node] of Object.entries(nodes)) {
    if (!isFields(node) || node['resource_type'] !== 'test') continue;
    findings.take(['nodes', id], String(node['name'] ?? id), () => ({
      ...(isFields(node['test_metadata']) ? generic(node, node['test_metadata']) : singular(node)),
      ...datasetOf(node, all),
      name: String(node['name'] ?? id),
      ...(typeof node['description'] === 'string' &&
        node['description'] !== '' && { description: node['description'] }),
    }));
  }
}

function generic(node: Fields, metadata: Fields): Conversion {
  const column = node['column_name'];
  const made = convertTest({
    package: typeof metadata['namespace'] === 'string' ? metadata['namespace'] : '',
    name: String(metadata['name']),
    args: isFields(metadata['kwargs']) ? metadata['kwargs'] : {},
    ...(typeof column === 'string' && { column }),
    ...(isFields(node['config']) && { config: settings(node['config']) }),
  });
  return made;
}

/** A compiled node has every setting there is; most of them say how it is built. */
const SETTINGS = ['severity', 'error_if', 'warn_if', 'where', 'limit', 'fail_calc', 'enabled', 'tags'];
const settings = (config: Fields): Fields =>
  Object.fromEntries(Object.entries(config).filter(([name]) => SETTINGS.includes(name)));

function singular(node: Fields): Conversion {
  const sql = node['compiled_code'] ?? node['compiled_sql'] ?? node['raw_code'] ?? node['raw_sql'];
  if (typeof sql !== 'string') throw new NotUnderstood('it has no SQL');
  if (HAS_TEMPLATE.test(sql))
    throw new NotUnderstood('its SQL is not compiled: run "dbt compile" and import the manifest again');
  const config = configOf(new Args({}), isFields(node['config']) ? settings(node['config']) : {});
  if (config.where !== undefined)
    throw new NotUnderstood('its SQL says itself which rows it is about, so that a filter has no place');
  if (config.failCalc !== undefined)
    throw new NotUnderstood(`it counts its failures by ${config.failCalc}; use the kind sql_scalar`);
  return {
    rule: { kind: 'sql_no_rows', params: { sql: sql.trim().replace(/;\s*$/, '') }, ...thresholdOf(config, 'rows') },
    ...(config.tags && { tags: config.tags }),
  };
}

/** The dataset that the test is attached to, or the only one that it depends on, by its name in the database. */
function datasetOf(node: Fields, all: Fields): { readonly dataset?: string } {
  const depends = isFields(node['depends_on']) ? node['depends_on']['nodes'] : undefined;
  const attached = node['attached_node'] ?? (Array.isArray(depends) ? depends[0] : undefined);
  const found = typeof attached === 'string' ? all[attached] : undefined;
  if (!isFields(found)) return {};
  const name = found['alias'] ?? found['identifier'] ?? found['name'];
  return typeof name === 'string' ? { dataset: name } : {};
}
