import { Args, type Fields, isFields } from '../args.js';
import { type Conversion, type Findings, NotUnderstood, type Place } from '../imported.js';
import { whereIn } from './config.js';
import { convertTest, type GenericTest } from './convert-test.js';
import { ageUnit, plain } from './test-parts.js';

const MODELS = ['models', 'seeds', 'snapshots'];

/** Sections of such a file that hold no tests of data. */
const WITHOUT_TESTS = [
  'version',
  'exposures',
  'metrics',
  'macros',
  'groups',
  'semantic_models',
  'saved_queries',
  'unit_tests',
  'analyses',
  'functions',
  'anchors',
];

export const isSchemaYml = (value: Fields): boolean =>
  [...MODELS, 'sources', 'data_tests'].some((name) => Array.isArray(value[name]));

/** Reads the tests of a properties file (`schema.yml`): those of models, seeds, snapshots and sources. */
export function importSchemaYml(value: Fields, findings: Findings): void {
  for (const section of Object.keys(value)) {
    const list = value[section];
    if (WITHOUT_TESTS.includes(section)) continue;
    if (section === 'sources') each(list, ['sources'], findings, source(findings));
    else if (MODELS.includes(section))
      each(list, [section], findings, (model, path) => datasetTests(findings, model, path, nameOf(model)));
    else if (section === 'data_tests')
      each(list, [section], findings, (test, path) =>
        findings.refuse(path, nameOf(test), 'its SQL is in a file of its own: import the compiled manifest.json'),
      );
    else findings.refuse([section], section, 'it is no section that is known here');
  }
}

const nameOf = (element: Fields): string => String(element['name'] ?? 'something without a name');

type Path = Place['path'];

function each(list: unknown, path: Path, findings: Findings, read: (element: Fields, path: Path) => void): void {
  if (!Array.isArray(list)) return;
  list.forEach((element: unknown, at) => {
    if (isFields(element)) read(element, [...path, at]);
    else findings.refuse([...path, at], String(path.at(-1)), 'it is no object');
  });
}

const source = (findings: Findings) => (element: Fields, path: Path) => {
  each(element['tables'], [...path, 'tables'], findings, (table, at) => {
    const dataset = typeof table['identifier'] === 'string' ? table['identifier'] : nameOf(table);
    datasetTests(findings, table, at, dataset);
    const freshness = settingOf(table, 'freshness') ?? settingOf(element, 'freshness');
    const field = settingOf(table, 'loaded_at_field') ?? settingOf(element, 'loaded_at_field');
    // `freshness: null` switches it off for a table.
    if (isFields(freshness) && settingOf(table, 'freshness') !== null)
      findings.take([...at, ...('freshness' in table ? ['freshness'] : [])], 'source freshness', () => ({
        ...sourceFreshness(freshness, field),
        dataset,
      }));
  });
};

/** In newer files it stands under `config`. */
const settingOf = (element: Fields, name: string): unknown =>
  name in element ? element[name] : isFields(element['config']) ? element['config'][name] : undefined;

/** Without rows a source is stale to dbt. */
function sourceFreshness(freshness: Fields, field: unknown): Conversion {
  if (typeof field !== 'string') throw new NotUnderstood('it names no "loaded_at_field"');
  const args = new Args(freshness);
  const filter = args.optionalText('filter');
  const [error, warn] = [periodOf(args.any('error_after')), periodOf(args.any('warn_after'))];
  args.end();
  const unit = (error ?? warn)?.unit;
  if (unit === undefined) throw new NotUnderstood('it says neither when to fail nor when to warn');
  if (error !== undefined && warn !== undefined && error.unit !== warn.unit)
    throw new NotUnderstood('its two periods are in different units');
  return {
    rule: {
      kind: 'freshness',
      columns: [plain(field)],
      params: { unit },
      ...whereIn(filter),
      threshold: {
        metric: 'value',
        ...(error && { fail: { gt: error.count } }),
        ...(warn && { warn: { gt: warn.count } }),
      },
      onEmpty: error === undefined ? 'not_evaluated' : 'fail',
    },
  };
}

function periodOf(given: unknown): { readonly unit: string; readonly count: number | string } | undefined {
  if (!isFields(given) || Object.keys(given).length === 0) return undefined;
  const args = new Args(given);
  return { unit: ageUnit(args, 'period'), count: args.numeral('count') };
}

function datasetTests(findings: Findings, element: Fields, path: Path, dataset: string): void {
  tests(findings, element, path, dataset, undefined);
  each(element['columns'], [...path, 'columns'], findings, (column, at) => {
    const name = nameOf(column);
    tests(findings, column, at, dataset, name);
  });
  each(element['versions'], [...path, 'versions'], findings, (version, at) => {
    const alias = isFields(version['config']) ? version['config']['alias'] : undefined;
    datasetTests(findings, version, at, typeof alias === 'string' ? alias : `${dataset}_v${String(version['v'])}`);
  });
}

function tests(findings: Findings, element: Fields, path: Path, dataset: string, column: string | undefined): void {
  for (const key of ['tests', 'data_tests']) {
    const list = element[key];
    if (list === undefined || list === null) continue;
    if (!Array.isArray(list)) {
      findings.refuse([...path, key], key, 'it is no list');
      continue;
    }
    list.forEach((test: unknown, at) => {
      const here = [...path, key, at];
      const read = testIn(test);
      if (read === undefined) findings.refuse(here, 'a test', 'it is no test by its name');
      else
        findings.take(here, read.package === '' ? read.name : `${read.package}.${read.name}`, () => ({
          ...convertTest({ ...read, ...(column !== undefined && { column }) }),
          dataset,
        }));
    });
  }
}

/** `not_null`, `{accepted_values: {…}}`, or `{name: …, test_name: accepted_values, …}`. */
function testIn(test: unknown): GenericTest | undefined {
  if (typeof test === 'string') return { ...split(test), args: {} };
  if (!isFields(test)) return undefined;
  if (typeof test['test_name'] === 'string') {
    const { test_name: name, ...args } = test;
    return { ...split(String(name)), args };
  }
  const entries = Object.entries(test);
  const [entry] = entries.filter(([name]) => !['config', 'name', 'description'].includes(name));
  if (entry === undefined) return undefined;
  const beside = Object.fromEntries(entries.filter((other) => other !== entry));
  const [name, args] = entry;
  return { ...split(name), args: { ...beside, ...(isFields(args) ? args : {}) } };
}

function split(name: string): Pick<GenericTest, 'package' | 'name'> {
  const at = name.indexOf('.');
  return at === -1 ? { package: '', name } : { package: name.slice(0, at), name: name.slice(at + 1) };
}
