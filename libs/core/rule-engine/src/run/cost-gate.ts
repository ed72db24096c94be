import { type Plan, type Words } from '#core/connector-kit';

import { type Costs } from '../plan/cost-model.js';
import { type PlannedWork } from '../plan/plan-rules.js';

/** Asks the source what it expects of a statement; undefined when it makes no plans. */
export type PlanOf = (work: PlannedWork, rules: readonly number[]) => Promise<Plan | undefined>;

// For statements that no model knows: a sort or a hash of every row.
const MICROS_OF_ANY_ROW = 1;

/** Milliseconds that a statement is expected to take; undefined when its plan does not tell. */
export function expectedMs(
  { rowsTaken, cost }: Plan,
  { explanation }: PlannedWork,
  { unit }: Costs,
): number | undefined {
  if (cost !== undefined && unit !== undefined) return cost * unit;
  if (rowsTaken === undefined) return undefined;
  return (rowsTaken * (explanation.microsPerRow ?? MICROS_OF_ANY_ROW)) / 1_000;
}

/** Why a rule was not asked. */
export const tooDear = (ms: number, budgetMs: number, { rowsTaken }: Plan): Words => {
  const read = rowsTaken === undefined ? undefined : Math.round(rowsTaken).toLocaleString('en');
  return {
    en: `The rule was not run: the source expects about ${duration(ms, 'en')}${read === undefined ? '' : ` for about ${read} rows`}, and it may take ${duration(budgetMs, 'en')}. Narrow its scope to new rows or a partition, look at a sample, or allow it more time.`,
    zh: `规则未执行：数据源预计${read === undefined ? '' : `读取约 ${read} 行、`}耗时约 ${duration(ms, 'zh')}，超出预算 ${duration(budgetMs, 'zh')}。可改为检查增量、单个分区或抽样，或提高时间预算。`,
  };
};

function duration(ms: number, language: 'en' | 'zh'): string {
  const [seconds, minutes, millis] = language === 'en' ? [' s', ' minutes', ' ms'] : [' 秒', ' 分钟', ' 毫秒'];
  if (ms < 1_000) return `${Math.max(1, Math.round(ms))}${millis}`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)}${seconds}` : `${Math.round(ms / 60_000)}${minutes}`;
}
