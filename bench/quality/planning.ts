import { type QueryResult } from '#core/connector-kit';
import { planRules, runRules, type RuleToRun } from '#core/rule-engine';

import { line, ms, quantile, timed } from '../figures.js';
import { CHECKS, NOW } from './checks.js';
import { type Loaded } from './engines.js';

const RULES = 10_000;
const OPTIONS = { dialect: 'postgres', now: NOW } as const;

/**
 * What the engine itself takes for ten thousand rules on 250 tables: the database answers at once, as it did when the checks were
 * run. `answers` are by statement.
 */
export async function planning({ tables }: Loaded, answers: ReadonlyMap<string, QueryResult>): Promise<void> {
  const rules = Array.from({ length: RULES }, (_, at): RuleToRun => {
    const { rule, other } = CHECKS[at % CHECKS.length]!;
    const name = `loans_${Math.floor(at / CHECKS.length)}`;
    return {
      rule,
      facts: {
        target: { ...tables.loans, name, relation: `${tables.loans.relation}/*${name}*/` },
        ...(other !== undefined && { other: { ...tables[other], dialect: 'postgres', sameConnection: true } }),
      },
    };
  });
  const planned = await timed(3, async () => planRules(rules, OPTIONS));
  line(`${RULES.toLocaleString('en')} rules planned`, ms(quantile(planned, 0.5)), 'target: ≤ 5 s');
  const whole = await timed(3, async () => {
    const send = async ({ sql }: { readonly sql: string }): Promise<QueryResult> => {
      const answer = answers.get(sql.replaceAll(/\/\*loans_\d+\*\//g, ''));
      if (answer === undefined) throw new Error(`Nothing was answered to ${sql}`);
      return answer;
    };
    const outcomes = await runRules(rules, send, OPTIONS);
    const wrong = outcomes.find(({ verdict }) => verdict.status === 'error');
    if (wrong !== undefined) throw new Error(wrong.verdict.sentence.en);
  });
  line('  planned, asked and judged, a rule', ms(quantile(whole, 0.5) / RULES), 'target: ≤ 1 ms');
}
