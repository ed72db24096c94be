import { plainSql, plainText } from '../text/secrets.js';
import { type DbtArtifacts, type Fields, fieldsOf, isFields, readArtifact, textIn } from './artifacts.js';

/** What of a node is read. */
const OF_NODE = [
  ...['resource_type', 'name', 'package_name', 'database', 'schema', 'identifier', 'alias', 'relation_name'],
  ...['language', 'attached_node', 'column_name', 'owner', 'tags'],
];
const OF_EXPOSURE = ['name', 'label', 'type', 'url', 'owner'];
/** Parts of a manifest of which only the names are read. */
const NAMES_ONLY = ['metrics', 'semantic_models', 'saved_queries', 'unit_tests', 'functions'];

/**
 * Artifacts as they may be kept: what of them is read, in lines, and no secrets. Macros, documentation, arguments, variables and the
 * environment of the run are left out. What is kept is kept the same again.
 */
export function keptArtifacts({ manifest, catalog, runResults }: DbtArtifacts): DbtArtifacts {
  return {
    manifest: written(manifestOf(readArtifact(manifest, 'manifest').value)),
    ...(catalog !== undefined && { catalog: written(catalogOf(readArtifact(catalog, 'catalog').value)) }),
    ...(runResults !== undefined && {
      runResults: written(resultsOf(readArtifact(runResults, 'run-results').value)),
    }),
  };
}

const written = (value: Fields): string => JSON.stringify(value, null, 1);

const some = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.filter((name) => fields[name] != null).map((name) => [name, fields[name]]));

const each = (fields: Fields, of: (value: Fields) => Fields): Fields =>
  Object.fromEntries(Object.entries(fields).flatMap(([id, value]) => (isFields(value) ? [[id, of(value)]] : [])));

const plain = (fields: Fields, ...names: readonly string[]): Fields =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textIn(fields, name);
      return text === undefined ? [] : [[name, plainText(text)]];
    }),
  );

function manifestOf(manifest: Fields): Fields {
  const metadata = fieldsOf(manifest, 'metadata');
  return {
    metadata: some(metadata, ['dbt_schema_version', 'dbt_version', 'generated_at', 'project_name', 'adapter_type']),
    nodes: each(fieldsOf(manifest, 'nodes'), nodeOf),
    sources: each(fieldsOf(manifest, 'sources'), nodeOf),
    exposures: each(fieldsOf(manifest, 'exposures'), (exposure) => ({
      ...some(exposure, OF_EXPOSURE),
      ...plain(exposure, 'url', 'description'),
      ...metaOf(exposure),
      depends_on: some(fieldsOf(exposure, 'depends_on'), ['nodes']),
    })),
    ...each(some(manifest, NAMES_ONLY), (part) => each(part, () => ({}))),
  };
}

function nodeOf(node: Fields): Fields {
  const tested = fieldsOf(node, 'test_metadata');
  return {
    ...some(node, OF_NODE),
    ...plain(node, 'description'),
    ...metaOf(node),
    ...sqlOf(node),
    config: { ...some(fieldsOf(node, 'config'), ['materialized', 'severity']), ...metaOf(fieldsOf(node, 'config')) },
    contract: some(fieldsOf(node, 'contract'), ['enforced']),
    columns: each(fieldsOf(node, 'columns'), (column) => ({
      ...some(column, ['name', 'data_type']),
      ...plain(column, 'description'),
    })),
    depends_on: some(fieldsOf(node, 'depends_on'), ['nodes']),
    ...(Object.keys(tested).length > 0 && {
      test_metadata: {
        ...some(tested, ['name', 'namespace']),
        kwargs: some(fieldsOf(tested, 'kwargs'), ['column_name']),
      },
    }),
  };
}

const metaOf = (fields: Fields): Fields => {
  const owner = some(fieldsOf(fields, 'meta'), ['owner']);
  return Object.keys(owner).length > 0 ? { meta: owner } : {};
};

/** The compiled SQL, else the template. */
function sqlOf(node: Fields): Fields {
  const compiled = textIn(node, 'compiled_code', 'compiled_sql');
  if (compiled !== undefined) return { compiled_code: plainSql(compiled) };
  const raw = textIn(node, 'raw_code', 'raw_sql');
  return raw === undefined ? {} : { raw_code: plainSql(raw) };
}

function catalogOf(catalog: Fields): Fields {
  const relation = (node: Fields): Fields => ({
    metadata: some(fieldsOf(node, 'metadata'), ['owner']),
    columns: each(fieldsOf(node, 'columns'), (column) => some(column, ['name', 'type', 'index', 'comment'])),
  });
  return {
    metadata: some(fieldsOf(catalog, 'metadata'), ['dbt_schema_version', 'generated_at']),
    nodes: each(fieldsOf(catalog, 'nodes'), relation),
    sources: each(fieldsOf(catalog, 'sources'), relation),
  };
}

function resultsOf(results: Fields): Fields {
  const list = Array.isArray(results['results']) ? (results['results'] as unknown[]) : [];
  return {
    metadata: some(fieldsOf(results, 'metadata'), ['dbt_schema_version', 'generated_at']),
    results: list.filter(isFields).map((result) => ({
      ...some(result, ['unique_id', 'status', 'execution_time']),
      ...plain(result, 'message'),
      timing: (Array.isArray(result['timing']) ? (result['timing'] as unknown[]) : [])
        .filter(isFields)
        .map((timing) => some(timing, ['name', 'started_at', 'completed_at'])),
      ...sqlOf(result),
    })),
  };
}
