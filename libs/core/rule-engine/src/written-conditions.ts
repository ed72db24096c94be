import { ruleKindOf } from './check-rule.js';
import { type Condition } from './expression.js';
import { parse } from './expression/parse.js';
import { print } from './expression/print.js';

interface WithConditions {
  readonly kind: string;
  readonly where?: unknown;
  readonly params?: unknown;
}

/**
 * A rule with all its conditions as trees, or all as the texts that people write: both say the same. Throws `InvalidInput` for a
 * text that is no condition.
 */
export function conditionsAs<R extends WithConditions>(form: 'tree' | 'text', rule: R): R {
  const write = (value: unknown): unknown => {
    if (value === undefined || value === null) return value;
    const tree = typeof value === 'string' ? parse(value) : (value as Exclude<Condition, string>);
    return form === 'tree' ? tree : print(tree);
  };
  const schemas = ruleKindOf(rule.kind).params.properties as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
  const given = (rule.params ?? {}) as Readonly<Record<string, unknown>>;
  const params = Object.entries(given).map(([name, value]) => [
    name,
    schemas[name]?.['x-expression'] === true ? write(value) : value,
  ]);
  return {
    ...rule,
    ...(rule.params !== undefined && { params: Object.fromEntries(params) as unknown }),
    ...(rule.where !== undefined && { where: write(rule.where) }),
  };
}
