import { NotUnderstood } from '../imported.js';
import { opposite, type Requirement } from '../requirement.js';

/** A line of SodaCL that measures something: `missing_count(name) < 5`. */
export interface MetricLine {
  readonly metric: string;
  readonly args: readonly string[];
  /** What has to hold; absent when `warn` and `fail` stand below. */
  readonly required?: Requirement;
}

const METRIC = /^([\p{L}_$][\p{L}\p{N}_]*)\s*(?:\(\s*([^()]*?)\s*\))?\s*(.*)$/su;

/** Cuts such a line. @throws {NotUnderstood} when it is none. */
export function metricLine(line: string): MetricLine {
  const [, metric, args = '', threshold = ''] = METRIC.exec(line.trim()) ?? [];
  if (metric === undefined) throw new NotUnderstood('it is no check that is known here');
  return {
    metric,
    args: args === '' ? [] : args.split(',').map((each) => unquoted(each.trim())),
    ...(threshold !== '' && { required: requirement(threshold) }),
  };
}

const unquoted = (name: string): string => /^(["`])(.*)\1$/s.exec(name)?.[2] ?? /^\[(.*)\]$/s.exec(name)?.[1] ?? name;

const SIGNS = { '=': 'eq', '!=': 'ne', '<>': 'ne', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;
const COMPARED = /^(=|!=|<>|<=|>=|<|>)\s*(\S.*)$/s;
const BETWEEN = /^(not\s+)?between\s+([[(]?)\s*(\S+)\s+and\s+(\S+?)\s*([\])]?)$/is;

/** `< 5`, `between 1 and 3`, `not between (1 and 3]`, `< 5 %`, `< 1d`. A round bracket leaves its end out. */
export function requirement(text: string): Requirement {
  const said = text.trim();
  const [, sign, value] = COMPARED.exec(said) ?? [];
  if (sign !== undefined) return { is: SIGNS[sign as keyof typeof SIGNS], than: amount(value!) };
  const [, not, open, min, max, close] = BETWEEN.exec(said) ?? [];
  if (min === undefined) throw new NotUnderstood(`its threshold ${JSON.stringify(said)} is not understood`);
  return {
    is: not === undefined ? 'between' : 'outside',
    min: amount(min),
    max: amount(max!),
    strictMin: open === '(',
    strictMax: close === ')',
  };
}

const NUMBER = /^([+-]?\d+(?:\.\d+)?)\s*%?$/;
const DURATION = /^(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?$/;

/** A number, or a length of time in seconds. */
function amount(text: string): number | string {
  const number = NUMBER.exec(text.trim())?.[1]?.replace('+', '');
  if (number !== undefined) return String(Number(number)) === number ? Number(number) : number;
  const duration = DURATION.exec(text.trim());
  if (duration === null || text.trim() === '')
    throw new NotUnderstood(`${JSON.stringify(text)} is neither a number nor a length of time`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = duration.slice(1).map((each) => Number(each ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** `when > 5`: the condition under which it fails. Gives what has to hold. */
export function unless(text: string): Requirement {
  const condition = /^when\s+(.*)$/is.exec(text.trim())?.[1];
  if (condition === undefined) throw new NotUnderstood(`${JSON.stringify(text)} does not begin with "when"`);
  return opposite(requirement(condition));
}
