import { type Words } from '#core/connector-kit';

import { type Form, type Load } from './cost-model.js';
import { type Lane } from './lanes.js';

/** Why a statement of a plan is as it is, and what it may cost. */
export interface Explanation {
  readonly lanes: Readonly<Partial<Record<Lane, number>>>;
  readonly why: Words;
  /** Microseconds a row, as the model has it; unknown for statements of their own. */
  readonly microsPerRow?: number;
  /** When the number of rows is known roughly. */
  readonly seconds?: number;
}

interface ScanSaid {
  readonly form: Form;
  readonly load: Load;
  /** Microseconds a row, and what the other form would take. */
  readonly cost: number;
  readonly otherwise: number;
  readonly rows: number | undefined;
}

export function explainedScan({ form, load, cost, otherwise, rows }: ScanSaid): Explanation {
  const questions = Object.values(load).reduce((sum, count) => sum + count, 0);
  const [mine, other] = [micros(cost), micros(otherwise)];
  return {
    lanes: load,
    microsPerRow: cost,
    ...(rows === undefined ? {} : { seconds: (rows * cost) / 1e6 }),
    why:
      form === 'together'
        ? {
            en: `${questions} questions in one scan: about ${mine} a row; one query for each would take ${other}`,
            zh: `${questions} 个问题合并为一次扫描：每行约 ${mine}；逐条查询约 ${other}`,
          }
        : {
            en: `${questions} questions as counts of their own, since only the columns that each names are read: about ${mine} a row; one scan for all would take ${other}`,
            zh: `${questions} 个问题分别计数（只读各自涉及的列）：每行约 ${mine}；合并扫描约 ${other}`,
          },
  };
}

const micros = (value: number): string => `${value.toPrecision(2)} µs`;

const WHY: Readonly<Record<Lane, Words>> = {
  count: { en: 'a number of rows', zh: '行数统计' },
  scan: { en: 'a scan', zh: '扫描' },
  regex: { en: 'patterns', zh: '正则匹配' },
  unique: { en: 'different values are counted by their hashes', zh: '按哈希统计不同取值' },
  foreign_key: {
    en: 'a statement of its own: a join inside the shared scan would slow all its rules down',
    zh: '单独执行：在合并扫描中做关联会拖慢全部规则',
  },
  window: { en: 'a statement of its own: rows are put in order', zh: '单独执行：需要排序' },
  groups: { en: 'a statement of its own: rows are put into groups', zh: '单独执行：需要分组' },
  metadata: { en: 'it is known, or ends with the first row', zh: '无需扫描' },
};

export const explainedQuery = (lane: Lane): Explanation => ({ lanes: { [lane]: 1 }, why: WHY[lane] });
