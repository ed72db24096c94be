import { type TypeFamily } from '#core/connector-kit';
import { check } from '#core/json-schema';
import { InvalidInput } from '#kernel';

import { fault, LONGEST_LIST } from './bind-expression.js';
import { quantityOf } from './quantity.js';
import { type Rule, RuleSchema, type Threshold } from './rule.js';
import { type RuleKind } from './rule-kind.js';
import { RULE_KINDS } from './kinds/index.js';

const checkCommon = check(RuleSchema, 'The rule');

const checkParams = new Map(
  RULE_KINDS.map((kind) => [kind.code, check(kind.params, `The parameters of ${kind.code}`, ['params'])]),
);

/** The kind with this code. Throws `InvalidInput` that lists what there is. */
export function ruleKindOf(code: string): RuleKind {
  const kind = RULE_KINDS.find((each) => each.code === code);
  if (kind !== undefined) return kind;
  const known = RULE_KINDS.map((each) => each.code).join(', ');
  throw fault(`there is no kind ${JSON.stringify(code)}; there are ${known}`, ['kind']);
}

/** Checks a rule from outside and fills its defaults in. Throws `InvalidInput` with the place of each fault. */
export function checkRule(input: unknown): Rule {
  const rule = checkCommon(input);
  const kind = ruleKindOf(rule.kind);
  checkLists(kind, rule.params);
  const checked: Rule = {
    ...rule,
    dimension: rule.dimension ?? kind.dimension,
    params: checkParams.get(kind.code)!(rule.params),
  };
  const [fewest, most] = kind.columns;
  const { length } = rule.columns;
  if (length < fewest || length > most)
    throw fault(
      most === 0
        ? `${kind.code} is about the whole dataset and names no columns`
        : `${kind.code} names ${fewest === most ? fewest : `${fewest} to ${most}`} column${most === 1 ? '' : 's'}, not ${length}`,
      ['columns'],
    );
  if (new Set(rule.columns).size < length) throw fault('a column is named twice', ['columns']);
  if (!kind.nullPolicy && rule.nullPolicy !== 'ignore')
    throw fault(`${kind.code} has its own way with absent values`, ['nullPolicy']);
  if (rule.threshold !== undefined && rule.threshold.fail === undefined && rule.threshold.warn === undefined)
    throw new InvalidInput('The rule cannot be used: the threshold says neither when to fail nor when to warn.', [
      { path: ['threshold'], message: 'says neither when to fail nor when to warn' },
    ]);
  if (rule.threshold !== undefined && rule.threshold.metric !== 'value') checkThreshold(rule.threshold, 'decimal');
  return checked;
}

/** A list that is too long is told by what to do instead, not by each of its values. Throws `InvalidInput`. */
function checkLists({ params: schema }: RuleKind, params: unknown): void {
  const properties = schema.properties as Readonly<Record<string, { readonly maxItems?: number }>>;
  for (const [name, list] of Object.entries(typeof params === 'object' && params !== null ? params : {})) {
    const most = properties[name]?.maxItems;
    if (most !== LONGEST_LIST || !Array.isArray(list) || list.length <= most) continue;
    throw fault(
      `the list has ${list.length} values, and a rule holds ${most} at most; put them into a table of the same source and use foreign_key`,
      ['params', name],
    );
  }
}

/** Every number that a threshold names can be read as the type of what it is compared with. Throws `InvalidInput` otherwise. */
export function checkThreshold({ fail, warn }: Threshold, family: TypeFamily): void {
  for (const [level, bound] of Object.entries({ fail, warn }))
    for (const [op, said] of Object.entries(bound ?? {}))
      for (const one of typeof said === 'object' ? [said.min, said.max] : [said])
        if (quantityOf(one, family) === undefined)
          throw fault(`${JSON.stringify(one)} cannot be compared with a value of type ${family}`, [
            'threshold',
            level,
            op,
          ]);
}
