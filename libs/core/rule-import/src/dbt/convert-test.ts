import { Args, type Fields } from '../args.js';
import { type Conversion, NotUnderstood } from '../imported.js';
import { configOf } from './config.js';
import { CORE_TESTS, UTILS_TESTS } from './core-tests.js';
import { EXPECTATIONS_TESTS } from './expectations-tests.js';
import { type Convert } from './test-parts.js';

const PACKAGES: Readonly<Record<string, Readonly<Record<string, Convert>>>> = {
  '': CORE_TESTS,
  dbt: CORE_TESTS,
  dbt_utils: UTILS_TESTS,
  dbt_expectations: EXPECTATIONS_TESTS,
};

/** What the packages count their failures by in settings of their own; a threshold on it is refused anyway. */
const OWN_FAIL_CALC = ['sum(coalesce(diff_count, 0))', 'sum(coalesce(row_count_delta, 0))'];

/** Arguments whose text names a dataset in a template. */
const REFERENCES = ['to', 'compare_model', 'model'];

export interface GenericTest {
  readonly package: string;
  readonly name: string;
  readonly args: Fields;
  readonly column?: string;
  /** Settings that apply besides the test's own. */
  readonly config?: Fields;
}

/** A generic test as a rule. @throws {NotUnderstood} with the reason. */
export function convertTest(test: GenericTest): Conversion {
  const convert = PACKAGES[test.package]?.[test.name.toLowerCase()];
  if (convert === undefined)
    throw new NotUnderstood(
      PACKAGES[test.package] === undefined
        ? `the package ${test.package} is not known here`
        : test.package === ''
          ? 'it is a test of the project, whose SQL is not here: import the compiled manifest.json'
          : `the package has no test ${test.name} that is known here`,
    );
  for (const [name, value] of Object.entries(test.args))
    if (!REFERENCES.includes(name) && /\{\{|\{%/.test(JSON.stringify(value) ?? ''))
      throw new NotUnderstood(`"${name}" has a template inside, which only dbt can fill in`);
  const { arguments: nested, ...flat } = test.args;
  const args = new Args({ ...flat, ...(nested as Fields | undefined) });
  const [name, description] = [args.optionalText('name'), args.optionalText('description')];
  args.ignore('model');
  const config = configOf(args, withoutOwn(test.config));
  const made = convert({ args, config, ...(test.column !== undefined && { column: test.column }) });
  args.ignore('column_name');
  args.end();
  return {
    ...made,
    ...(name !== undefined && { name }),
    ...(description !== undefined && description !== '' && { description }),
  };
}

const withoutOwn = (config: Fields = {}): Fields => {
  const { fail_calc: calc, ...rest } = config;
  return typeof calc === 'string' && OWN_FAIL_CALC.includes(calc.trim()) ? rest : config;
};
