const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
/** Digits and letters without I, O, S, V, Z (GB 32100). */
export const CREDIT_CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

function weightedSum(text: string, weights: readonly number[], valueOf: (char: string) => number): number {
  return weights.reduce((sum, weight, at) => sum + weight * valueOf(text.charAt(at)), 0);
}

/** 居民身份证号 after GB 11643-1999: region (6), birth (8), sequence (3), ISO 7064 MOD 11-2 check. */
export function residentId(region: string, birth: string, sequence: number): string {
  const body = region + birth + String(sequence).padStart(3, '0');
  return body + '10X98765432'.charAt(weightedSum(body, RESIDENT_WEIGHTS, Number) % 11);
}

export function isResidentId(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  return residentId(text.slice(0, 6), text.slice(6, 14), Number(text.slice(14, 17))) === text;
}

/** 统一社会信用代码 after GB 32100-2015, with the organisation code of GB 11714 inside. */
export function creditCode(region: string, organisation: string): string {
  const org = organisation + organisationCheck(organisation);
  const body = `91${region}${org}`;
  const sum = [...body].reduce((total, char, at) => total + CREDIT_CODE_ALPHABET.indexOf(char) * (3 ** at % 31), 0);
  return body + CREDIT_CODE_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

function organisationCheck(body: string): string {
  const check = 11 - (weightedSum(body, ORGANISATION_WEIGHTS, (char) => parseInt(char, 36)) % 11);
  return check === 10 ? 'X' : check === 11 ? '0' : String(check);
}

export function isCreditCode(text: string): boolean {
  if (!/^91\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false;
  return creditCode(text.slice(2, 8), text.slice(8, 16)) === text;
}

/** A bank card number: the body and its Luhn digit. */
export function cardNumber(body: string): string {
  return body + String((10 - (luhnSum(`${body}0`) % 10)) % 10);
}

export function isCardNumber(text: string): boolean {
  return /^62\d{14,17}$/.test(text) && luhnSum(text) % 10 === 0;
}

function luhnSum(digits: string): number {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits.charAt(digits.length - 1 - at)) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum;
}
