import { type Words } from '#core/connector-kit';
import { skippedVerdict, type Verdict } from '#core/rule-engine';
import { AppError } from '#kernel';

/** What is wrong with the source, so that no rule of it can be run. */
const DOWN = ['SOURCE_UNREACHABLE', 'SOURCE_LOGIN_REFUSED', 'SOURCE_DATABASE_UNKNOWN'];

const CHINESE: Readonly<Record<string, string>> = {
  SOURCE_UNREACHABLE: '无法连接数据源',
  SOURCE_LOGIN_REFUSED: '数据源拒绝登录',
  SOURCE_DATABASE_UNKNOWN: '数据源中没有该数据库',
  SOURCE_PERMISSION_DENIED: '没有读取权限',
  SOURCE_TIMED_OUT: '执行超时',
  SOURCE_CALL_CANCELLED: '语句被数据源管理员终止',
  SOURCE_QUERY_FAILED: '数据源无法执行该语句',
  INVALID_INPUT: '规则与当前元数据不符',
  NOT_FOUND: '所需对象已不存在',
};

export const isDown = (error: unknown): boolean => error instanceof AppError && DOWN.includes(error.code);

export const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'INTERNAL');

/** The verdict of a rule that could not be asked. What is not meant for people may quote data, so it is not shown. */
export function verdictOf(error: unknown): Verdict {
  return { status: 'error', metrics: {}, sentence: sentenceOf(error) };
}

function sentenceOf(error: unknown): Words {
  if (!(error instanceof AppError))
    return {
      en: 'The rule could not be run because of a fault in Plumbline itself; its log says more.',
      zh: '规则未能执行：系统内部错误，详见日志。',
    };
  return {
    en: `The rule could not be run: ${error.message}`,
    zh: `规则未能执行：${CHINESE[error.code] ?? '发生错误'}（${error.message}）`,
  };
}

/** The verdict of a rule on a source that somebody has paused. */
export const PAUSED = skippedVerdict('SOURCE_PAUSED', {
  en: 'The rule was not run: its source is paused, and nothing is read from it until it is resumed.',
  zh: '规则未执行：数据源已暂停，恢复之前不读取任何数据。',
});

/** The verdict of a rule whose run met the quiet hours of its source. */
export const QUIET = skippedVerdict('SOURCE_QUIET', {
  en: 'The rule was not run: its source has quiet hours, and what meets them is left out.',
  zh: '规则未执行：数据源处于静默时段，按设置跳过。',
});

/** The verdict of a rule that is switched off. */
export const SWITCHED_OFF = skippedVerdict('RULE_SWITCHED_OFF', {
  en: 'The rule is switched off.',
  zh: '规则已停用。',
});
