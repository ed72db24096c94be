import { Args, type Fields, isFields } from '../args.js';
import { type Conversion, NotUnderstood } from '../imported.js';

type Level = 'fail' | 'warn';

/** What a schema check of SodaCL says under `fail:` or `warn:`; each of its sentences is a rule. */
export function schemaRules(level: Level, said: Fields): Conversion[] {
  const args = new Args(said);
  const judged = level === 'fail' ? {} : { threshold: { metric: 'count', warn: { gt: 0 } } };
  const rules: Conversion[] = [];
  const names = (relation: 'superset' | 'disjoint' | 'equal', columns: readonly string[]) =>
    rules.push({ rule: { kind: 'columns_match', params: { columns, relation }, ...judged } });

  const required = args.optionalTexts('when required column missing');
  if (required !== undefined) names('superset', required);

  const forbidden = args.optionalTexts('when forbidden column present');
  if (forbidden?.some((each) => /[%*]/.test(each)))
    throw new NotUnderstood('a forbidden column is a pattern, and lists of columns here are names');
  if (forbidden !== undefined) names('disjoint', forbidden);

  const types = args.any('when wrong column type');
  const mismatching = args.any('when mismatching columns');
  const optional = args.optionalTexts('with optional columns');
  if (isFields(mismatching)) {
    const all = Object.keys(mismatching);
    const needed = all.filter((each) => optional?.includes(each) !== true);
    if (needed.length === all.length) names('equal', all);
    else {
      names('superset', needed);
      rules.push({ rule: { kind: 'columns_match', params: { columns: all, relation: 'subset' }, ...judged } });
    }
  }
  for (const list of [types, mismatching])
    if (isFields(list))
      for (const [column, type] of Object.entries(list)) {
        if (type === null) continue;
        if (typeof type !== 'string') throw new NotUnderstood(`the type of ${column} is no text`);
        if (optional?.includes(column))
          throw new NotUnderstood(`the type of ${column}, which need not be there, cannot be asked for`);
        rules.push({ rule: { kind: 'column_type', columns: [column], params: { types: [type] }, ...judged } });
      }

  const indexes = args.any('when wrong column index');
  if (isFields(indexes))
    for (const [column, index] of Object.entries(indexes))
      rules.push({ rule: { kind: 'column_exists', params: { column, index: Number(index) }, ...judged } });

  if (args.has('when schema changes'))
    throw new NotUnderstood(
      'it compares with an earlier run; use the kind schema_baseline with the columns as they should be',
    );
  args.end();
  if (rules.length === 0) throw new NotUnderstood('it says nothing of the columns');
  return rules;
}
