import { Args, type Fields, isFields } from '../args.js';
import { conditionOf } from '../conditions.js';
import { NotUnderstood, type RuleText } from '../imported.js';
import { opposite, type Requirement, thresholdOn } from '../requirement.js';

/** What a generic test counts: every failing row, each value or group once, or the one thing that it is about. */
export type Counts = 'rows' | 'groups' | 'one';

/** How dbt judges what a test found. */
export interface TestConfig {
  readonly severity: 'error' | 'warn';
  readonly errorIf?: Requirement;
  readonly warnIf?: Requirement;
  readonly where?: string;
  readonly limit?: number;
  readonly failCalc?: string;
  readonly tags?: readonly string[];
}

/** Says nothing about what has to hold. */
const BESIDE = [
  'store_failures',
  'store_failures_as',
  'schema',
  'database',
  'meta',
  'alias',
  'group',
  'docs',
  'sql_header',
  'static_analysis',
];

const SETTINGS = ['severity', 'error_if', 'warn_if', 'where', 'limit', 'fail_calc', 'tags', 'enabled', ...BESIDE];

/** The settings of a test: under `config`, and in older files beside the arguments. */
export function configOf(args: Args, beside: Fields = {}): TestConfig {
  const own = args.any('config');
  if (own !== undefined && !isFields(own)) throw new NotUnderstood('its "config" is no object');
  const outer = Object.fromEntries(SETTINGS.flatMap((name) => (args.has(name) ? [[name, args.any(name)]] : [])));
  const config = new Args({ ...beside, ...outer, ...own });
  if (!config.flag('enabled', true)) throw new NotUnderstood('it is switched off');
  const [errorIf, warnIf] = [config.optionalText('error_if'), config.optionalText('warn_if')];
  const where = config.optionalText('where');
  const failCalc = config.optionalText('fail_calc');
  const tags = config.any('tags');
  const read: TestConfig = {
    severity: config.oneOf('severity', ['error', 'warn', 'ERROR', 'WARN'], 'error').toLowerCase() as 'error' | 'warn',
    ...(errorIf !== undefined && !isDefault(errorIf) && { errorIf: found(errorIf) }),
    ...(warnIf !== undefined && !isDefault(warnIf) && { warnIf: found(warnIf) }),
    ...(where !== undefined && { where }),
    ...(config.has('limit') && { limit: config.optionalWhole('limit')! }),
    ...(failCalc !== undefined && !/^count\(\s*\*\s*\)$/i.test(failCalc) && { failCalc }),
    ...(Array.isArray(tags) && tags.length > 0 && { tags: tags.map(String) }),
    ...(typeof tags === 'string' && { tags: [tags] }),
  };
  config.ignore(...BESIDE);
  config.end();
  return read;
}

const isDefault = (condition: string): boolean => /^\s*(!=|<>|>)\s*0\s*$/.test(condition);

/** `>10`, `!= 0`, `between 1 and 5`: the number of failures for which the level is reached. */
function found(condition: string): Requirement {
  const [, sign, number] = /^\s*(=|==|!=|<>|<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(condition) ?? [];
  const is = { '=': 'eq', '==': 'eq', '!=': 'ne', '<>': 'ne', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;
  if (sign !== undefined) return { is: is[sign as keyof typeof is], than: Number(number) };
  const [, min, max] = /^\s*between\s+(\d+)\s+and\s+(\d+)\s*$/i.exec(condition) ?? [];
  if (min !== undefined)
    return { is: 'between', min: Number(min), max: Number(max), strictMin: false, strictMax: false };
  throw new NotUnderstood(`the condition ${JSON.stringify(condition)} on the number of failures is not understood`);
}

const NONE: Requirement = { is: 'eq', than: 0 };

/**
 * The threshold of a test. With severity `error` both conditions are looked at, with `warn` only the second. @throws {NotUnderstood} when
 * the number of failures matters and the rule here counts something else.
 */
export function thresholdOf(config: TestConfig, counts: Counts): Pick<RuleText, 'threshold'> {
  const { severity, errorIf, warnIf, limit } = config;
  const plain = errorIf === undefined && warnIf === undefined;
  if (!plain && counts === 'one')
    throw new NotUnderstood(
      'a threshold on the number of its failures means nothing here: it is right or wrong as a whole',
    );
  const levels =
    severity === 'warn'
      ? { warn: opposite(warnIf ?? { is: 'ne', than: 0 }) }
      : {
          fail: errorIf === undefined ? NONE : opposite(errorIf),
          ...(warnIf !== undefined || errorIf !== undefined
            ? { warn: warnIf === undefined ? NONE : opposite(warnIf) }
            : {}),
        };
  if (limit !== undefined && !plain)
    throw new NotUnderstood(`it counts no more than ${limit} failures, and its threshold is on their number`);
  const threshold = thresholdOn('count', levels);
  return threshold === undefined ? {} : { threshold };
}

/** The filter of a test as a condition of ours. */
export const whereIn = (...filters: readonly (string | undefined)[]): Pick<RuleText, 'where'> => {
  const given = filters.filter((each) => each !== undefined && !/^\s*1\s*=\s*1\s*$/.test(each));
  if (given.length === 0) return {};
  return { where: conditionOf(given.length === 1 ? given[0]! : given.map((each) => `(${each})`).join(' and '))! };
};
