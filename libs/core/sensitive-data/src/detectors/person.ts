import { detector, type Detector } from './detector.js';
import { isDay } from './identity.js';
import { COMPOUND_SURNAMES, GIVEN_CHARACTERS, LATIN_NAMES, PINYIN_SURNAMES, SURNAMES } from './surnames.js';

/** Ends of two to four characters that are no name: 支行, 公司, 产品. */
const NO_NAME =
  /[省市区县镇乡村路街号行司部科处局厂店院校所系贷款类型额率费息品卡户证件码]$|^(?:无|未|不|有|是|全|其他)/u;

function chineseName(value: string): 'checked' | 'form' | undefined {
  const name = value.replace(/\s/gu, '');
  if (!/^\p{Script=Han}{2,4}$/u.test(name)) return undefined;
  const characters = [...name];
  const compound = COMPOUND_SURNAMES.has(characters.slice(0, 2).join(''));
  if (!compound && (!SURNAMES.has(characters[0]!) || characters.length > 3)) return undefined;
  const given = characters.slice(compound ? 2 : 1);
  if (given.length === 0) return 'form';
  if (given.every((character) => GIVEN_CHARACTERS.has(character))) return 'checked';
  return NO_NAME.test(name) ? undefined : 'form';
}

function latinName(value: string): 'checked' | 'form' | undefined {
  if (!/^\p{L}[\p{L}'’-]*\.?(?:,? \p{L}[\p{L}'’-]*\.?){0,4}$/u.test(value) || value.length > 60) return undefined;
  if (!/\p{Script=Latin}/u.test(value)) return undefined;
  const words = value
    .toLowerCase()
    .split(/[ ,.]+/)
    .filter((word) => word !== '');
  if (words.some((word) => LATIN_NAMES.has(word))) return 'checked';
  if (words.length >= 2 && words.length <= 3 && (PINYIN_SURNAMES.has(words[0]!) || PINYIN_SURNAMES.has(words.at(-1)!)))
    return 'checked';
  return words.every((word) => /^\p{L}/u.test(word)) && /^\p{Lu}/u.test(value) ? 'form' : undefined;
}

/** A day somebody can have been born on; also without the century, and with 50 added to the month for a woman. */
function birthday(value: string): 'form' | undefined {
  const day =
    /^(\d{4})(\d{2})(\d{2})$/.exec(value) ??
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?.*)?$/u.exec(value);
  if (day) {
    const [, year, month, date] = day;
    return isDay(`${year}${month!.padStart(2, '0')}${date!.padStart(2, '0')}`) ? 'form' : undefined;
  }
  const short = /^(\d\d)(\d\d)(\d\d)$/.exec(value);
  if (!short) return undefined;
  const month = String(Number(short[2]) % 50).padStart(2, '0');
  return isDay(`19${short[1]}${month}${short[3]}`) ? 'form' : undefined;
}

export const personDetectors: readonly Detector[] = [
  detector('chinese_name', 'person_name', [0.66, 0.3], chineseName, { luck: 0.02 }),
  detector('latin_name', 'person_name', [0.55, 0], latinName, { luck: 0.05 }),
  detector('birthday', 'birthday', [0, 0], birthday),
  detector('gender', 'gender', [0.62, 0], (value) =>
    /^(?:男|女|男性|女性|male|female)$/i.test(value)
      ? 'checked'
      : /^(?:[MFU]|[0129]|未知|未说明|unknown|other)$/i.test(value)
        ? 'form'
        : undefined,
  ),
  detector('age', 'age', [0, 0], (value) => (/^(?:1[01]\d|[1-9]?\d)$/.test(value) ? 'form' : undefined)),
];
