import { type Estimate, type Words } from '#core/connector-kit';

import { type Costs } from '../plan/cost-model.js';
import { type PlannedWork } from '../plan/plan-rules.js';

/** Asks the source what it expects of a statement; undefined when it makes no plans. */
export type EstimateOf = (work: PlannedWork, rules: readonly number[]) => Promise<Estimate | undefined>;

// For statements that no model knows: a sort or a hash of every row.
const MICROS_OF_ANY_ROW = 1;

/** Milliseconds that a statement is expected to take. */
export function expectedMs({ rows, cost }: Estimate, { explanation }: PlannedWork, { unit }: Costs): number {
  if (cost !== undefined && unit !== undefined) return cost * unit;
  return (rows * (explanation.microsPerRow ?? MICROS_OF_ANY_ROW)) / 1_000;
}

/** Why a rule was not asked. */
export const tooDear = (ms: number, budgetMs: number, { rows }: Estimate): Words => {
  const read = Math.round(rows).toLocaleString('en');
  return {
    en: `The rule was not run: the source expects about ${duration(ms, 'en')} for about ${read} rows, and it may take ${duration(budgetMs, 'en')}. Narrow its scope to new rows or a partition, look at a sample, or allow it more time.`,
    zh: `规则未执行：数据源预计读取约 ${read} 行、耗时约 ${duration(ms, 'zh')}，超出预算 ${duration(budgetMs, 'zh')}。可改为检查增量、单个分区或抽样，或提高时间预算。`,
  };
};

function duration(ms: number, language: 'en' | 'zh'): string {
  const [seconds, minutes, millis] = language === 'en' ? [' s', ' minutes', ' ms'] : [' 秒', ' 分钟', ' 毫秒'];
  if (ms < 1_000) return `${Math.max(1, Math.round(ms))}${millis}`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)}${seconds}` : `${Math.round(ms / 60_000)}${minutes}`;
}
