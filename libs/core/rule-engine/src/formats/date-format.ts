import { fault } from '../faults.js';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const OFFSET = '(?:Z|[+-](?:[01]\\d|2[0-3]):?[0-5]\\d)';

/** Parts of a date that stand for themselves, without regard to which day it is. */
const FREE: Readonly<Record<string, readonly [padded: string, bare: string]>> = {
  H: ['(?:[01]\\d|2[0-3])', '(?:[01]?\\d|2[0-3])'],
  I: ['(?:0[1-9]|1[0-2])', '(?:0?[1-9]|1[0-2])'],
  M: ['[0-5]\\d', '[0-5]?\\d'],
  S: ['[0-5]\\d', '[0-5]?\\d'],
  f: ['\\d{6}', '\\d{1,6}'],
  p: ['(?:[Aa][Mm]|[Pp][Mm])', '(?:[Aa][Mm]|[Pp][Mm])'],
  z: [OFFSET, OFFSET],
  a: [anyCase(DAYS.map((day) => day.slice(0, 3))), anyCase(DAYS.map((day) => day.slice(0, 3)))],
  A: [anyCase(DAYS), anyCase(DAYS)],
  '%': ['%', '%'],
};

const SHORTHANDS: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M', D: '%m/%d/%y' };

function anyCase(names: readonly string[]): string {
  const letters = (name: string) =>
    name.replaceAll(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
  return `(?:${names.map(letters).join('|')})`;
}

/** Days that exist, cut into families that a pattern can say without arithmetic: months, days, years. */
const FAMILIES: readonly { months: readonly number[]; days: string; bareDays: string; leap?: boolean }[] = [
  { months: [1, 3, 5, 7, 8, 10, 12], days: '(?:0[1-9]|[12]\\d|3[01])', bareDays: '(?:0?[1-9]|[12]\\d|3[01])' },
  { months: [4, 6, 9, 11], days: '(?:0[1-9]|[12]\\d|30)', bareDays: '(?:0?[1-9]|[12]\\d|30)' },
  { months: [2], days: '(?:0[1-9]|1\\d|2[0-8])', bareDays: '(?:0?[1-9]|1\\d|2[0-8])' },
  { months: [2], days: '29', bareDays: '29', leap: true },
];

const YEAR = '(?:[1-9]\\d{3}|0[1-9]\\d\\d|00[1-9]\\d|000[1-9])';
const LEAP_YEAR = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const SHORT_LEAP_YEAR = '(?:[02468][048]|[13579][26])';

/**
 * A strftime format as a pattern that only real days match: 29 February in leap years only. `padded` asks for the zeros that
 * strftime writes; without it `2024-1-5` is `%Y-%m-%d` as well, as strptime reads it. Throws `InvalidInput` for what it does not know.
 *
 * Known: `%Y %y %m %d %j %b %B %a %A %H %I %M %S %f %p %z %%` and `%F %T %R %D`. Two digits of a year are 1969 to 2068.
 */
export function dateFormatPattern(format: string, padded: boolean, path: readonly string[]): string {
  const parts = partsOf(format, path);
  const uses = (...directives: readonly string[]) => parts.some((part) => directives.includes(part.directive ?? ''));
  if (uses('j') && uses('d', 'm', 'b', 'B')) throw fault('%j is a day of the year and needs no month or day', path);
  for (const each of ['Y', 'y', 'm', 'd', 'j', 'b', 'B'])
    if (parts.filter(({ directive }) => directive === each).length > 1) throw fault(`%${each} is there twice`, path);
  if (uses('p') !== uses('I')) throw fault('%I and %p need each other', path);
  const written = (family: (typeof FAMILIES)[number] | undefined, leapDay: boolean) =>
    parts
      .map(({ directive, text }) =>
        directive === undefined ? literally(text) : day(directive, family, padded, leapDay),
      )
      .join('');
  if (uses('j')) return `^(?:${written(undefined, false)}${uses('Y', 'y') ? `|${written(undefined, true)}` : ''})$`;
  const dated = uses('d') && uses('m', 'b', 'B');
  if (!dated) return `^${written(undefined, false)}$`;
  return `^(?:${FAMILIES.map((family) => written(family, false)).join('|')})$`;
}

interface Part {
  readonly directive?: string;
  readonly text: string;
}

function partsOf(format: string, path: readonly string[]): Part[] {
  const whole = format.replaceAll(/%([FTRD])/g, (_, short: string) => SHORTHANDS[short]!);
  const parts: Part[] = [];
  for (const [text, directive] of whole.matchAll(/%([\s\S]?)|[^%]+/gu)) {
    if (
      text.startsWith('%') &&
      (directive === undefined || !'YymdjbBHIMSfpzaA%'.includes(directive) || directive === '')
    )
      throw fault(`${text} is not known in a date format`, path);
    parts.push(directive === undefined ? { text } : { directive, text });
  }
  if (!parts.some(({ directive }) => directive !== undefined && directive !== '%'))
    throw fault('the format has no part of a date or time', path);
  return parts;
}

function day(
  directive: string,
  family: (typeof FAMILIES)[number] | undefined,
  padded: boolean,
  leapDay: boolean,
): string {
  const months = family?.months ?? MONTHS.map((_, at) => at + 1);
  const leap = family?.leap === true || leapDay;
  switch (directive) {
    case 'Y':
      return leap ? LEAP_YEAR : YEAR;
    case 'y':
      return leap ? SHORT_LEAP_YEAR : '\\d\\d';
    case 'm':
      return `(?:${months.map((month) => `${month < 10 ? `0${padded ? '' : '?'}` : ''}${month}`).join('|')})`;
    case 'b':
      return anyCase(months.map((month) => MONTHS[month - 1]!.slice(0, 3)));
    case 'B':
      return anyCase(months.map((month) => MONTHS[month - 1]!));
    case 'd':
      return family === undefined
        ? padded
          ? FAMILIES[0]!.days
          : FAMILIES[0]!.bareDays
        : padded
          ? family.days
          : family.bareDays;
    case 'j':
      if (leapDay) return '366';
      return padded
        ? '(?:00[1-9]|0[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-5])'
        : '(?:0{0,2}[1-9]|0?[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-5])';
    default: {
      const [strict, bare] = FREE[directive]!;
      return padded ? strict : bare;
    }
  }
}

const literally = (text: string): string => text.replaceAll(/[\^$\\.*+?()[\]{}|/-]/g, (sign) => `\\${sign}`);
