import { luhn, mod97 } from './check-digits.js';
import { type Check, fault, valid } from './check.js';

/** A bank card's number: 13 to 19 digits with Luhn's digit at the end. */
export function bankCard(text: string): Check {
  if (!/^\d*$/.test(text)) return fault('characters', 'It has other characters than digits.', '含有非数字字符。');
  if (text.length < 13 || text.length > 19)
    return fault('length', 'It does not have 13 to 19 digits.', '不是13至19位。');
  // Zeros alone pass Luhn; no issuer has 0, 1 or 7. 9 is national use (9558…), 8 is UnionPay's 81.
  if (!/^(?:[34569]|2[2-7]|81)/.test(text))
    return fault('prefix', 'No issuer’s cards begin like that.', '没有发卡机构使用这样的开头。');
  if (!luhn(text)) return fault('check_digit', 'Its check digit is wrong.', '校验码错误。');
  return valid(text);
}

/** An international bank account number: ISO 13616. */
export function iban(text: string): Check {
  if (text.length < 15 || text.length > 34)
    return fault('length', 'It does not have 15 to 34 characters.', '不是15至34位。');
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]+$/.test(text))
    return fault(
      'characters',
      'It is not two letters, two digits and letters or digits.',
      '格式应为两位字母、两位数字加字母或数字。',
    );
  if (mod97(text.slice(4) + text.slice(0, 4)) !== 1)
    return fault('check_digit', 'Its check digits are wrong.', '校验码错误。');
  return valid(text);
}
