import { mod11_2 } from './check-digits.js';
import { type Check, fault, valid } from './check.js';

// Two digits of the province (GB/T 2260), and 81, 82, 83 of the residence permits for Hong Kong, Macao and Taiwan.
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);

/** A citizen's id number: GB 11643-1999, eighteen characters with a real date of birth. */
export function residentId(text: string): Check {
  if (/^\d{15}$/.test(text))
    return fault('old_form', 'It has the 15 digits used before 1999.', '这是1999年以前的15位旧号码。');
  if (text.length !== 18) return fault('length', 'It does not have 18 characters.', '不是18位。');
  if (!/^\d{17}[\dX]$/.test(text))
    return fault('characters', 'It is not 17 digits and a digit or X.', '应为17位数字加一位数字或X。');
  if (!PROVINCES.has(text.slice(0, 2)))
    return fault('region', 'Its first two digits are no province.', '前两位不是有效的省级代码。');
  if (!isRealDay(text.slice(6, 14))) return fault('date', 'Its date of birth does not exist.', '出生日期不存在。');
  if (mod11_2(text.slice(0, 17)) !== text[17]) return fault('check_digit', 'Its check digit is wrong.', '校验码错误。');
  return valid(text);
}

/** Whether eight digits are a day of the calendar, not before 1800. */
function isRealDay(yyyymmdd: string): boolean {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1800) return false;
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}
