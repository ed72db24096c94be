import { type Dialect } from '#core/connector-kit';

import { type RuleFacts } from '../facts.js';
import { type SqlDialect } from '../sql/dialects/dialect.js';
import { RENDERED_DIALECTS, SQL_DIALECTS } from '../sql/dialects/index.js';
import { render, type Rendered } from '../sql/render.js';
import { type Ask } from '../rule-kind.js';
import { type CompiledRule, compileRule, failingRows, isScan } from './compile-rule.js';
import { countsApart, onlyCounts, scanOf } from './scan.js';

/** A dialect that rules can be written in: those of the engines we run, and those that are rendered only. */
export type WrittenDialect = Dialect | keyof typeof RENDERED_DIALECTS;

const ALL: Readonly<Record<WrittenDialect, SqlDialect>> = { ...SQL_DIALECTS, ...RENDERED_DIALECTS };

export const WRITTEN_DIALECTS = Object.keys(ALL) as readonly WrittenDialect[];

/** The name of a table in a dialect: `quoteFor('sqlserver', 'dbo', 'loan')` is `[dbo].[loan]`. */
export const quoteFor = (dialect: WrittenDialect, ...parts: readonly string[]): string =>
  parts.map((part) => ALL[dialect].quote(part)).join('.');

/**
 * What a rule asks first, and its failing rows, in a dialect: to show them to somebody who runs them elsewhere. Throws `InvalidInput`
 * with the place in the rule when it does not fit the facts.
 *
 * @example
 * writeRule({ kind: 'not_null', columns: ['email'] }, { target: { …, relation: quoteFor('trino', 'dwd', 'user') } }, { dialect: 'trino', now })
 */
export function writeRule(
  rule: unknown,
  facts: RuleFacts,
  { dialect, now, storage }: { dialect: WrittenDialect; now: Date; storage?: 'rows' | 'columns' },
): Rendered[] {
  const spoken = ALL[dialect];
  const compiled = compileRule(rule, facts, { now });
  const asks = Object.entries({ ...compiled.asks, ...secondAsks(compiled) }).flatMap(([ask, what]) => {
    if (what.is === 'query') return [what.select];
    if (!isScan(what)) return [];
    const parts = [{ rule: 0, ask, what, where: compiled.filter }];
    const scanned = { relation: facts.target.relation, scope: compiled.scope };
    const apart = storage === 'columns' && onlyCounts(what) && compiled.scope.sample === undefined;
    return [(apart ? countsApart(scanned, parts) : scanOf(scanned, parts)).select];
  });
  const failing = failingRows(compiled);
  return [...asks, ...(failing === undefined ? [] : [failing])].map((select) => render(select, spoken));
}

/** What is asked second, where that does not depend on the first answers. */
const secondAsks = ({ then }: CompiledRule): Readonly<Record<string, Ask>> =>
  then === undefined || typeof then.asks === 'function' ? {} : then.asks;
