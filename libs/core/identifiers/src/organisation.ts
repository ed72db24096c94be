import { creditCodeCheck, mod97, organisationCheck } from './check-digits.js';
import { type Check, fault, valid } from './check.js';

/** 统一社会信用代码: GB 32100-2015, with the organisation code of GB 11714 inside it. */
export function creditCode(text: string): Check {
  if (text.length !== 18) return fault('length', 'It does not have 18 characters.', '不是18位。');
  if (!/^[1-9A-GNY][1-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text))
    return fault('characters', 'It has characters where the standard has none of them.', '含有标准不允许的字符。');
  if (creditCodeCheck(text.slice(0, 17)) !== text[17])
    return fault('check_digit', 'Its check character is wrong.', '校验码错误。');
  if (organisationCheck(text.slice(8, 16)) !== text[16])
    return fault('check_digit', 'The check character of its organisation code is wrong.', '组织机构代码的校验码错误。');
  return valid(text);
}

/** Legal entity identifier: ISO 17442. */
export function legalEntityIdentifier(text: string): Check {
  if (text.length !== 20) return fault('length', 'It does not have 20 characters.', '不是20位。');
  if (!/^[0-9A-Z]{18}\d{2}$/.test(text))
    return fault('characters', 'It is not 18 letters or digits and 2 digits.', '应为18位字母或数字加2位数字。');
  if (mod97(text) !== 1) return fault('check_digit', 'Its check digits are wrong.', '校验码错误。');
  return valid(text);
}
