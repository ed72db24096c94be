import { bindExpression, columnOf, fault } from '../bind-expression.js';
import { checkRule, checkThreshold, ruleKindOf } from '../check-rule.js';
import { type RuleFacts } from '../facts.js';
import { type Rule } from '../rule.js';
import { type Ask, type Bound, type Compiled, itemsShown, type RuleKind } from '../rule-kind.js';
import { all, type Select, table, type Test, TRUE } from '../sql/term.js';
import { checkSample } from '../sampled.js';
import { bindScope, type BoundScope } from '../scope.js';
import { type Proven, provenBy } from './proven.js';

/** A rule that fits the facts, as questions. */
export interface CompiledRule extends Compiled {
  readonly rule: Rule;
  readonly kind: RuleKind;
  readonly facts: RuleFacts;
  readonly bound: Bound<Rule['params']>;
  /** Which rows of the target are looked at: those of the scope that pass the filter. */
  readonly where: Test;
  readonly filter: Test;
  readonly scope: BoundScope;
  /** It holds by what the source vouches for: only whether there is a row is asked. */
  readonly proven?: Proven;
}

/** What compiling needs to know of the run. */
export type CompileOptions = Pick<Bound<unknown>, 'now' | 'refusalOf'> & {
  /** Whether constraints of the source are proofs. */
  readonly proofs?: boolean;
};

/** Checks a rule against the facts and compiles it. Throws `InvalidInput` with the place in the rule when it does not fit. */
export function compileRule(
  input: unknown,
  facts: RuleFacts,
  { now, refusalOf, proofs = false }: CompileOptions,
): CompiledRule {
  const rule = checkRule(input);
  const kind = ruleKindOf(rule.kind);
  const { target } = facts;
  const other = otherFor(kind.other, facts);
  const filter = rule.where === undefined ? TRUE : bindExpression(rule.where, target, ['where'], 't', now);
  const scope = bindScope(rule.scope, target, now, facts.since);
  const where = all(scope.rows, filter);
  const bound: Bound<Rule['params']> = {
    ...{ target, where, now, params: rule.params, nullPolicy: rule.nullPolicy },
    columns: rule.columns.map((name, at) => columnOf(target, name, ['columns', String(at)])),
    ...(other === undefined ? {} : { other }),
    ...(refusalOf === undefined ? {} : { refusalOf }),
    series: facts.series ?? [],
  };
  const compiled = kind.compile(bound);
  if (scope.sample !== undefined) checkSample(rule, compiled);
  if (rule.scope !== undefined && !Object.values(compiled.asks).some(looksAtRows))
    throw fault(
      Object.values(compiled.asks).some(({ is }) => is === 'sql')
        ? 'SQL that people wrote says itself which rows it looks at'
        : `${kind.code} does not look at rows, so there is no part of them to look at`,
      ['scope'],
    );
  if (rule.threshold?.metric === 'value') {
    if (compiled.measures === undefined)
      throw fault(`${kind.code} counts violations, so its threshold is on count or ratio`, ['threshold', 'metric']);
    checkThreshold(rule.threshold, compiled.measures);
  }
  const proven = proofs && provable(rule) ? provenBy(kind.provenBy?.(bound), target, compiled) : undefined;
  const whole = { rule, kind, facts, bound, where, filter, scope };
  return proven === undefined ? { ...whole, ...compiled } : { ...whole, ...proven };
}

/** A filter or a scope may let nothing pass, and then there is nothing to check: no constraint knows that. */
const provable = ({ where, scope, verify }: Rule): boolean =>
  where === undefined && scope === undefined && verify !== true;

const looksAtRows = (ask: Ask): boolean => isScan(ask) || (ask.is === 'query' && ask.attempt === undefined);

/**
 * Some rows that break a rule, by their keys; undefined when single rows do not break it. `show` says which of the columns may be
 * read; without any there is nothing to ask for.
 */
export function failingRows(
  compiled: CompiledRule,
  show: (columns: readonly string[]) => readonly string[] = (columns) => columns,
): Select | undefined {
  const { samples } = compiled.rule;
  const select = samples === 0 ? undefined : (compiled.failing ?? ofRows(compiled));
  if (select === undefined) return undefined;
  const shown = show(select.items.map(({ as }) => as));
  const items = select.items.filter(({ as }) => shown.includes(as));
  return items.length === 0 ? undefined : { ...select, items, limit: samples };
}

function ofRows({ asks, facts, where, bound }: CompiledRule): Select | undefined {
  const [rows] = Object.values(asks).flatMap((ask) => (ask.is === 'rows' ? [ask] : []));
  if (rows === undefined) return undefined;
  return {
    items: itemsShown(facts.target, bound.columns),
    from: table(facts.target),
    where: all(where, rows.violation),
  };
}

function otherFor(needed: RuleKind['other'], { other }: RuleFacts): RuleFacts['other'] {
  if (needed === 'none') return undefined;
  if (other === undefined) throw fault('it looks at a second dataset, and none is given', ['other']);
  if (needed === 'same_connection' && !other.sameConnection)
    throw fault(`${other.name} is in another source, and this kind of rule compares row by row in one statement`, [
      'other',
    ]);
  return other;
}

/** The asks that are counted in one scan with those of other rules. */
export const isScan = (ask: Ask): ask is Extract<Ask, { is: 'rows' | 'values' }> =>
  ask.is === 'rows' || ask.is === 'values';
