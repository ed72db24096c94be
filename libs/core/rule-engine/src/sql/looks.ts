import { type TypeFamily } from '#core/connector-kit';

import { all, any, matches, type Term, type Test } from './term.js';

/** Digits of a number from 0 to `most`, zeros before it allowed. */
function upTo(most: string): string {
  const shorter = `\\d{1,${most.length - 1}}`;
  const asLong = [...most].flatMap((digit, at) => {
    const rest = most.length - at - 1;
    return digit === '0' ? [] : [`${most.slice(0, at)}[0-${Number(digit) - 1}]${rest === 0 ? '' : `\\d{${rest}}`}`];
  });
  return `0*(?:${[shorter, ...asLong, most].join('|')})`;
}

// Leap years from 0004 on; there is no year 0.
const LEAP = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const YEAR = '(?:[1-9]\\d{3}|0[1-9]\\d\\d|00[1-9]\\d|000[1-9])';

/** Days of the calendar from 0001-01-01 to 9999-12-31, with a separator between their parts. */
export const realDate = (separator: string): string => {
  const days = [
    `(?:0[13578]|1[02])${separator}(?:0[1-9]|[12]\\d|3[01])`,
    `(?:0[469]|11)${separator}(?:0[1-9]|[12]\\d|30)`,
    `02${separator}(?:0[1-9]|1\\d|2[0-8])`,
  ];
  return `(?:${YEAR}${separator}(?:${days.join('|')})|${LEAP}${separator}02${separator}29)`;
};

export const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,6})?)?';

const whole = `(?:[+]?${upTo('9223372036854775807')}|-${upTo('9223372036854775808')})`;

/**
 * What a text looks like that can be read as a value of a type: the same on every engine, which their own casts are not. As many
 * digits as the narrowest engine holds, no blanks, days that exist.
 */
const LOOKS: Readonly<Partial<Record<TypeFamily, string>>> = {
  integer: `^${whole}$`,
  decimal: '^[+-]?0*\\d{1,28}(?:\\.\\d{1,60})?$',
  float: '^[+-]?\\d{1,40}(?:\\.\\d{1,40})?(?:[eE][+-]?(?:\\d{1,2}|1\\d\\d|2[0-4]\\d))?$',
  boolean: '^(?:true|false)$',
  date: `^${realDate('-')}$`,
  time: `^${CLOCK}$`,
  timestamp: `^${realDate('-')}[T ]${CLOCK}$`,
  uuid: '^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
};

/**
 * What most such texts look like, told with a short pattern: PostgreSQL builds a pattern's automaton anew for every row, as far as the
 * row needs it, so that a long pattern costs a hundred times a short one.
 */
const SHORT: Readonly<Partial<Record<TypeFamily, readonly [surely: string, perhaps: string]>>> = {
  integer: ['^[+-]?0*\\d{1,18}$', '^[+-]?0*\\d{19}$'],
  date: ['^[1-9]\\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])$', '^\\d{4}-\\d\\d-\\d\\d$'],
};

/** Whether a text can be read as a value of a type; undefined when any text can. */
export function looksLike(of: Term, family: TypeFamily): Test | undefined {
  const whole = LOOKS[family];
  if (whole === undefined) return undefined;
  const test = matches(of, whole, family === 'boolean');
  const [surely, perhaps] = SHORT[family] ?? [];
  if (surely === undefined || perhaps === undefined) return test;
  return any(matches(of, surely), all(matches(of, perhaps), test));
}
